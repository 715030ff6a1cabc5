// How this person wants to read: language and size of type; kept on the device.
import { reactive } from 'vue'
import { keep, kept } from '@/keep/keep'
import { LANGUAGES, speak, type Language } from '@/locale'

/** Body text of 18, 23 or 30 pixels; `App.vue` says what goes with them. */
export const TYPES = ['normal', 'large', 'huge'] as const
export type Type = (typeof TYPES)[number]

export const pref = reactive({ type: 'normal' as Type, language: 'zh-CN' as Language })

/** What is kept, or what the phone itself is set to. */
export async function beginPref(): Promise<void> {
  pref.type = kept<Type | undefined>('type', undefined) ?? typeOfPhone()
  pref.language = kept<Language | undefined>('language', undefined) ?? languageOfPhone()
  // Without the other language's words, those at hand are better than none.
  await speak(pref.language).catch(() => speak('zh-CN'))
}

export function chooseType(type: Type): void {
  pref.type = type
  keep('type', type)
}

export async function chooseLanguage(language: Language): Promise<void> {
  await speak(language)
  pref.language = language
  keep('language', language)
}

/** WeChat knows how large its user reads, in pixels: 16 is usual. */
function typeOfPhone(): Type {
  const { fontSizeSetting = 16 } = uni.getAppBaseInfo() as { fontSizeSetting?: number }
  if (fontSizeSetting >= 23) return 'huge'
  return fontSizeSetting >= 19 ? 'large' : 'normal'
}

function languageOfPhone(): Language {
  const spoken = uni.getLocale()
  return LANGUAGES.find(it => it.split('-')[0] === spoken.split('-')[0]) ?? 'zh-CN'
}
