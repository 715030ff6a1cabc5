// The words of clocks in the reader's language.
import { computed } from 'vue'
import { useI18n } from 'vue-i18n'
import { fullMoment, localDay, moment, stretch } from './clock'
import { useNow } from './now'

export function useClockWords() {
  const { t, te, locale } = useI18n()
  const now = useNow()

  function lasting(milliseconds: number): string {
    const { unit, days, hours, minutes } = stretch(milliseconds)
    if (unit === 'days') return hours ? t('clock.days_hours', { days, hours }) : t('clock.days', { days })
    if (unit === 'hours') return minutes ? t('clock.hours_minutes', { hours, minutes }) : t('clock.hours', { hours })
    return minutes ? t('clock.minutes', { minutes }) : t('clock.moment')
  }

  /** What is left, or by how much it is over. */
  function left(due: string): string {
    const milliseconds = Date.parse(due) - now.value
    return milliseconds > 0
      ? t('clock.left', { time: lasting(milliseconds) })
      : t('clock.over', { time: lasting(-milliseconds) })
  }

  /** An instant near today by the day's name. The last instant of a day is told as that day's end. */
  function near(at: string): string {
    const instant = Date.parse(at)
    const days = localDay(instant) - localDay(now.value)
    const text = moment(at, locale.value, now.value)
    const time = text.slice(-5)
    if (days === 0) return t('clock.today', { time })
    if (days === 1) return t('clock.tomorrow', { time })
    if (days === -1) return t('clock.yesterday', { time })
    return text
  }

  /** Why a clock stands; a reason that we have no words for says at least that it stands. */
  function reason(why: string | null | undefined): string {
    const key = `clock.waits.${why ?? 'other'}`
    return te(key) ? t(key) : t('clock.waits.other')
  }

  const full = (at: string) => fullMoment(at, locale.value)
  return { now: computed(() => now.value), lasting, left, near, reason, full }
}
