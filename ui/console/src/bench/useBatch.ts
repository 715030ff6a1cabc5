// The same kind of act on many cases, one after another. Each has its own key and revision; one that fails
// stays with the server's words, and the rest go on until somebody stops them.
import { computed, ref } from 'vue'
import { api, freshKey, Unreachable, type Schemas } from '@/api/client'
import { useProblems } from '@/common/problem'

export interface Job {
  id: string
  action: string
  body: Record<string, unknown>
  /** The revision that the summary showed. */
  revision: number
  key: string
  state: 'waiting' | 'sending' | 'done' | 'failed'
  /** Why it failed. */
  words: string
}

export const job = (id: string, action: string, body: Record<string, unknown>, revision: number): Job => ({
  id,
  action,
  body,
  revision,
  key: freshKey(),
  state: 'waiting',
  words: '',
})

export function useBatch(acted: (job: Job, answer: Schemas['Case']) => void) {
  const { tell } = useProblems()
  const jobs = ref<Job[]>([])
  const running = ref(false)
  let stopping = false

  const count = (state: Job['state']) => jobs.value.filter(it => it.state === state).length
  const told = computed(() => ({ all: jobs.value.length, done: count('done'), failed: count('failed'), left: count('waiting') }))

  async function send(one: Job): Promise<void> {
    one.state = 'sending'
    one.words = ''
    try {
      const { id, action, body } = one
      const headers = { 'if-match': String(one.revision), 'idempotency-key': one.key }
      const answer = await api.post('/api/v1/cases/{id}/actions/{action}', { path: { id, action }, body, headers })
      one.state = 'done'
      acted(one, answer)
    } catch (error) {
      one.words = tell(error).words
      // Without a server the others would only fail too: they wait, and so does this one, under the same key.
      one.state = error instanceof Unreachable ? 'waiting' : 'failed'
      stopping ||= error instanceof Unreachable
    }
  }

  /** Begins, or goes on where it was stopped. */
  async function run(): Promise<void> {
    if (running.value) return
    running.value = true
    stopping = false
    for (let one = next(); one && !stopping; one = next()) {
      // Whoever stops wants to know what is done: one at a time.
      // oxlint-disable-next-line no-await-in-loop
      await send(one)
    }
    running.value = false
  }

  const next = () => jobs.value.find(it => it.state === 'waiting')
  const stop = () => (stopping = true)
  return { jobs, running, told, run, stop }
}
