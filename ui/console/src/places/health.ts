// Whether a cell is sound: neither too large nor too small, somebody there, ground of its own.
import type { Schemas } from '@/api/client'

/** Households that the field expects of a cell, by level: 300–500 a grid, some fifty (30–100) a micro-grid. */
const EXPECTED: Record<string, readonly [least: number, most: number]> = { grid: [300, 500], micro_grid: [30, 100] }

export type Size = 'small' | 'fit' | 'large'

export const expected = (level: string) => EXPECTED[level]

/** How a number of households sits with what is expected; nothing where nothing is. */
export function sizeOf(level: string, households: number): Size | undefined {
  const range = EXPECTED[level]
  if (!range) return undefined
  if (households < range[0]) return 'small'
  return households > range[1] ? 'large' : 'fit'
}

/** Whether somebody present holds a post of the place itself. */
export function isOwned(posts: readonly Schemas['Post'][]): boolean {
  return posts.some(it => it.holders.some(one => !one.away))
}

/** The flaws of a layer that concern one cell. */
export const concerning = (flaws: readonly Schemas['Flaw'][], code: string) => flaws.filter(it => it.cells.some(cell => cell.code === code))

export const groundOf = (flaws: readonly Schemas['Flaw'][]): number => flaws.reduce((sum, it) => sum + it.square_metres, 0)
