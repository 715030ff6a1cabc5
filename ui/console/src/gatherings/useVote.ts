// Casting a vote: once for the same choice; a later one replaces it until the ballot closes.
import { ref } from 'vue'
import { api, ApiError, freshKey } from '@/api/client'
import { useProblems } from '@/common/problem'
import type { Gathering } from './gathering'

export function useVote() {
  const { tell } = useProblems()
  const sending = ref(false)
  const told = ref('')
  /** The ballot has closed meanwhile: what is seen is no longer so. */
  const over = ref(false)
  let last = { text: '', key: '' }

  async function vote(id: string, choice: string, household?: string): Promise<Gathering | undefined> {
    if (sending.value) return undefined
    sending.value = true
    told.value = ''
    const cast = { choice, ...(household ? { household } : {}) }
    const text = JSON.stringify([id, cast])
    if (last.text !== text) last = { text, key: freshKey() }
    try {
      const now = await api.post('/api/v1/gatherings/{id}/votes', { path: { id }, body: cast, headers: { 'idempotency-key': last.key } })
      // The same choice again, after another one, is another vote.
      last = { text: '', key: '' }
      return now
    } catch (error) {
      const { words, fields } = tell(error)
      told.value = Object.values(fields)[0] ?? words
      over.value = error instanceof ApiError && error.code === 'ballot_closed'
      return undefined
    } finally {
      sending.value = false
    }
  }

  return { vote, sending, told, over }
}
