// Doing an action: once, on the revision that was read, with the refusal kept for the form.
import { ref, shallowRef } from 'vue'
import { api, ApiError, freshKey, type Schemas } from '@/api/client'
import { useProblems, type Told } from '@/common/problem'

/** Answers that mean: what you see is no longer so. */
const STALE = new Set(['stale', 'wrong_state', 'ended'])

export function useAct() {
  const { tell } = useProblems()
  const acting = ref(false)
  const told = shallowRef<Told>()
  const stale = ref(false)
  // The same form sent again after a cut is the same act; another form is another one.
  let last = { text: '', key: '' }

  async function act(seen: Schemas['Case'], action: string, body: Record<string, unknown>): Promise<Schemas['Case'] | undefined> {
    acting.value = true
    told.value = undefined
    stale.value = false
    const text = JSON.stringify([seen.id, seen.revision, action, body])
    if (last.text !== text) last = { text, key: freshKey() }
    try {
      return await api.post('/api/v1/cases/{id}/actions/{action}', {
        path: { id: seen.id, action },
        body,
        headers: { 'if-match': String(seen.revision), 'idempotency-key': last.key },
      })
    } catch (error) {
      stale.value = error instanceof ApiError && STALE.has(error.code)
      told.value = tell(error)
      return undefined
    } finally {
      acting.value = false
    }
  }

  function forget() {
    told.value = undefined
    stale.value = false
  }

  return { act, acting, told, stale, forget }
}
