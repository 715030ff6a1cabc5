// Reports as pages before this one kept them, in two lists of their own: taken over by the outbox under the
// same keys, so that nothing is lost with a new page and nothing sent twice.
import { drop, keep, kept } from '@/keep/keep'
import { outbox } from '@/outbox/box'
import type { State } from '@/outbox/item'
import type { Draft } from './draft'
import { sayingOf, type Arrived } from './send'

/** `tried`: it may have reached the server. `refused`: why that would not take it. */
type Waiting = Draft & { tried?: boolean; refused?: string }

export function takeOver(): void {
  each<Waiting>('waiting', ({ tried, refused, ...draft }) => outbox.adopt(sayingOf(draft), draft.key, stateOf(tried, refused)))
  each<Arrived>('arrived', it => outbox.adopt(...arrived(it)))
}

/** One after the other: what has been taken over is no longer in the list, whatever happens to the next. */
function each<T>(name: string, take: (it: T) => void): void {
  let left = kept<T[]>(name, [])
  for (const it of left) {
    take(it)
    left = left.slice(1)
    keep(name, left)
  }
  drop(name)
}

function stateOf(tried = false, refused = ''): State {
  if (refused) return { is: 'refused', at: Date.now(), problem: { code: 'refused', detail: refused } }
  return { is: 'waiting', tries: tried ? 1 : 0, after: 0 }
}

function arrived({ id, number, title, claim }: Arrived): Parameters<typeof outbox.adopt> {
  const nothing: Draft = { key: id, procedure: '', text: '', photos: [], asker: claim ? 'anonymous' : 'named', contact: '', step: 0 }
  const answer = { case: id, number, revision: 0, entry: '', ...(claim ? { claim } : {}) }
  return [{ ...sayingOf(nothing), title }, id, { is: 'sent', at: Date.now(), answer }]
}
