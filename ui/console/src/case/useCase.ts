// A case with its history and what may be done with it, kept up to date by the event stream.
import { onScopeDispose, ref, shallowRef } from 'vue'
import { api, ApiError, type Schemas } from '@/api/client'
import { isAborted } from '@/common/problem'
import { useFeed } from '@/live/feed'

export type Case = Schemas['Case']
export type Action = Schemas['Action']

/** Whoever may read a case but never act on one (the audit administrator) has no actions. */
function none(reason: unknown): Action[] {
  if (reason instanceof ApiError && reason.status === 403) return []
  throw reason
}

export function useCase(id: string) {
  const found = shallowRef<Case>()
  const history = shallowRef<Schemas['Moment'][]>([])
  const actions = shallowRef<Action[]>([])
  const loading = ref(false)
  const error = shallowRef<unknown>()
  /** Somebody acted while a form is being filled in: the reader decides when to look. */
  const moved = ref(false)
  /** Whether a change elsewhere may be shown at once. */
  const busy = ref(false)
  let given = new AbortController()

  async function load(): Promise<void> {
    given.abort()
    given = new AbortController()
    const call = { path: { id }, signal: given.signal }
    loading.value = true
    error.value = undefined
    try {
      const [one, moments, may] = await Promise.all([
        api.get('/api/v1/cases/{id}', call),
        api.get('/api/v1/cases/{id}/history', call),
        api.get('/api/v1/cases/{id}/actions', call).catch(none),
      ])
      found.value = one
      history.value = moments
      actions.value = may
      moved.value = false
    } catch (reason) {
      if (isAborted(reason)) return
      error.value = reason
    }
    loading.value = false
  }

  useFeed(event => {
    if (event.case !== id || event.revision <= (found.value?.revision ?? 0)) return
    if (busy.value) moved.value = true
    else void load()
  })
  onScopeDispose(() => given.abort())

  void load()
  return { found, history, actions, loading, error, moved, busy, load }
}
