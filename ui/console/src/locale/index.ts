// Languages of the console. A catalogue is loaded when it is wanted; both hold the same keys, which
// `locale.test.ts` sees to.
import { createI18n } from 'vue-i18n'

export const LANGUAGES = ['zh-CN', 'en'] as const
export type Language = (typeof LANGUAGES)[number]

export const i18n = createI18n({ legacy: false, locale: 'zh-CN', fallbackLocale: false, messages: {} })

const catalogues = {
  'zh-CN': () => import('./zh-CN'),
  en: () => import('./en'),
}

/** Loads a language and speaks it from now on. */
export async function speak(language: Language): Promise<void> {
  if (!i18n.global.availableLocales.includes(language)) {
    const { default: words } = await catalogues[language]()
    i18n.global.setLocaleMessage(language, words)
  }
  i18n.global.locale.value = language
}
