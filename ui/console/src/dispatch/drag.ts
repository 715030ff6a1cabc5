// A case that is being dragged, and where it may be let go: on a unit of the list, or on a cell of the map.
import { readonly, ref } from 'vue'

const held = ref<string>()

export const useHeld = () => readonly(held)

export function take(id: string): void {
  held.value = id
  // Wherever it is let go, the drag is over.
  document.addEventListener('dragend', () => (held.value = undefined), { once: true })
}

/** Handlers of something that takes a case: `v-on="target(…)"`. */
export function target(drop: (event: DragEvent) => void) {
  return {
    dragover: (event: DragEvent) => held.value && event.preventDefault(),
    drop: (event: DragEvent) => {
      event.preventDefault()
      if (held.value) drop(event)
    },
  }
}
