// The order in which the last list stood, so that a case can be left for its neighbour in that list.
import { readonly, shallowRef } from 'vue'
import type { Scope } from './filter'

const order = shallowRef<{ scope: Scope; ids: string[] }>({ scope: 'mine', ids: [] })

export const useOrder = () => readonly(order)

export function setOrder(scope: Scope, ids: string[]): void {
  order.value = { scope, ids }
}
