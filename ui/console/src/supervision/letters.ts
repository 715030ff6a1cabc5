// Letters, replies and escalations in a case's history. The words are the base pack's: `supervise` is a letter,
// `explain` a unit's written reply, `bulletin` goes to the leaders.
import type { Moment } from '@/case/intervals'

export const SUPERVISE = 'supervise'
export const EXPLAIN = 'explain'
export const BULLETIN = 'bulletin'

export const isSupervision = ({ id }: { id: string }): boolean => [SUPERVISE, EXPLAIN, BULLETIN].includes(id)

export interface Letter {
  moment: Moment
  /** First, second … letter of this case. */
  nth: number
  replies: Moment[]
}

/** Each reply answers the letter before it. */
export function lettersOf(history: readonly Moment[]): Letter[] {
  const letters: Letter[] = []
  for (const moment of history) {
    if (moment.action === SUPERVISE) letters.push({ moment, nth: letters.length + 1, replies: [] })
    if (moment.action === EXPLAIN) letters[letters.length - 1]?.replies.push(moment)
  }
  return letters
}

export const bulletinsOf = (history: readonly Moment[]): Moment[] => history.filter(it => it.action === BULLETIN)

/** What was written with an act, whichever field the pack asks for. */
export const wordsOf = (moment: Moment): string => Object.values(moment.texts).join('\n')
