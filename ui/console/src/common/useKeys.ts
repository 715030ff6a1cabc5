// Single keys as shortcuts. They rest while somebody types, while a dialog is open, and for whoever
// has switched them off.
import { onActivated, onBeforeUnmount, onDeactivated, onMounted } from 'vue'
import { usePreferences } from '@/shell/preferences'

const TYPING = 'input, textarea, select, [contenteditable="true"], [role="combobox"], [role="listbox"]'

export function useKeys(keys: Record<string, () => void>): void {
  const preferences = usePreferences()

  function pressed(event: KeyboardEvent) {
    if (!preferences.liked.keys || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return
    if (event.target instanceof Element && event.target.closest(TYPING)) return
    if (document.querySelector('dialog[open]')) return
    const act = keys[event.key]
    if (!act) return
    event.preventDefault()
    act()
  }

  const begin = () => document.addEventListener('keydown', pressed)
  const end = () => document.removeEventListener('keydown', pressed)
  // A page that is kept while another is shown must not answer for it. Adding twice is adding once.
  onMounted(begin)
  onActivated(begin)
  onDeactivated(end)
  onBeforeUnmount(end)
}
