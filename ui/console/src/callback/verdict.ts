// Which actions of a case are the call's: that nobody answered, and what the asker says. A verdict is known by
// its form, which asks for stars; no procedure is named.
import type { Schemas } from '@/api/client'
import type { Moment } from '@/case/intervals'

type Action = Schemas['Action']

/** The base pack's word for a call that nobody took. */
export const ATTEMPT = 'attempt'

export const isVerdict = (action: Action): boolean => action.asks.some(it => it.kind === 'stars')
/** Whoever may note that nobody answered is the one who calls. */
export const isAttempt = (action: Action): boolean => action.id === ATTEMPT

/** In the order of the keys that do them: unanswered, verdicts, whatever else can be done now. */
export function ordered(actions: readonly Action[]): { attempt: Action | undefined; verdicts: Action[]; rest: Action[] } {
  return {
    attempt: actions.find(isAttempt),
    verdicts: actions.filter(isVerdict),
    rest: actions.filter(it => !isAttempt(it) && !isVerdict(it) && !it.refused),
  }
}

/** What the asker was told, the newest first: words of the house, not of the asker. */
export const answersOf = (history: readonly Moment[]): Moment[] =>
  history.filter(it => it.texts['words'] && it.by !== 'asker' && it.voice !== 'asker').reverse()
