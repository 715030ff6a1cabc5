// The lines of a queue, and how much lies in each state.
import { computed, onScopeDispose, shallowRef, type Ref } from 'vue'
import { api } from '@/api/client'
import { asked, type Filter, type Scope } from './filter'
import { byState, type StateCount } from './merge'
import { useLines } from './useLines'

/** Time alone turns cases yellow and red: so often they are counted again. */
const RECOUNT = 60_000

export interface Counts {
  states: StateCount[]
  total: number
  red: number
  yellow: number
}

export function useQueue(scope: Scope, filter: Ref<Filter>, selected: Ref<string | undefined>) {
  const counts = shallowRef<Counts>()
  const query = computed(() => asked(scope, filter.value))

  async function count(signal?: AbortSignal): Promise<void> {
    if (scope !== 'mine') return
    const { state: _, ...rest } = filter.value
    const { total, states, colours } = await api.get('/api/v1/cases/counts', { query: asked(scope, rest), ...(signal ? { signal } : {}) })
    counts.value = { total, states: byState(states), red: colours.red, yellow: colours.yellow }
  }

  const queue = useLines({ query, selected, concerns: event => scope !== 'mine' || event.mine, after: count })
  // One that fails is made good by the next.
  const recount = setInterval(() => void count().catch(() => undefined), RECOUNT)
  onScopeDispose(() => clearInterval(recount))
  return { ...queue, counts }
}
