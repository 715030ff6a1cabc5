// A list that comes in pages.
import { onScopeDispose, ref, shallowRef } from 'vue'
import { isAborted } from './problem'

export interface Page<T> {
  items: readonly T[]
  next?: string | null
}

export function usePages<T>(ask: (after: string | undefined, signal: AbortSignal) => Promise<Page<T>>) {
  const items = shallowRef<readonly T[]>([])
  const next = ref<string>()
  const loading = ref(false)
  const error = shallowRef<unknown>()
  let given = new AbortController()

  async function fetchPage(after?: string) {
    given.abort()
    given = new AbortController()
    const { signal } = given
    loading.value = true
    error.value = undefined
    try {
      const page = await ask(after, signal)
      items.value = after ? [...items.value, ...page.items] : page.items
      next.value = page.next ?? undefined
    } catch (reason) {
      if (isAborted(reason)) return
      error.value = reason
      if (!after) items.value = []
    } finally {
      if (!signal.aborted) loading.value = false
    }
  }

  const load = () => fetchPage()
  const more = () => fetchPage(next.value)
  onScopeDispose(() => given.abort())
  void load()
  return { items, next, loading, error, load, more }
}
