// Which action of a case hands it to a unit: the one whose form asks for it. No procedure is named.
import type { Schemas } from '@/api/client'
import type { Ask } from '@/form/form'

type Action = Schemas['Action']

/** The field that every pack's grammar has for the unit that handles a case. */
export const UNIT = 'unit'

export const asksUnit = (action: Action): boolean => action.asks.some(it => it.field === UNIT)

/** The one that can be done now, or else the one whose refusal says why not. */
export function dispatching(actions: readonly Action[]): Action | undefined {
  const all = actions.filter(asksUnit)
  return all.find(it => !it.refused) ?? all[0]
}

/** What a form asks besides the unit and cannot do without. */
export const askedToo = (action: Action): Ask[] => action.asks.filter(it => !it.optional && it.field !== UNIT)

/** The action that takes a case back to where it was handed over from. */
export function recalling(actions: readonly Action[], from: string): Action | undefined {
  return actions.find(it => it.to === from)
}
