// The procedures of the pack, asked for once for their words.
import { computed, shallowRef } from 'vue'
import { api } from '@/api/client'
import type { Procedure } from './procedure'

const procedures = shallowRef<readonly Procedure[]>([])
let asking: Promise<void> | undefined

export function useActionTitles() {
  // Without titles an action is told by its id; the next page asks again.
  asking ??= api.get('/api/v1/procedures').then(
    found => {
      procedures.value = found
    },
    () => {
      asking = undefined
    },
  )
  const titles = computed(() => new Map(procedures.value.flatMap(it => it.actions.map(action => [action.id, action.title] as const)).reverse()))
  return (id: string): string => titles.value.get(id) ?? id
}
