// Units that the server suggests for a case, each with its reasons, the best first.
import { ref, shallowRef } from 'vue'
import { api } from '@/api/client'
import type { Suggestion } from '@/api/coming'

export function useSuggestions(id: string) {
  const units = shallowRef<Suggestion[]>([])
  const failed = ref(false)
  const asking = ref(true)

  async function ask() {
    failed.value = false
    asking.value = true
    try {
      units.value = (await api.get('/api/v1/cases/{id}/suggestions', { path: { id } })).units
    } catch {
      // A unit can be chosen without being suggested.
      failed.value = true
    }
    asking.value = false
  }

  void ask()
  return { units, failed, asking, ask }
}
