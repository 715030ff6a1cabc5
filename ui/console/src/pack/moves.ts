// What would become of the county's cases under another version, in figures.
import type { Schemas } from '@/api/client'

export type Trial = Schemas['MovesTrial']
export type Count = Trial['counts'][number]
export type Difference = Trial['month']['differences'][number]

export interface Sums {
  can: number
  cannot: number
}

export const sumUp = (counts: readonly Count[]): Sums =>
  counts.reduce((sum, it) => ({ can: sum.can + it.can, cannot: sum.cannot + it.cannot }), { can: 0, cannot: 0 })

/** Where something cannot go stands first, then where the most can. */
export const gravestFirst = (counts: readonly Count[]): Count[] => [...counts].sort((a, b) => b.cannot - a.cannot || b.can - a.can)

/** Of the owners that cases were given, the share that would be the same, in percent with one decimal; none of nothing. */
export const sameShare = ({ owners, same }: Trial['month']): number | undefined => (owners > 0 ? Math.round((same / owners) * 1000) / 10 : undefined)

/** What a state is called, as the counts name it. */
export function stateTitle(trial: Trial, { procedure, state }: { procedure: string; state: string }): string {
  return trial.counts.find(it => it.procedure === procedure && it.state === state)?.state_title || state
}

/** Why cases stayed, the most frequent reason first. */
export const stayedBy = (stayed: Readonly<Record<string, number>>): { code: string; count: number }[] =>
  Object.entries(stayed)
    .map(([code, count]) => ({ code, count }))
    .sort((a, b) => b.count - a.count)
