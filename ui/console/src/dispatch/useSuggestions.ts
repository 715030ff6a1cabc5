// What the server suggests for a case: units with their reasons, the best first, and matters.
import { ref, shallowRef } from 'vue'
import { api, type Schemas } from '@/api/client'

export function useSuggestions(id: string) {
  const units = shallowRef<Schemas['Suggestions']['units']>([])
  const matters = shallowRef<Schemas['Suggestions']['matters']>([])
  const failed = ref(false)
  const asking = ref(true)

  async function ask() {
    failed.value = false
    asking.value = true
    try {
      const found = await api.get('/api/v1/cases/{id}/suggestions', { path: { id } })
      units.value = found.units
      matters.value = found.matters
    } catch {
      // A unit can be chosen without being suggested.
      failed.value = true
    }
    asking.value = false
  }

  void ask()
  return { units, matters, failed, asking, ask }
}
