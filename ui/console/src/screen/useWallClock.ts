// The time of the wall, by the second: the server's, in the county's zone, wherever this computer stands.
import { computed, onScopeDispose, ref, watch, type ShallowRef } from 'vue'
import { useI18n } from 'vue-i18n'
import type { Screen } from './screen'

const ZONE = 'Asia/Shanghai'
/** Milliseconds after which figures are called old. */
const OLD = 90_000

export function useWallClock(screen: ShallowRef<Screen | undefined>) {
  const { locale } = useI18n()
  const now = ref(Date.now())
  /** When the figures came, and by how much this computer's clock is behind the server's then. */
  let [came, behind] = [Date.now(), 0]
  watch(screen, it => {
    came = Date.now()
    if (it) behind = Date.parse(it.as_of) - came
  })
  const ticking = setInterval(() => (now.value = Date.now()), 1000)
  onScopeDispose(() => clearInterval(ticking))

  const language = computed(() => (locale.value === 'en' ? 'en-GB' : locale.value))
  const time = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', hourCycle: 'h23', timeZone: ZONE })
  const day = computed(() => new Intl.DateTimeFormat(language.value, { dateStyle: 'full', timeZone: ZONE }))

  return {
    clock: computed(() => time.format(now.value + behind)),
    today: computed(() => day.value.format(now.value + behind)),
    asOf: computed(() => (screen.value ? time.format(Date.parse(screen.value.as_of)) : '')),
    old: computed(() => screen.value !== undefined && now.value - came > OLD),
    /** Hours and minutes of an instant. */
    at: (instant: string) => time.format(Date.parse(instant)),
  }
}
