// Which place and period a page of figures is asked for: the address holds them, so that it can be kept and sent.
import { computed, ref, shallowRef, watch } from 'vue'
import { useI18n } from 'vue-i18n'
import { useRoute, useRouter } from 'vue-router'
import { api } from '@/api/client'
import { isDay, periodOf, type Period, type Preset } from './period'
import type { Asked } from './useRates'

/** `usual` is the period of an address that names none. */
export function useAsked(page: string, usual: Preset = 'all') {
  const { t } = useI18n()
  const route = useRoute()
  const router = useRouter()

  function read(): Asked {
    const text = (name: string) => (typeof route.query[name] === 'string' ? (route.query[name] as string) : '')
    const day = (name: string) => (isDay(text(name)) ? text(name) : '')
    const named: Period = { from: day('from'), to: day('to') }
    return { place: text('place'), ...(named.from || named.to ? named : periodOf(usual, Date.now())) }
  }
  const asked = shallowRef(read())
  watch(
    () => route.query,
    () => route.name === page && (asked.value = read()),
  )

  function ask(change: Partial<Asked>) {
    const query = Object.fromEntries(Object.entries({ ...asked.value, ...change }).filter(([, value]) => value))
    void router.replace({ name: page, query })
  }

  /** The name of the place; the root's where none is named. */
  const title = ref('')
  watch(
    () => asked.value.place,
    async code => {
      title.value = ''
      const found = await (code ? api.get('/api/v1/places/{code}', { path: { code } }) : api.get('/api/v1/places').then(it => it[0])).catch(() => undefined)
      if (code === asked.value.place) title.value = found?.name ?? code
    },
    { immediate: true },
  )

  const period = computed(() => {
    const { from, to } = asked.value
    return from || to ? t('rates.from_to', { from: from || t('rates.begin'), to: to || t('rates.today') }) : t('rates.presets.all')
  })

  return { asked, ask, title, period }
}
