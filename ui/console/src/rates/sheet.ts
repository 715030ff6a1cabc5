// What the page shows, as rows of a file: first what it is, then every table.
import type { Cell } from './csv'
import { figureOf, percent, RATES, type RateName } from './figure'
import { TABLES, type Figures } from './useRates'

export interface Said {
  t: (key: string) => string
  place: string
  period: string
  reader: string
  at: string
}

export function sheetOf({ rates, durations, tallies }: Figures, { t, place, period, reader, at }: Said): Cell[][] {
  const names = RATES.filter(it => rates[it])
  const head: Cell[][] = [
    [t('rates.sheet'), ''],
    [t('rates.place'), place],
    [t('rates.period'), period],
    [t('rates.as_of'), at],
    [t('rates.reader'), reader],
    [],
  ]
  const part = (name: RateName): Cell[] => {
    const rate = rates[name]
    if (!rate) return []
    return [t(`rates.names.${name}`), percent(rate) ?? '', rate.numerator, t(`rates.numerators.${name}`), rate.denominator,
      t(`rates.denominators.${name}`), rate.excluded, t(`rates.exclusions.${name}`)]
  }
  const titles = [t('rates.rate'), t('rates.value'), t('rates.numerator'), t('rates.counted'), t('rates.denominator'), t('rates.counted'),
    t('rates.excluded'), t('rates.counted')]
  const tables = TABLES.flatMap((by): Cell[][] => {
    const counts = [...new Set(tallies[by].flatMap(it => Object.keys(it.counts)))]
    return [
      [],
      [t(`rates.by.${by}`)],
      [t(`rates.of.${by}`), t('rates.code'), ...RATES.map(it => t(`rates.names.${it}`)), ...counts],
      ...tallies[by].map(row => [row.title, row.key, ...RATES.map(it => percent(figureOf(row.counts, it)) ?? ''), ...counts.map(it => row.counts[it])]),
    ]
  })
  return [
    ...head,
    titles,
    ...names.map(part),
    [],
    [t('rates.durations'), t('rates.days')],
    ...(['p50', 'p75', 'p90', 'p95', 'max'] as const).map(it => [t(`rates.quantiles.${it}`), durations[it]]),
    ...tables,
  ]
}
