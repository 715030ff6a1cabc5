// Work that the server does in the background: begun here, looked at until it is over.
import { computed, onScopeDispose, ref, shallowRef } from 'vue'

const PACE = 1500

export interface Run {
  state: 'running' | 'done' | 'failed'
}

export function useRuns<T extends Run>(list: () => Promise<T[]>, start: () => Promise<unknown>) {
  const runs = shallowRef<T[]>()
  const error = shallowRef<unknown>()
  const starting = ref(false)
  const refused = shallowRef<unknown>()
  const running = computed(() => runs.value?.some(it => it.state === 'running') ?? false)
  let due: ReturnType<typeof setTimeout> | undefined
  let over = false

  async function load() {
    clearTimeout(due)
    try {
      runs.value = await list()
      error.value = undefined
    } catch (reason) {
      error.value = reason
    }
    if (running.value && !over) due = setTimeout(load, PACE)
  }

  async function begin() {
    starting.value = true
    refused.value = undefined
    try {
      await start()
    } catch (reason) {
      refused.value = reason
    } finally {
      starting.value = false
    }
    await load()
  }

  onScopeDispose(() => {
    over = true
    clearTimeout(due)
  })
  void load()
  return { runs, error, running, starting, refused, load, begin }
}
