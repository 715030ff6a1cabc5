// The lines of a list: the first page, further pages, and what the event stream brings.
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { api } from '@/api/client'
import { isAborted } from '@/common/problem'
import { useFeed } from '@/live/feed'
import { asked, type Filter, type Scope } from './filter'
import { countStates, merge, type Line, type StateCount } from './merge'

const PAGE = 100
/** As many as the server gives at a time, and as many as are counted. */
const MOST = 200
/** Acts that follow one another closely are shown together. */
const GATHER = 700

export interface Counts {
  states: StateCount[]
  /** The lines that were counted: how many are late depends on the moment. */
  lines: readonly Line[]
  total: number
  /** Whether there are more than were counted. */
  more: boolean
}

export function useQueue(scope: Scope, filter: Ref<Filter>, selected: Ref<string | undefined>) {
  const lines = shallowRef<Line[]>([])
  const next = ref<string>()
  const counts = shallowRef<Counts>()
  const loading = ref(false)
  const error = shallowRef<unknown>()
  let given = new AbortController()

  async function ask(query: ReturnType<typeof asked>, limit: number, after?: string) {
    return api.get('/api/v1/cases', { query: { ...query, limit, after }, signal: given.signal })
  }

  /** Begins anew: another filter, or the reader asks for it. */
  async function load(): Promise<void> {
    given.abort()
    given = new AbortController()
    const { signal } = given
    loading.value = true
    error.value = undefined
    try {
      const page = await ask(asked(scope, filter.value), PAGE)
      lines.value = page.items
      next.value = page.next ?? undefined
      await count()
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
      const page = await ask(asked(scope, filter.value), PAGE, next.value)
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
    let after: string | undefined
    try {
      do {
        // One page after another: each begins where the one before ended.
        // oxlint-disable-next-line no-await-in-loop
        const page = await ask(asked(scope, filter.value), Math.min(MOST, wanted - found.length), after)
        found.push(...page.items)
        after = page.next ?? undefined
      } while (after && found.length < wanted)
      lines.value = merge(lines.value, found, selected.value)
      next.value = after
      error.value = undefined
      await count()
    } catch {
      // What is on the page stays; the sign of the stream says that it may be old.
    }
  }

  async function count(): Promise<void> {
    if (scope !== 'mine') return
    const { state: _, ...rest } = filter.value
    const page = await ask(asked(scope, rest), MOST)
    counts.value = { lines: page.items, states: countStates(page.items), total: page.items.length, more: Boolean(page.next) }
  }

  let due: ReturnType<typeof setTimeout> | undefined
  useFeed(event => {
    const ours = event.mine || lines.value.some(it => it.id === event.case)
    if (due || (scope === 'mine' && !ours)) return
    due = setTimeout(() => {
      due = undefined
      void renew()
    }, GATHER)
  })
  onScopeDispose(() => {
    clearTimeout(due)
    given.abort()
  })

  watch(filter, load, { immediate: true })
  const empty = computed(() => !loading.value && !error.value && lines.value.length === 0)
  return { lines, next, counts, loading, error, empty, load, more, renew }
}
