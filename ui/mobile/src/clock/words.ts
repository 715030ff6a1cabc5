// Days and times as people say them, in the county's time. Mini programs know no time zones: China's
// clock is eight hours before UTC all year.
import { t } from '@/locale'

const HOUR = 3_600_000
const DAY = 24 * HOUR

const local = (at: string | number) => new Date((typeof at === 'string' ? Date.parse(at) : at) + 8 * HOUR)
const dayNumber = (it: Date) => Math.floor(it.getTime() / DAY)
const two = (n: number) => String(n).padStart(2, '0')

/** 今天, 昨天, 明天, else the date; with its year when that is another one. */
export function dayWords(at: string, now = Date.now()): string {
  const [it, today] = [local(at), local(now)]
  const away = dayNumber(it) - dayNumber(today)
  if (away === 0) return t('clock.today')
  if (away === -1) return t('clock.yesterday')
  if (away === 1) return t('clock.tomorrow')
  const [year, month, day] = [it.getUTCFullYear(), it.getUTCMonth() + 1, it.getUTCDate()]
  return year === today.getUTCFullYear() ? t('clock.day', { month, day }) : t('clock.year_day', { year, month, day })
}

/** The day with the time; the last instant of a day is that day's end, and needs none. */
export function momentWords(at: string, now = Date.now()): string {
  const it = local(at)
  const [hours, minutes] = [it.getUTCHours(), it.getUTCMinutes()]
  if (hours === 23 && minutes === 59) return dayWords(at, now)
  return t('clock.moment', { day: dayWords(at, now), time: `${two(hours)}:${two(minutes)}` })
}

/** Why a clock stands; a reason that we have no words for says at least that it stands. */
export function waitWords(reason: string | null | undefined): string {
  if (reason === 'asker') return t('clock.waits_asker')
  return reason === 'conditions' ? t('clock.waits_conditions') : t('clock.waits_other')
}
