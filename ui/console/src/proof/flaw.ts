// Why a proof does not convince: a word of `proof.flaws`, for the reader's language.
export const FLAWS = ['too_long', 'not_json', 'layout', 'spelling', 'key_form', 'key_type', 'key_point', 'key_id', 'note', 'unsigned',
  'forged', 'checkpoint', 'other_log', 'leaf', 'size', 'out_of_log', 'shrinks', 'length', 'root', 'entry'] as const
export type FlawName = (typeof FLAWS)[number]

export class Flaw extends Error {
  constructor(readonly flaw: FlawName) {
    super(flaw)
    this.name = 'Flaw'
  }
}

/** Goes on only when it holds. */
export function must(holds: boolean, flaw: FlawName): asserts holds {
  if (!holds) throw new Flaw(flaw)
}
