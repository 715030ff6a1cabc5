// Which component fills in which kind of field. The words are those of the packs' grammar; a kind that
// is new here is written as text, and the server says whether that will do.
import { defineAsyncComponent, type Component } from 'vue'
import ChoiceField from './ChoiceField.vue'
import FilesField from './FilesField.vue'
import LineField from './LineField.vue'
import TextField from './TextField.vue'
import type { Ask } from './form'
import YesNoField from './YesNoField.vue'

const DateField = defineAsyncComponent(() => import('./DateField.vue'))
const FoundField = defineAsyncComponent(() => import('./FoundField.vue'))
const StarsField = defineAsyncComponent(() => import('./StarsField.vue'))

const KINDS: Record<string, Component> = {
  text: TextField,
  int: LineField,
  money: LineField,
  hours: LineField,
  point: LineField,
  date: DateField,
  time: DateField,
  choice: ChoiceField,
  yes_no: YesNoField,
  stars: StarsField,
  place: FoundField,
  org: FoundField,
  post: FoundField,
  person: FoundField,
  case: FoundField,
  record: FoundField,
  household: FoundField,
  photo: FilesField,
  file: FilesField,
}

/** Texts of one line; both are built in. */
const SHORT = new Set(['title', 'contact'])

export const componentOf = ({ kind, field }: Ask): Component => (SHORT.has(field) ? LineField : (KINDS[kind] ?? LineField))

/** Kinds whose component draws several controls: they are named as a group, not by a label. */
const GROUPS = new Set(['yes_no', 'stars', 'photo', 'file'])

export const isGroup = (kind: string, choices: number): boolean =>
  GROUPS.has(kind) || (kind === 'choice' && choices > 0 && choices <= FEW)

/** So many choices are seen at once; more are looked for in a list. */
export const FEW = 6
