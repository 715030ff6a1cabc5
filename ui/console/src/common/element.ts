// Element Plus in the reader's language.
import type { Language } from 'element-plus/es/locale'
import { shallowRef, watch } from 'vue'
import { useI18n } from 'vue-i18n'

const catalogues = {
  'zh-CN': () => import('element-plus/es/locale/lang/zh-cn'),
  en: () => import('element-plus/es/locale/lang/en'),
}

export function useElementWords() {
  const { locale } = useI18n()
  const words = shallowRef<Language>()
  watch(
    locale,
    async language => {
      const { default: found } = await catalogues[language === 'en' ? 'en' : 'zh-CN']()
      words.value = found
    },
    { immediate: true },
  )
  return words
}
