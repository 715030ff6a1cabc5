// Whose key it is: compared with the one noted in this browser, with one noted elsewhere, and with the key
// that the server uses today. Only the one noted elsewhere is beyond whoever holds the server.
import { computed, ref, type Ref } from 'vue'
import { keep, kept } from '@/common/keep'
import { Flaw } from './flaw'
import { readKey } from './key'
import type { Verdict } from './receipt'

const SHELF = 'log-keys'

export type Compared = 'same' | 'other' | 'none' | 'unreadable'

export function useTrust(verdict: Ref<Verdict | undefined>) {
  const noted = ref(kept<Record<string, string>>(SHELF, {}))
  const typed = ref('')
  const key = computed(() => verdict.value?.key)

  const here = computed<Compared>(() => {
    const text = key.value && noted.value[key.value.read.name]
    if (!text) return 'none'
    return text === key.value?.text ? 'same' : 'other'
  })
  const elsewhere = computed<Compared>(() => {
    const text = typed.value.trim()
    if (!text) return 'none'
    if (!readable(text)) return 'unreadable'
    return text === key.value?.text ? 'same' : 'other'
  })
  const trusted = computed(() => here.value === 'same' || elsewhere.value === 'same')
  const doubted = computed(() => here.value === 'other' || elsewhere.value === 'other')

  function note() {
    if (!key.value) return
    noted.value = { ...noted.value, [key.value.read.name]: key.value.text }
    keep(SHELF, noted.value)
  }

  return { typed, here, elsewhere, trusted, doubted, note }
}

function readable(text: string): boolean {
  try {
    return readKey(text) !== undefined
  } catch (error) {
    if (error instanceof Flaw) return false
    throw error
  }
}
