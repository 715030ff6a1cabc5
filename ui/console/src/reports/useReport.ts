// The figures of a week or month and of the two it is compared with, asked for together.
import { onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { api, type Schemas } from '@/api/client'
import { isAborted } from '@/common/problem'
import type { Period } from '@/rates/period'
import { TABLES, type Rates, type Table } from '@/rates/useRates'
import type { Span } from './span'

export interface Part {
  rates: Rates
  tallies: Record<Table, Schemas['Row'][]>
}

export interface Report {
  span: Span
  present: Part
  previous: Part
  lastYear: Part
}

/** Counts by matter and unit are kept by whole months: of a week they are those of the month it ends in. */
async function partOf(place: string, { from, to }: Period, signal: AbortSignal): Promise<Part> {
  const within = place || undefined
  const rates = api.get('/api/v1/rates', { query: { place: within, from, to }, signal })
  const tables = TABLES.map(by => {
    const query = { place: within, by, from: by === 'place' ? from : to, to }
    return api.get('/api/v1/tallies', { query, signal }).then(it => it.rows)
  })
  const [place_ = [], matter = [], unit = []] = await Promise.all(tables)
  return { rates: await rates, tallies: { place: place_, matter, unit } }
}

export function useReport(span: Ref<Span>, place: Ref<string>) {
  const report = shallowRef<Report>()
  const loading = ref(false)
  const error = shallowRef<unknown>()
  let given = new AbortController()

  async function load() {
    given.abort()
    given = new AbortController()
    const { signal } = given
    const asked = span.value
    loading.value = true
    error.value = undefined
    try {
      const periods = [asked.present, asked.previous, asked.lastYear] as const
      const [present, previous, lastYear] = await Promise.all(periods.map(it => partOf(place.value, it, signal)))
      if (present && previous && lastYear) report.value = { span: asked, present, previous, lastYear }
    } catch (reason) {
      if (!isAborted(reason)) error.value = reason
    } finally {
      if (!signal.aborted) loading.value = false
    }
  }

  watch([span, place], load, { immediate: true })
  onScopeDispose(() => given.abort())
  return { report, loading, error, load }
}
