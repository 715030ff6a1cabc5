// What a report shows, put together from the three periods.
import { figureOf, RATES, type Figure, type RateName } from '@/rates/figure'
import type { Table } from '@/rates/useRates'
import { changeOfCount, changeOfShare, type Change } from './compare'
import type { Part, Report } from './useReport'

export interface RateLine {
  name: RateName
  now: Figure
  previous: Figure
  lastYear: Figure
  onPrevious: Change
  onLastYear: Change
}

export interface CountLine {
  key: string
  title: string
  now: number | null
  previous: number | null
  lastYear: number | null
  onPrevious: Change
  onLastYear: Change
  /** Rates of the present period. */
  rates: Partial<Record<RateName, Figure>>
}

export const HEADLINES = ['opened', 'closed', 'due', 'late', 'called', 'unsatisfied'] as const
export type Headline = (typeof HEADLINES)[number]

type Triple<T> = { now: T; previous: T; lastYear: T }
const known = (value: number | null | undefined) => value ?? null
const minus = (a: number | null, b: number | null) => (a === null || b === null ? null : a - b)

/** Counts of a whole period, read off the parts of its rates. */
function headlineOf({ rates }: Part, name: Headline): number | null {
  const part = (rate: RateName, of: keyof Figure) => known(rates[rate]?.[of])
  if (name === 'opened') {
    const [denominator, excluded] = [part('closed', 'denominator'), part('closed', 'excluded')]
    return denominator === null || excluded === null ? null : denominator + excluded
  }
  if (name === 'closed') return part('closed', 'numerator')
  if (name === 'due') return part('on_time', 'denominator')
  if (name === 'late') return minus(part('on_time', 'denominator'), part('on_time', 'numerator'))
  if (name === 'called') return part('response', 'denominator')
  return minus(part('satisfied', 'denominator'), part('satisfied', 'numerator'))
}

const three = <T>({ present, previous, lastYear }: Report, of: (part: Part) => T): Triple<T> => ({
  now: of(present),
  previous: of(previous),
  lastYear: of(lastYear),
})

/** Against a period without any case nothing is compared: perhaps the county had not begun. */
const against = (part: Part, change: Change): Change => (headlineOf(part, 'opened') === 0 ? { is: 'empty' } : change)

const counted = (report: Report, it: Triple<number | null>) => ({
  ...it,
  onPrevious: against(report.previous, changeOfCount(it.now, it.previous)),
  onLastYear: against(report.lastYear, changeOfCount(it.now, it.lastYear)),
})

export const headlines = (report: Report) => HEADLINES.map(name => ({ name, ...counted(report, three(report, part => headlineOf(part, name))) }))

export function rateLines(report: Report): RateLine[] {
  return RATES.filter(name => report.present.rates[name]).map(name => {
    const it = three(report, (part): Figure => part.rates[name] ?? {})
    const onPrevious = against(report.previous, changeOfShare(it.now, it.previous))
    const onLastYear = against(report.lastYear, changeOfShare(it.now, it.lastYear))
    return { name, ...it, onPrevious, onLastYear }
  })
}

/** Rows of any of the three periods, in the server's order; one without a row then had nothing. */
export function countLines(report: Report, by: Table): CountLine[] {
  const rows = [report.present, report.previous, report.lastYear].flatMap(it => it.tallies[by])
  const titles = new Map(rows.map(it => [it.key, it.title] as const).reverse())
  const keys = [...new Set(rows.map(it => it.key))]
  return keys.map(key => {
    const of = (part: Part) => part.tallies[by].find(it => it.key === key)?.counts
    const opened = three(report, part => (of(part) ? known(of(part)?.['opened']) : 0))
    const present = of(report.present) ?? {}
    const rates = Object.fromEntries(RATES.map(name => [name, figureOf(present, name)]))
    return { key, title: titles.get(key) ?? key, ...counted(report, opened), rates }
  })
}
