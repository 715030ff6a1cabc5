// Lines of cases: the first page, further pages, and what the event stream brings.
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { api } from '@/api/client'
import { isAborted } from '@/common/problem'
import { useFeed } from '@/live/feed'
import type { Happened } from '@/live/source'
import { merge, type Line } from './merge'

const PAGE = 100
/** As many as the server gives at a time. */
const MOST = 200
/** Acts that follow one another closely are shown together. */
const GATHER = 700

/** A filter in the words of `GET /cases`. */
export type Query = Record<string, string | boolean | undefined>

export interface Wish {
  /** What is listed; another query begins anew. */
  query: Ref<Query>
  selected: Ref<string | undefined>
  /** Whether an act elsewhere may bring a case into this list. */
  concerns: (event: Happened) => boolean
  /** Called after every reading. */
  after?: (signal: AbortSignal) => Promise<void>
}

export function useLines({ query, selected, concerns, after = async () => {} }: Wish) {
  const lines = shallowRef<Line[]>([])
  const next = ref<string>()
  const loading = ref(false)
  const error = shallowRef<unknown>()
  let given = new AbortController()

  async function ask(limit: number, from?: string) {
    return api.get('/api/v1/cases', { query: { ...query.value, limit, after: from }, signal: given.signal })
  }

  /** Begins anew: another filter, or the reader asks for it. */
  async function load(): Promise<void> {
    given.abort()
    given = new AbortController()
    const { signal } = given
    loading.value = true
    error.value = undefined
    try {
      const page = await ask(PAGE)
      lines.value = page.items
      next.value = page.next ?? undefined
      await after(signal)
    } catch (reason) {
      if (isAborted(reason)) return
      error.value = reason
    } finally {
      if (!signal.aborted) loading.value = false
    }
  }

  async function more(): Promise<void> {
    if (!next.value || loading.value) return
    loading.value = true
    try {
      const page = await ask(PAGE, next.value)
      lines.value = [...lines.value, ...page.items]
      next.value = page.next ?? undefined
    } catch (reason) {
      if (!isAborted(reason)) error.value = reason
    } finally {
      loading.value = false
    }
  }

  /** Reads again as many lines as are shown; whoever reads keeps his place. */
  async function renew(): Promise<void> {
    const wanted = Math.max(PAGE, lines.value.filter(it => !it.gone).length)
    const found: Line[] = []
    let from: string | undefined
    try {
      do {
        // One page after another: each begins where the one before ended.
        // oxlint-disable-next-line no-await-in-loop
        const page = await ask(Math.min(MOST, wanted - found.length), from)
        found.push(...page.items)
        from = page.next ?? undefined
      } while (from && found.length < wanted)
      lines.value = merge(lines.value, found, selected.value)
      next.value = from
      error.value = undefined
      await after(given.signal)
    } catch {
      // What is on the page stays; the sign of the stream says that it may be old.
    }
  }

  let due: ReturnType<typeof setTimeout> | undefined
  useFeed(event => {
    if (due || !(concerns(event) || lines.value.some(it => it.id === event.case))) return
    due = setTimeout(() => {
      due = undefined
      void renew()
    }, GATHER)
  })
  onScopeDispose(() => {
    clearTimeout(due)
    given.abort()
  })

  watch(query, load, { immediate: true })
  const empty = computed(() => !loading.value && !error.value && lines.value.length === 0)
  return { lines, next, loading, error, empty, load, more, renew }
}
