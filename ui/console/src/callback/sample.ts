// Which of the answered cases are called. The same cases give the same sample, on every computer: chance is
// not asked, each case's id is. Every unit gives its share, at least one.
export const SHARES = [100, 30, 10] as const
export type Share = (typeof SHARES)[number]

export interface Candidate {
  id: string
  unit: string
}

/** FNV-1a: a number without order among ids that follow one another. */
export function rank(id: string): number {
  let hash = 0x811c9dc5
  for (let at = 0; at < id.length; at += 1) hash = Math.imul(hash ^ id.charCodeAt(at), 0x01000193) >>> 0
  return hash
}

/** Ids of the sample. */
export function draw(candidates: readonly Candidate[], share: Share): string[] {
  const strata = new Map<string, string[]>()
  for (const { id, unit } of candidates) strata.set(unit, [...(strata.get(unit) ?? []), id])
  return [...strata.values()].flatMap(ids => {
    const sorted = [...ids].sort((a, b) => rank(a) - rank(b) || a.localeCompare(b))
    return sorted.slice(0, Math.ceil((ids.length * share) / 100))
  })
}
