// A page's data: asked for when it is first shown and again when wished for.
import { ref, type Ref } from 'vue'
import { tell } from './problem'

export interface Load<T> {
  data: Ref<T | undefined>
  busy: Ref<boolean>
  /** Words for the reader; empty when all is well. What was loaded before stays in sight. */
  error: Ref<string>
  load: () => Promise<void>
}

export function useLoad<T>(ask: () => Promise<T>): Load<T> {
  const data = ref() as Ref<T | undefined>
  const busy = ref(false)
  const error = ref('')
  let asked = 0

  async function load() {
    const mine = (asked += 1)
    busy.value = true
    const answer = await ask().then(
      it => ({ it, words: '' }),
      (reason: unknown) => ({ it: undefined, words: tell(reason).words }),
    )
    // A later question has overtaken this one.
    if (mine !== asked) return
    if (!answer.words) data.value = answer.it
    error.value = answer.words
    busy.value = false
  }

  return { data, busy, error, load }
}
