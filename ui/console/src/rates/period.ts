// Periods of local days, as people ask for them.
import { localDay } from '@/clock/clock'

export interface Period {
  from: string
  to: string
}

export const PRESETS = ['month', 'last_month', 'year', 'twelve', 'all'] as const
export type Preset = (typeof PRESETS)[number]

const DAY = 86_400_000

/** A local day as `YYYY-MM-DD`; months may run below 0 and above 11. */
const day = (year: number, month: number, date: number) => new Date(Date.UTC(year, month, date)).toISOString().slice(0, 10)

export function periodOf(preset: Preset, now: number): Period {
  const today = new Date(localDay(now) * DAY)
  const [year, month] = [today.getUTCFullYear(), today.getUTCMonth()]
  const to = today.toISOString().slice(0, 10)
  if (preset === 'month') return { from: day(year, month, 1), to }
  if (preset === 'last_month') return { from: day(year, month - 1, 1), to: day(year, month, 0) }
  if (preset === 'year') return { from: day(year, 0, 1), to }
  if (preset === 'twelve') return { from: day(year, month - 11, 1), to }
  return { from: '', to: '' }
}

export function presetOf(period: Period, now: number): Preset | undefined {
  return PRESETS.find(it => {
    const { from, to } = periodOf(it, now)
    return from === period.from && to === period.to
  })
}

/** Whether a text is a day that exists. */
export const isDay = (text: string): boolean =>
  /^\d{4}-\d{2}-\d{2}$/.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true

/** Whole months of a period, at most twelve, the last ones; the first and last may be cut by the period. */
export function monthsOf({ from, to }: Period, now: number): Period[] {
  const end = to || periodOf('month', now).to
  const [year = 0, month = 1] = end.split('-').map(Number)
  const months = Array.from({ length: 12 }, (_, at) => {
    const back = month - 1 - (11 - at)
    const last = day(year, back + 1, 0)
    return { from: day(year, back, 1), to: last < end ? last : end }
  })
  return months.filter(it => it.to >= from).map(it => ({ from: it.from > from ? it.from : from, to: it.to }))
}

/** Whether a period holds the months that it touches as a whole, as far as they have come. */
export function wholeMonths({ from, to }: Period, now: number): boolean {
  const begins = from === '' || from.endsWith('-01')
  const ends = to === '' || to >= periodOf('month', now).to || new Date(Date.parse(`${to}T00:00:00Z`) + DAY).getUTCDate() === 1
  return begins && ends
}
