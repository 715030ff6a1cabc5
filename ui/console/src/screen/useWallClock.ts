// The time of the wall, by the second: the server's, in the county's zone, wherever this computer stands.
import { computed, onScopeDispose, ref, type ShallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Screen } from './screen'

const ZONE = 'Asia/Shanghai'
/** Milliseconds after which figures are called old. */
const OLD = 90_000

export function useWallClock(screen: ShallowRef<Screen | undefined>) {
  const { locale } = useI18n()
  const now = ref(Date.now())
  const ticking = setInterval(() => (now.value = Date.now()), 1000)
  onScopeDispose(() => clearInterval(ticking))

  const language = computed(() => (locale.value === 'en' ? 'en-GB' : locale.value))
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZone: ZONE })
  const day = computed(() => new Intl.DateTimeFormat(language.value, { dateStyle: 'full', timeZone: ZONE }))

  return {
    clock: computed(() => time.format(now.value)),
    today: computed(() => day.value.format(now.value)),
    asOf: computed(() => (screen.value ? time.format(Date.parse(screen.value.as_of)) : '')),
    old: computed(() => (screen.value ? now.value - Date.parse(screen.value.as_of) > OLD : false)),
    /** Hours and minutes of an instant. */
    at: (instant: string) => time.format(Date.parse(instant)),
  }
}
