// Lines come and go above what somebody reads. The selected line, or else the first one in sight,
// stays where it is on the screen.
import { onActivated, onDeactivated, onBeforeUpdate, onUpdated, ref, type Ref } from 'vue'
import type { Line } from './merge'

const rowOf = (id: string) => document.getElementById(`case-${id}`)

export function useAnchor(lines: Ref<readonly Line[]>, selected: Ref<string | undefined>): void {
  let anchor: { id: string; top: number } | undefined
  const shown = ref(true)
  onActivated(() => (shown.value = true))
  onDeactivated(() => (shown.value = false))

  function inSight(top: number): boolean {
    return top >= 0 && top < window.innerHeight
  }

  function find(): typeof anchor {
    const first = selected.value ? [selected.value] : []
    for (const id of [...first, ...lines.value.map(it => it.id)]) {
      const top = rowOf(id)?.getBoundingClientRect().top
      if (top !== undefined && inSight(top)) return { id, top }
    }
    return undefined
  }

  onBeforeUpdate(() => {
    // At the very top, what comes in above is what one wants to see.
    anchor = shown.value && (window.scrollY > 0 || selected.value) ? find() : undefined
  })
  onUpdated(() => {
    const top = anchor && rowOf(anchor.id)?.getBoundingClientRect().top
    if (anchor && top !== undefined && top !== anchor.top) window.scrollBy(0, top - anchor.top)
    anchor = undefined
  })
}
