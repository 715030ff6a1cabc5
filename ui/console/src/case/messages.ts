// What a short message's state means for whoever reads the case.
import type { Schemas } from '@/api/client'

type Message = Pick<Schemas['MessageLine'], 'state' | 'tries' | 'made_at'>

/** The words for how far it has come: one that waits after a try says so. */
export const messageWords = ({ state, tries }: Message): string => (state === 'waiting' && tries > 0 ? 'trying' : state)

/** Whether the newest that was to be told did not arrive: what was told after a failure makes it good. */
export function needsCall(messages: readonly Message[]): boolean {
  const last = [...messages].sort((a, b) => Date.parse(a.made_at) - Date.parse(b.made_at)).pop()
  return last?.state === 'failed'
}
