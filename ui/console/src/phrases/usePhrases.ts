// Prepared words of one use: the office's own and those of the pack, those of the matter first.
import { ref, shallowRef, watch } from 'vue'
import { api, type Schemas } from '@/api/client'

type Phrase = Schemas['Phrase']

export type Use = 'answer' | 'script' | 'letter'

export interface About {
  procedure?: string | undefined
  matter?: string | null | undefined
}

export function usePhrases(use: Use, about: () => About) {
  const phrases = shallowRef<Phrase[]>([])
  const failed = ref(false)

  async function load() {
    const { procedure, matter } = about()
    failed.value = false
    try {
      phrases.value = await api.get('/api/v1/phrases', { query: { use, ...(procedure ? { procedure } : {}), ...(matter ? { matter } : {}) } })
    } catch {
      // Prepared words are a help: without them one writes.
      failed.value = true
    }
  }

  watch(about, load, { immediate: true })
  return { phrases, failed, load }
}
