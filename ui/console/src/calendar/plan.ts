// A year's notice of holidays and adjusted workdays, as the server takes it.
import { isDay } from '@/rates/period'

export interface Plan {
  year: number
  /** Days off that the week would make workdays. */
  off: string[]
  /** Days of the weekend that are worked. */
  work: string[]
}

export interface Day {
  day: string
  /** Day of the month. */
  date: number
  weekend: boolean
}

const DAY = 86_400_000
const text = (at: number) => new Date(at).toISOString().slice(0, 10)
const isWeekend = (day: string) => [0, 6].includes(new Date(`${day}T00:00:00Z`).getUTCDay())

/** The months of a year, each in weeks that begin on Monday; a place without a day is undefined. */
export function monthsOf(year: number): (Day | undefined)[][] {
  return Array.from({ length: 12 }, (_, month) => {
    const first = Date.UTC(year, month, 1)
    const count = Math.round((Date.UTC(year, month + 1, 1) - first) / DAY)
    const before = (new Date(first).getUTCDay() + 6) % 7
    const days = Array.from({ length: count }, (_, at) => {
      const day = text(first + at * DAY)
      return { day, date: at + 1, weekend: isWeekend(day) }
    })
    return [...Array.from({ length: before }, () => undefined), ...days]
  })
}

export const isWorked = (plan: Plan, { day, weekend }: Day): boolean => (weekend ? plan.work.includes(day) : !plan.off.includes(day))

/** The plan with a day the other way round. */
export function turned(plan: Plan, { day, weekend }: Day): Plan {
  const turn = (days: string[]) => (days.includes(day) ? days.filter(it => it !== day) : [...days, day].sort())
  return weekend ? { ...plan, work: turn(plan.work) } : { ...plan, off: turn(plan.off) }
}

export const workdays = (plan: Plan): number => monthsOf(plan.year).flat().filter(it => it && isWorked(plan, it)).length

/** Reads a notice; nothing when it is none. Weekend days among those off say nothing new and are left out. */
export function readPlan(source: string): Plan | undefined {
  try {
    const read = JSON.parse(source) as Partial<Record<keyof Plan, unknown>>
    const days = (value: unknown) => (Array.isArray(value) && value.every(it => typeof it === 'string' && isDay(it)) ? (value as string[]) : undefined)
    const [year, off, work] = [read.year, days(read.off), days(read.work)]
    if (!Number.isInteger(year) || !off || !work) return undefined
    // A notice also names the last days of the year before.
    const within = [...off, ...work].every(it => Math.abs(Number(it.slice(0, 4)) - (year as number)) <= 1)
    if (!within || !work.every(isWeekend)) return undefined
    return { year: year as number, off: off.filter(it => !isWeekend(it)).sort(), work: [...work].sort() }
  } catch {
    return undefined
  }
}

/** The last days of December: the next year's notice may have said what they are. */
export const isTurn = (day: string): boolean => day.slice(5) >= '12-25'

export const samePlan = (a: Plan, b: Plan): boolean => JSON.stringify([a.year, a.off, a.work]) === JSON.stringify([b.year, b.off, b.work])
