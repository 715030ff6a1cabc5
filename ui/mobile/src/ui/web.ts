// Real HTML elements for the phone web: uni-app turns `button` and `input` of templates into elements of
// its own, which screen readers do not know. Render functions are left alone. Not for mini programs.
import { h, type FunctionalComponent } from 'vue'

function element(tag: string): FunctionalComponent<Record<string, unknown>> {
  const made: FunctionalComponent<Record<string, unknown>> = (_, { slots, attrs }) => h(tag, attrs, slots['default']?.())
  made.inheritAttrs = false
  return made
}

export const WButton = element('button')
export const WLabel = element('label')
export const WHeader = element('header')
export const WMain = element('main')
export const WNav = element('nav')
export const WH1 = element('h1')
export const WH2 = element('h2')
export const WSelect = element('select')
export const WOption = element('option')
export const WInput = element('input')
export const WTextarea = element('textarea')
export const WBox = element('div')
export const WLink = element('a')
export const WImage = element('img')
