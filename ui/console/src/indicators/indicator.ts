// What an indicator of the county's method counts, by place, and what of the whole lies in none of them.
import type { Schemas } from '@/api/client'
import { shareOf } from '@/rates/figure'

export type Indicator = Schemas['Indicator']
export type Count = Schemas['IndicatorCount']
type Row = Schemas['IndicatorRow']

export const COUNTS = ['numerator', 'denominator', 'excluded'] as const
export const COLUMNS = ['name', 'share', ...COUNTS] as const
export type Column = (typeof COLUMNS)[number]

/** What the whole counts and no row does: cases of places above the level of the rows. */
export function beyond({ whole, rows }: Pick<Indicator, 'whole' | 'rows'>): Count | undefined {
  const rest = (name: (typeof COUNTS)[number]) => rows.reduce((left, it) => left - it.count[name], whole[name])
  const count = { numerator: rest('numerator'), denominator: rest('denominator'), excluded: rest('excluded') }
  return rows.length > 0 && COUNTS.some(it => count[it] > 0) ? count : undefined
}

/** In the order of a column; a share of nothing weighs less than any. */
export function inOrder(rows: readonly Row[], column: Column, down: boolean, locale: string): Row[] {
  const way = down ? -1 : 1
  if (column === 'name') return [...rows].sort((a, b) => way * a.name.localeCompare(b.name, locale))
  const weight = ({ count }: Row) => (column === 'share' ? (shareOf(count) ?? -1) : count[column])
  return [...rows].sort((a, b) => way * (weight(a) - weight(b)))
}
