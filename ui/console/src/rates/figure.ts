// Figures: how rates come about from counts, and how both are written.
export interface Figure {
  numerator?: number | null | undefined
  denominator?: number | null | undefined
  excluded?: number | null | undefined
}

export const RATES = ['closed', 'on_time', 'response', 'solved', 'satisfied', 'redispatched'] as const
export type RateName = (typeof RATES)[number]

export type Counts = Record<string, number | null>

const OUT = ['withdrawn', 'referred', 'merged', 'excluded', 'imported']
const ENDED = ['solved', 'unsolved', 'unreached', 'decided']
const PARTS: Record<Exclude<RateName, 'closed'>, [string, string]> = {
  on_time: ['on_time', 'due'],
  response: ['contacted', 'called'],
  solved: ['said_solved', 'judged'],
  satisfied: ['satisfied', 'rated'],
  redispatched: ['redispatched', 'ever_dispatched'],
}

/** The sum of counts; unknown when one of them is hidden. */
function sum(counts: Counts, names: readonly string[]): number | null {
  const values = names.map(it => counts[it])
  return values.every(it => typeof it === 'number') ? values.reduce((total: number, it) => total + (it ?? 0), 0) : null
}

/** A rate of a row of counts, put together as the server does for the whole. */
export function figureOf(counts: Counts, name: RateName): Figure {
  if (name !== 'closed') {
    const [numerator, denominator] = PARTS[name]
    return { numerator: sum(counts, [numerator]), denominator: sum(counts, [denominator]), excluded: 0 }
  }
  const [opened, excluded] = [sum(counts, ['opened']), sum(counts, OUT)]
  const denominator = opened === null || excluded === null ? null : opened - excluded
  return { numerator: sum(counts, ENDED), denominator, excluded }
}

export const shareOf = ({ numerator, denominator }: Figure): number | undefined =>
  typeof numerator === 'number' && typeof denominator === 'number' && denominator > 0 ? numerator / denominator : undefined

/** With two decimals, rounded half up as the sources do; the figures are whole numbers, so that is exact. */
export function percent(figure: Figure): string | undefined {
  const { numerator, denominator } = figure
  if (shareOf(figure) === undefined || typeof numerator !== 'number' || typeof denominator !== 'number') return undefined
  const points = Math.floor((numerator * 20_000 + denominator) / (2 * denominator))
  return `${Math.floor(points / 100)}.${String(points % 100).padStart(2, '0')}%`
}
