// Why a case went where it went, as the entries of its journal kept it.
import type { Schemas } from '@/api/client'

export type Change = Schemas['OwnerChange']
export type Rule = Schemas['WhyRule']

/** The newest first: whoever asks, asks about today. */
export const newestFirst = (changes: readonly Change[]): Change[] => [...changes].reverse()

/** Whom the same rule would name today, where that is another than it named then. */
export const otherToday = ({ owner, today }: Change): string => (today && owner && today.post !== owner.post ? today.title : '')

/** What the guard read, `item.status = active`; a value that is no text as JSON has it. */
export const factsOf = (rule: Rule): { name: string; value: string }[] =>
  Object.entries(rule.facts).map(([name, value]) => ({ name, value: typeof value === 'string' ? value : JSON.stringify(value) }))

/** The tag of a change: how computing it again went. */
export const toneOf = ({ recomputed }: Change): 'good' | 'bad' | '' =>
  recomputed === 'same' ? 'good' : recomputed === 'different' ? 'bad' : ''
