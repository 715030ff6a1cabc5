// One thing that the server is asked for. A later question ends an earlier one, so that no answer overtakes another;
// what was found stays while it is asked for again.
import { computed, onScopeDispose, ref, shallowRef } from 'vue'
import { ApiError } from '@/api/client'
import { isAborted } from './problem'

export function useLook<T>(ask: (signal: AbortSignal) => Promise<T>) {
  const found = shallowRef<T>()
  const loading = ref(false)
  const error = shallowRef<unknown>()
  let given = new AbortController()

  async function load(): Promise<void> {
    given.abort()
    given = new AbortController()
    const { signal } = given
    loading.value = true
    error.value = undefined
    try {
      const answer = await ask(signal)
      // A transport that cannot end a call answers all the same.
      if (!signal.aborted) found.value = answer
    } catch (reason) {
      if (!signal.aborted && !isAborted(reason)) error.value = reason
    }
    if (!signal.aborted) loading.value = false
  }

  onScopeDispose(() => given.abort())
  /** Whether there is no such thing, or not for this post. */
  const gone = computed(() => error.value instanceof ApiError && error.value.status === 404)
  return { found, loading, error, gone, load }
}
