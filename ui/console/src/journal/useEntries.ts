// Entries that answer a search. The server looks through a stretch of the log at a time, so that a page may
// come back empty though there is more: go on until there is something to show.
import { onScopeDispose, ref, shallowRef } from 'vue'
import { api, type Schemas } from '@/api/client'
import { isAborted } from '@/common/problem'

export type Entry = Schemas['Entry']

export interface Sought {
  kind?: string
  person?: string
  subject?: string
  from?: string
  to?: string
}

const PAGE = 50
/** So many stretches are looked through before the reader is asked whether to go on. */
const STRETCHES = 12

export function useEntries() {
  const entries = shallowRef<readonly Entry[]>([])
  const next = ref<number>()
  const loading = ref(false)
  const error = shallowRef<unknown>()
  let sought: Sought = {}
  let given = new AbortController()

  function find(what: Sought) {
    sought = what
    entries.value = []
    next.value = undefined
    return goOn()
  }

  async function goOn() {
    given.abort()
    given = new AbortController()
    const { signal } = given
    const wanted = entries.value.length + PAGE
    loading.value = true
    error.value = undefined
    try {
      for (let at = 0; at < STRETCHES && entries.value.length < wanted; at += 1) {
        // Each stretch begins where the one before ended.
        // oxlint-disable-next-line no-await-in-loop
        const page = await api.get('/api/v1/journal/entries', { query: { ...sought, after: next.value, limit: PAGE }, signal })
        entries.value = [...entries.value, ...page.items]
        next.value = page.next ?? undefined
        if (next.value === undefined) break
      }
    } catch (reason) {
      if (!isAborted(reason)) error.value = reason
    } finally {
      if (!signal.aborted) loading.value = false
    }
  }

  onScopeDispose(() => given.abort())
  return { entries, next, loading, error, find, goOn }
}
