// How a figure changed against another period, in a way that can be told in words.
import { shareOf, type Figure } from '@/rates/figure'

/** Below so many cases a share or a percentage says more about chance than about work. */
export const ENOUGH = 20

export type Change =
  /** One of the two is hidden, or there is nothing to divide by. */
  | { is: 'unknown' }
  /** The other period has no cases at all: perhaps the county had not begun. */
  | { is: 'empty' }
  | { is: 'few'; count: number }
  | { is: 'same' }
  /** `by` is positive: cases, or hundredths of a percentage point; `percent` only for counts with a base that carries it. */
  | { is: 'more' | 'less'; by: number; percent?: number }

/** Whether a change says anything. */
export const isTelling = (change: Change): boolean => change.is === 'more' || change.is === 'less' || change.is === 'same'

export function changeOfCount(now: number | null | undefined, then: number | null | undefined): Change {
  if (typeof now !== 'number' || typeof then !== 'number') return { is: 'unknown' }
  if (now === then) return { is: 'same' }
  const by = Math.abs(now - then)
  const change = { is: now > then ? ('more' as const) : ('less' as const), by }
  return then < ENOUGH ? change : { ...change, percent: Math.round((by / then) * 1000) / 10 }
}

/** In percentage points. Shares are compared as they are shown, with two decimals, so that the eye can reckon along. */
export function changeOfShare(now: Figure, then: Figure): Change {
  const few = [now, then].map(it => it.denominator).find(it => typeof it === 'number' && it < ENOUGH)
  if (few === 0) return { is: 'unknown' }
  if (typeof few === 'number') return { is: 'few', count: few }
  const [a, b] = [pointsOf(now), pointsOf(then)]
  if (a === undefined || b === undefined) return { is: 'unknown' }
  return a === b ? { is: 'same' } : { is: a > b ? 'more' : 'less', by: Math.abs(a - b) }
}

/** Hundredths of a percent, rounded half up. */
function pointsOf(figure: Figure): number | undefined {
  const { numerator, denominator } = figure
  if (shareOf(figure) === undefined || typeof numerator !== 'number' || typeof denominator !== 'number') return undefined
  return Math.floor((numerator * 20_000 + denominator) / (2 * denominator))
}
