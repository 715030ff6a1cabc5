// The weeks and months of reports, and what each is compared with. Days are local, as `YYYY-MM-DD`.
import { localDay } from '@/clock/clock'
import type { Period } from '@/rates/period'

export const KINDS = ['week', 'month'] as const
export type Kind = (typeof KINDS)[number]

/** A week or month, cut at today while it runs, with the equally long beginnings of those it is compared with. */
export interface Span {
  kind: Kind
  present: Period
  previous: Period
  lastYear: Period
  /** Whether it is not over yet. */
  running: boolean
  /** Whole days of it, as far as it went. */
  days: number
}

const DAY = 86_400_000
/** A year of whole weeks, so that weekdays face the same weekdays. */
const YEAR_OF_WEEKS = 364

const text = (at: number) => new Date(at).toISOString().slice(0, 10)
const instant = (day: string) => Date.parse(`${day}T00:00:00Z`)
const shifted = (day: string, days: number) => text(instant(day) + days * DAY)
export const todayOf = (now: number): string => text(localDay(now) * DAY)

/** The first day of the week or month that holds a day, so many weeks or months later. */
export function beginOf(kind: Kind, day: string, later = 0): string {
  const at = new Date(instant(day))
  if (kind === 'week') return shifted(day, -((at.getUTCDay() + 6) % 7) + later * 7)
  return text(Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + later, 1))
}

const lastOf = (kind: Kind, begin: string) => shifted(beginOf(kind, begin, 1), -1)

export function spanOf(kind: Kind, day: string, now: number): Span {
  const from = beginOf(kind, day)
  const whole = lastOf(kind, from)
  const today = todayOf(now)
  const running = today <= whole
  const to = running && today >= from ? today : whole
  const days = (instant(to) - instant(from)) / DAY + 1
  const year = kind === 'week' ? shifted(from, -YEAR_OF_WEEKS) : beginOf('month', from, -12)
  const other = (begin: string): Period => {
    const end = lastOf(kind, begin)
    const cut = shifted(begin, days - 1)
    return { from: begin, to: running && cut < end ? cut : end }
  }
  return { kind, present: { from, to }, previous: other(beginOf(kind, from, -1)), lastYear: other(year), running, days }
}

/** The number of a week (ISO 8601) with the year it belongs to. */
export function weekOf(day: string): { year: number; week: number } {
  const thursday = shifted(beginOf('week', day), 3)
  const year = Number(thursday.slice(0, 4))
  return { year, week: Math.floor((instant(thursday) - Date.UTC(year, 0, 1)) / DAY / 7) + 1 }
}
