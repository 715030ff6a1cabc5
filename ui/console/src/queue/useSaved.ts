// Filters kept by name, each person's own, in this browser.
import { ref } from 'vue'
import { keep, kept } from '@/common/keep'
import { useSession } from '@/session/session'
import type { Scope } from './filter'

export interface Saved {
  name: string
  query: Record<string, string>
}

export function useSaved(scope: Scope) {
  const place = `filters.${scope}.${useSession().me?.person ?? ''}`
  const saved = ref(kept<Saved[]>(place, []))

  /** Keeps a filter; one of the same name gives way. */
  function save(name: string, query: Record<string, string>) {
    saved.value = [...saved.value.filter(it => it.name !== name), { name, query }]
    keep(place, saved.value)
  }

  function drop(name: string) {
    saved.value = saved.value.filter(it => it.name !== name)
    keep(place, saved.value)
  }

  return { saved, save, drop }
}
