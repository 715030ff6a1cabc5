// The figures of the screen: asked for when something happens, at most once a second; after a cut; and
// once a minute, for what no event tells (a day that ends, a clock that runs out).
import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import { api } from '@/api/client'
import { isAborted } from '@/common/problem'
import { useFeed, useHealth } from '@/live/feed'
import type { Screen } from './screen'

const SECOND = 1000
const MINUTE = 60_000

export interface Asked {
  place: string
  level: string
}

export function useScreen(asked: () => Asked) {
  const screen = shallowRef<Screen>()
  const loading = ref(false)
  const error = shallowRef<unknown>()
  const health = useHealth()
  let given = new AbortController()
  let due: ReturnType<typeof setTimeout> | undefined
  let last = 0
  let again = false

  async function load(): Promise<void> {
    clearTimeout(due)
    due = undefined
    if (loading.value) return void (again = true)
    loading.value = true
    last = Date.now()
    again = false
    const { signal } = given
    try {
      const { place, level } = asked()
      const query = { ...(place ? { place } : {}), ...(level ? { level: Number(level) } : {}) }
      const found = await api.get('/api/v1/screen', { query, signal })
      if (signal.aborted) return
      screen.value = found
      error.value = undefined
    } catch (reason) {
      // Another place was asked for meanwhile; that call tells for itself.
      if (isAborted(reason)) return
      error.value = reason
    }
    loading.value = false
    if (again) soon()
  }

  /** Now, or a second after the last time. */
  function soon() {
    due ??= setTimeout(load, Math.max(0, last + SECOND - Date.now()))
  }

  function anew() {
    given.abort()
    given = new AbortController()
    loading.value = false
    void load()
  }

  useFeed(soon)
  watch(health, (now, before) => {
    if (now === 'live' && before !== 'live') soon()
  })
  watch(() => Object.values(asked()).join(), anew, { immediate: true })
  const minutely = setInterval(soon, MINUTE)
  onScopeDispose(() => {
    clearInterval(minutely)
    clearTimeout(due)
    given.abort()
  })

  return { screen, loading, error, load }
}
