// Languages of the phone. Looking up a word and filling its holes is all that is asked of a catalogue
// here; the console's library would weigh more than all the words do, and makes functions from text,
// which mini programs forbid. Both catalogues hold the same keys, which `locale.test.ts` sees to.
import { ref } from 'vue'
import { context } from '@/api/client'
import type { Words } from './words'
import zh from './zh-CN'
// #ifdef MP-WEIXIN
import english from './en'
// #endif

export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

const catalogues: Partial<Record<Language, Words>> = { 'zh-CN': zh }
export const language = ref<Language>('zh-CN')

/** Loads a language and speaks it from now on. */
export async function speak(wanted: Language): Promise<void> {
  // What a page asks while the words are still coming is answered in their language.
  context.language = wanted
  // #ifdef MP-WEIXIN
  catalogues.en = english
  // #endif
  // #ifndef MP-WEIXIN
  if (wanted === 'en') catalogues.en ??= (await import('./en').catch(stay)).default
  // #endif
  language.value = wanted
  // #ifdef H5
  document.documentElement.lang = wanted
  // #endif
}

function stay(fault: unknown): never {
  context.language = language.value
  throw fault
}

/** The words of a key such as `home.title`, with `{holes}` filled; a key that is missing is shown itself. */
export function t(key: string, holes: Record<string, string | number> = {}): string {
  return fill(lookUp(catalogues[language.value] ?? zh, key) ?? key, holes)
}

function lookUp(words: Words, key: string): string | undefined {
  let at: string | Words | undefined = words
  for (const part of key.split('.')) at = typeof at === 'object' ? at[part] : undefined
  return typeof at === 'string' ? at : undefined
}

export function fill(words: string, holes: Record<string, string | number>): string {
  return words.replace(/\{(\w+)\}/g, (hole, name: string) => String(holes[name] ?? hole))
}
