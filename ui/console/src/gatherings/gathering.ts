// Meetings and ballots as the pages show them.
import type { Schemas } from '@/api/client'

export type Gathering = Schemas['Gathering']
export type Ballot = Schemas['BallotNow']

/** What there is to know or to do about one, in the order of a day's work. */
export type Stage = 'voting' | 'counted' | 'coming' | 'unminuted' | 'minuted'

export function stageOf(it: Gathering, now: number): Stage {
  if (it.ballot?.open) return 'voting'
  if (Date.parse(it.at) > now) return 'coming'
  if (it.ballot) return 'counted'
  return it.minutes ? 'minuted' : 'unminuted'
}

/** What is still to come or to vote on stands first, the soonest first; then what is over, the latest first. */
export function inTime(all: readonly Gathering[], now: number): { ahead: Gathering[]; over: Gathering[] } {
  const isAhead = (it: Gathering) => ['voting', 'coming'].includes(stageOf(it, now))
  const due = (it: Gathering) => Date.parse(it.ballot?.open ? (it.closes ?? it.at) : it.at)
  return { ahead: all.filter(isAhead).sort((a, b) => due(a) - due(b)), over: all.filter(it => !isAhead(it)) }
}

/** A part of a whole, in per cent; nothing of nothing is nothing. */
export const share = (part: number, whole: number): number => (whole > 0 ? Math.round((part / whole) * 1000) / 10 : 0)
