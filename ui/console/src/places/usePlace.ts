// What there is in a place: its census, its posts and who holds them, who serves it, its open cases.
import { onScopeDispose, ref, shallowRef } from 'vue'
import { api, ApiError, type Schemas } from '@/api/client'
import { isAborted } from '@/common/problem'
import { useSession } from '@/session/session'
import { levelTitles, type Place } from './look'

/** So many open cases are counted; beyond, one says "more". */
export const COUNTED = 100

export interface Inside {
  census: Schemas['Census']
  posts: Schemas['Post'][]
  people: Schemas['ServicePerson'][]
  titles: Map<string, string>
  open?: { items: Schemas['Line'][]; more: boolean }
}

/** What this post may not see is left out; anything else is a failure. */
function hidden<T>(otherwise: T) {
  return (reason: unknown): T => {
    if (reason instanceof ApiError && reason.status === 403) return otherwise
    throw reason
  }
}

export function usePlace(place: Place) {
  const may = useSession().me?.may ?? []
  const inside = shallowRef<Inside>()
  const loading = ref(false)
  const error = shallowRef<unknown>()
  const given = new AbortController()
  const { signal } = given

  async function load() {
    const { code } = place
    loading.value = true
    error.value = undefined
    try {
      const [census, posts, titles, open, people] = await Promise.all([
        api.get('/api/v1/places/{code}/census', { path: { code }, signal }),
        api.get('/api/v1/posts', { query: { place: code }, signal }).catch(hidden([])),
        levelTitles(),
        may.includes('list_cases') ? api.get('/api/v1/cases', { query: { place: code, open: true, limit: COUNTED }, signal }).catch(hidden(undefined)) : undefined,
        // Whoever serves an address serves the narrowest place; wider ones have posts.
        place.children > 0 ? [] : api.get('/api/v1/places/{code}/service-people', { path: { code }, signal }).catch(hidden([])),
      ])
      // Posts of the units that have their seat here are no posts of the place.
      const own = posts.filter(it => it.place?.code === code)
      inside.value = { census, posts: own, people, titles, ...(open ? { open: { items: open.items, more: Boolean(open.next) } } : {}) }
    } catch (reason) {
      if (isAborted(reason)) return
      error.value = reason
    }
    loading.value = false
  }

  onScopeDispose(() => given.abort())
  void load()
  return { inside, loading, error, load }
}
