// What a case will be when what waits in the outbox has been sent: so that one act can follow another
// without a signal. The server has the last word when they arrive.
import type { Schemas } from '@/api/client'
import type { Item } from '@/outbox/item'

export type Action = Schemas['Action']
export type Step = Schemas['Step']

export interface Foreseen {
  /** The title of the state that is expected; none when it is the present one. */
  state?: string
  ended: boolean
  actions: Action[]
}

/** The case as the server last told it. */
export interface Known {
  procedure: string
  state: string
  actions: readonly Action[]
}

/** Follows the acts that wait, one after another. */
export function foresee(known: Known, waiting: readonly Item[], steps: readonly Step[]): Foreseen {
  const taken = waiting.map(it => actionOf(it, known, steps))
  const last = [...taken].reverse().find(it => it?.to)
  if (!last?.to) return { ended: false, actions: known.actions.filter(it => !it.refused) }
  const { to, to_title, ends, approval } = last
  // Until another post has approved, the case stands where it stood, and nothing else can be done.
  if (approval) return { ended: false, actions: [] }
  return { ended: ends, ...(to_title ? { state: to_title } : {}), actions: ends ? [] : actionsIn(steps, known.procedure, to) }
}

/** What one's posts may do in a state. */
export const actionsIn = (steps: readonly Step[], procedure: string, state: string): Action[] =>
  steps.filter(it => it.procedure === procedure && it.from.includes(state)).map(it => it.action)

/** The step that opens a procedure. */
export const openingStep = (steps: readonly Step[], procedure: string): Step | undefined =>
  steps.find(it => it.procedure === procedure && it.from.length === 0)

/** What the server offered itself goes before what the pack says of it. */
function actionOf({ command }: Item, { procedure, actions }: Known, steps: readonly Step[]): Action | undefined {
  if (command.kind === 'open') return openingStep(steps, procedure)?.action
  if (command.kind !== 'act') return undefined
  const named = (it: Action) => it.id === command.action
  return actions.find(named) ?? steps.find(it => it.procedure === procedure && it.from.length > 0 && named(it.action))?.action
}
