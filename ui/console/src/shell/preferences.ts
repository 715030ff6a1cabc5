// How this person likes to read: language, type, light, single-key shortcuts. Kept in this browser.
import { defineStore } from 'pinia'
import { reactive, watch } from 'vue'
import { context } from '@/api/client'
import { LANGUAGES, speak, type Language } from '@/locale'
import { kept, keep } from '@/common/keep'

export const LIGHTS = ['system', 'light', 'dark'] as const
export type Light = (typeof LIGHTS)[number]

interface Liked {
  language: Language
  large: boolean
  light: Light
  keys: boolean
}

/** An unknown system language is answered in Chinese: it is the language of the field. */
function firstLanguage(): Language {
  return navigator.language.startsWith('en') ? 'en' : 'zh-CN'
}

function read(): Liked {
  const said = kept<Partial<Liked>>('preferences', {})
  return {
    language: LANGUAGES.find(it => it === said.language) ?? firstLanguage(),
    large: said.large === true,
    light: LIGHTS.find(it => it === said.light) ?? 'system',
    keys: said.keys !== false,
  }
}

export const usePreferences = defineStore('preferences', () => {
  const liked = reactive(read())
  const darkSystem = window.matchMedia('(prefers-color-scheme: dark)')

  function apply() {
    const root = document.documentElement
    root.dataset['type'] = liked.large ? 'large' : 'normal'
    root.classList.toggle('dark', liked.light === 'dark' || (liked.light === 'system' && darkSystem.matches))
  }

  async function begin() {
    apply()
    darkSystem.addEventListener('change', apply)
    await say(liked.language)
  }

  async function say(language: Language) {
    await speak(language)
    liked.language = language
    context.language = language
    document.documentElement.lang = language
  }

  watch(liked, () => {
    apply()
    keep('preferences', liked)
  })

  return { liked, begin, say }
})
