// The figures of a place and period, asked for together, and those of its months.
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { api, type Schemas } from '@/api/client'
import { isAborted } from '@/common/problem'
import { monthsOf, type Period } from './period'

export type Rates = Record<string, Schemas['Rate']>
export const TABLES = ['place', 'matter', 'unit'] as const
export type Table = (typeof TABLES)[number]

export interface Asked extends Period {
  place: string
}

export interface Figures {
  rates: Rates
  durations: Schemas['Durations']
  tallies: Record<Table, Schemas['Row'][]>
}

export interface Month {
  month: string
  rates: Rates
}

export function useRates(asked: Ref<Asked>) {
  const figures = shallowRef<Figures>()
  const months = shallowRef<Month[]>([])
  const loading = ref(false)
  const error = shallowRef<unknown>()
  let given = new AbortController()

  async function load() {
    given.abort()
    given = new AbortController()
    const { signal } = given
    const { place, from, to } = asked.value
    const query = { place: place || undefined, from: from || undefined, to: to || undefined }
    loading.value = true
    error.value = undefined
    try {
      const table = (by: Table) => api.get('/api/v1/tallies', { query: { ...query, by }, signal }).then(it => it.rows)
      const [rates, durations, byPlace, byMatter, byUnit] = await Promise.all([
        api.get('/api/v1/rates', { query, signal }),
        api.get('/api/v1/durations', { query, signal }),
        table('place'),
        table('matter'),
        table('unit'),
      ])
      figures.value = { rates, durations, tallies: { place: byPlace, matter: byMatter, unit: byUnit } }
      loading.value = false
      await follow(query.place, signal)
    } catch (reason) {
      if (isAborted(reason)) return
      error.value = reason
      loading.value = false
    }
  }

  /** The months come after the figures: nobody waits for them. */
  async function follow(place: string | undefined, signal: AbortSignal) {
    const within = monthsOf(asked.value, Date.now())
    // One month shows no change: the year that ends with it does.
    const parts = within.length > 1 ? within : monthsOf({ from: '', to: asked.value.to }, Date.now())
    const found = await Promise.all(parts.map(it => api.get('/api/v1/rates', { query: { place, ...it }, signal }))).catch(() => [])
    if (!signal.aborted) months.value = found.map((rates, at) => ({ month: parts[at]?.from.slice(0, 7) ?? '', rates }))
  }

  watch(asked, load, { immediate: true })
  onScopeDispose(() => given.abort())

  return { figures, months, loading, error, load }
}
