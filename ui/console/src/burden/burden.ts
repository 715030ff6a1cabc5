// What the forms cost and what of them could be dropped, from what the server counted. The times are its assumptions.
import type { Schemas } from '@/api/client'

export type Form = Schemas['BurdenForm']
export type Ask = Schemas['BurdenAsk']

/** Periods that are offered, in days; the server goes back 366 at most. */
export const PERIODS = [30, 90, 366] as const
export const FILLED_BY = ['staff', 'asker'] as const
export type FilledBy = (typeof FILLED_BY)[number]
export const DROPS = ['again', 'unused'] as const
export type Drop = (typeof DROPS)[number]
export const COLUMNS = ['form', 'asked', 'uses', 'seconds', 'hours'] as const
export type Column = (typeof COLUMNS)[number]

/** What is shown of them; what is empty does not choose. */
export interface Filter {
  procedure: string
  by: FilledBy | ''
  words: string
  drop: Drop | ''
}

export const filledBy = (form: Form): FilledBy => (form.staff ? 'staff' : 'asker')
export const hoursOf = (form: Form): number => (form.uses * form.seconds) / 3600
export const nameOf = (ask: Ask): string => ask.title || ask.field

/** Fields that the case holds already: what is no change of them need not be asked. */
export const againOf = (form: Form): Ask[] => form.asked.filter(it => it.again)

const SPEAKS: Record<Drop, (form: Form) => boolean> = { again: it => againOf(it).length > 0, unused: it => it.uses === 0 }

/** What speaks for dropping a form or a part of it. */
export const dropsOf = (form: Form): Drop[] => DROPS.filter(it => SPEAKS[it](form))

export function choose(forms: readonly Form[], { procedure, by, words, drop }: Filter): Form[] {
  const wanted = words.trim().toLowerCase()
  return forms.filter(
    it =>
      (!procedure || it.procedure === procedure) &&
      (!by || filledBy(it) === by) &&
      (!drop || SPEAKS[drop](it)) &&
      (!wanted || [it.procedure_title, it.action_title, it.why, ...it.asked.map(nameOf)].some(text => text.toLowerCase().includes(wanted))),
  )
}

const WEIGHTS: Record<Exclude<Column, 'form'>, (form: Form) => number> = {
  asked: it => it.asked.length,
  uses: it => it.uses,
  seconds: it => it.seconds,
  hours: hoursOf,
}

/** In the order of a column; forms that weigh the same keep the order they have. */
export function inOrder(forms: readonly Form[], column: Column, down: boolean, locale: string): Form[] {
  const way = down ? -1 : 1
  const titles = (it: Form) => `${it.procedure_title} ${it.action_title}`
  if (column === 'form') return [...forms].sort((a, b) => way * titles(a).localeCompare(titles(b), locale))
  const weight = WEIGHTS[column]
  return [...forms].sort((a, b) => way * (weight(a) - weight(b)))
}

export interface Sums {
  forms: number
  fields: number
  optional: number
  hours: Record<FilledBy, number>
  uses: Record<FilledBy, number>
  /** Fields asked that the case holds already. */
  again: number
  unused: number
}

export function sumUp(forms: readonly Form[]): Sums {
  const asked = forms.flatMap(it => it.asked)
  const total = (by: FilledBy, weight: (form: Form) => number) => forms.filter(it => filledBy(it) === by).reduce((sum, it) => sum + weight(it), 0)
  return {
    forms: forms.length,
    fields: asked.length,
    optional: asked.filter(it => it.optional).length,
    hours: { staff: total('staff', hoursOf), asker: total('asker', hoursOf) },
    uses: { staff: total('staff', it => it.uses), asker: total('asker', it => it.uses) },
    again: asked.filter(it => it.again).length,
    unused: forms.filter(it => it.uses === 0).length,
  }
}

const WEEK = 7 * 86_400_000

/** How often a week it was filled in, over the period that was counted. */
export function weekly(uses: number, { since, until }: { since: string; until: string }): number {
  const weeks = (Date.parse(until) - Date.parse(since)) / WEEK
  return weeks > 0 ? uses / weeks : 0
}
