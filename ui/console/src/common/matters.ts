// Titles of matters, asked for once.
import { computed, shallowRef } from 'vue'
import { api, type Schemas } from '@/api/client'

type Matter = Schemas['Matter']

const matters = shallowRef<readonly Matter[]>([])
let asking: Promise<void> | undefined

export function useMatters() {
  // Without titles a list still works: failing is no reason to stop, and the next page asks again.
  asking ??= api.get('/api/v1/matters').then(
    found => {
      matters.value = found
    },
    () => {
      asking = undefined
    },
  )
  const titles = computed(() => new Map(matters.value.map(it => [it.id, it.title])))
  return { matters, titleOf: (id: string | null | undefined) => (id ? (titles.value.get(id) ?? '') : '') }
}
