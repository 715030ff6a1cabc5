// Alt and a letter lead to the field or button that names them in `aria-keyshortcuts`. (`accesskey` wants
// other keys in every browser, and the old ones keep some letters for themselves.)
import { onBeforeUnmount, onMounted } from 'vue'

export function useLetters(): void {
  function pressed(event: KeyboardEvent) {
    if (!event.altKey || event.ctrlKey || event.metaKey || !event.code.startsWith('Key')) return
    const target = document.querySelector<HTMLElement>(`[aria-keyshortcuts="Alt+${event.code.slice(3)}"]`)
    if (!target) return
    event.preventDefault()
    if (target instanceof HTMLButtonElement) target.click()
    else target.focus()
  }
  onMounted(() => document.addEventListener('keydown', pressed))
  onBeforeUnmount(() => document.removeEventListener('keydown', pressed))
}
