// What the text of a call points to while it is being written: matters, and open requests like it.
import { onScopeDispose, ref, shallowRef, watch } from 'vue'
import { api, type Schemas } from '@/api/client'
import type { Call } from './call'

const PAUSE = 450
/** Fewer characters say nothing yet. */
const ENOUGH = 4
/** The words travel in the address: no more of them than a comparison needs. */
const MOST = 300

export function useHints(call: Call) {
  const matters = shallowRef<Schemas['Matter'][]>([])
  const similar = shallowRef<Schemas['Similar'][]>([])
  /** Not having read is not the same as there being none. */
  const failed = ref(false)
  let due: ReturnType<typeof setTimeout> | undefined
  let given = new AbortController()

  // Hints are a help, not the work: without them a call is taken all the same.
  async function look(text: string) {
    given.abort()
    given = new AbortController()
    const { signal } = given
    let broken = false
    const found = <T>(asked: Promise<T[]>): Promise<T[]> =>
      asked.catch(() => {
        broken = true
        return []
      })
    const [some, alike] = await Promise.all([
      found(api.get('/api/v1/matters', { query: { text }, signal })),
      call.place ? found(api.get('/api/v1/cases/similar', { query: { place: call.place, text }, signal })) : [],
    ])
    if (signal.aborted) return
    failed.value = broken
    matters.value = some.slice(0, 3)
    similar.value = alike.slice(0, 5)
  }

  watch(
    () => [`${call.title} ${call.body}`.trim().slice(0, MOST), call.place] as const,
    ([text]) => {
      clearTimeout(due)
      if (text.length >= ENOUGH) due = setTimeout(() => look(text), PAUSE)
      else [matters.value, similar.value] = [[], []]
    },
    { immediate: true },
  )
  onScopeDispose(() => {
    clearTimeout(due)
    given.abort()
  })

  return { matters, similar, failed }
}
