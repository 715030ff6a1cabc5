// Something done by a press: busy meanwhile, and words when it failed.
import { ref, type Ref } from 'vue'
import { tell } from './problem'

export interface Act {
  busy: Ref<boolean>
  /** Words for the reader; empty when all is well. */
  error: Ref<string>
  /** Words for single fields of the form that was sent. */
  fields: Ref<Record<string, string>>
  /** Does it, unless it is being done already; whether it worked. */
  run: (deed: () => Promise<unknown>) => Promise<boolean>
}

export function useAct(): Act {
  const busy = ref(false)
  const error = ref('')
  const fields = ref<Record<string, string>>({})

  async function run(deed: () => Promise<unknown>): Promise<boolean> {
    if (busy.value) return false
    busy.value = true
    error.value = ''
    fields.value = {}
    const failure = await deed().then(() => undefined, tell)
    error.value = failure?.words ?? ''
    fields.value = failure?.fields ?? {}
    busy.value = false
    return !failure
  }

  return { busy, error, fields, run }
}
