// Sends a call: as a request of its own, or joined to one that is open. The same words sent again after a
// cut are the same request.
import { ref, shallowRef } from 'vue'
import { api, freshKey, type Schemas } from '@/api/client'
import { useProblems, type Told } from '@/common/problem'
import { fieldOf, joinOf, requestOf, type Call } from './call'

export function useTaking() {
  const { tell } = useProblems()
  const sending = ref(false)
  const told = shallowRef<Told>()
  const taken = shallowRef<Schemas['Case']>()
  let last = { text: '', key: '' }

  /** The key by which a repetition is known. */
  function keyOf(text: string): string {
    if (last.text !== text) last = { text, key: freshKey() }
    return last.key
  }

  async function once(send: () => Promise<Schemas['Case']>): Promise<boolean> {
    if (sending.value) return false
    sending.value = true
    told.value = undefined
    try {
      taken.value = await send()
      last = { text: '', key: '' }
      return true
    } catch (error) {
      const { fields, ...rest } = tell(error)
      told.value = { ...rest, fields: Object.fromEntries(Object.entries(fields).map(([field, words]) => [fieldOf(field), words])) }
      return false
    } finally {
      sending.value = false
    }
  }

  function open(call: Call, words: string): Promise<boolean> {
    const body = requestOf(call, words)
    const headers = { 'idempotency-key': keyOf(JSON.stringify(body)) }
    return once(() => api.post('/api/v1/cases', { body, headers }))
  }

  function join(id: string, call: Call, words: string): Promise<boolean> {
    const body = joinOf(call, words)
    const headers = { 'idempotency-key': keyOf(JSON.stringify([id, body])) }
    return once(() => api.post('/api/v1/cases/{id}/join', { path: { id }, body, headers }))
  }

  return { sending, told, taken, open, join }
}
