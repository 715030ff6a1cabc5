// The lines of a list: the first page, further pages, and what the event stream brings.
import { computed, onScopeDispose, ref, shallowRef, watch, type Ref } from 'vue'
import { api } from '@/api/client'
import { isAborted } from '@/common/problem'
import { useFeed } from '@/live/feed'
import { asked, type Filter, type Scope } from './filter'
import { byState, merge, type Line, type StateCount } from './merge'

const PAGE = 100
/** As many as the server gives at a time. */
const MOST = 200
/** Time alone turns cases yellow and red: so often they are counted again. */
const RECOUNT = 60_000
/** Acts that follow one another closely are shown together. */
const GATHER = 700

export interface Counts {
  states: StateCount[]
  total: number
  red: number
  yellow: number
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
    const { total, states, colours } = await api.get('/api/v1/cases/counts', { query: asked(scope, rest), signal: given.signal })
    counts.value = { total, states: byState(states), red: colours.red, yellow: colours.yellow }
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
  // One that fails is made good by the next.
  const recount = setInterval(() => void count().catch(() => undefined), RECOUNT)
  onScopeDispose(() => {
    clearTimeout(due)
    clearInterval(recount)
    given.abort()
  })

  watch(filter, load, { immediate: true })
  const empty = computed(() => !loading.value && !error.value && lines.value.length === 0)
  return { lines, next, counts, loading, error, empty, load, more, renew }
}
