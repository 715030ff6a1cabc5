// What the command screen shows, as the server sends it, and how it is put on the wall.
import type { Schemas } from '@/api/client'
import type { Cell } from '@/map/outlines'
import { bounds, toneOf } from '@/map/scale'

export type Screen = Schemas['Screen']
export type ScreenCell = Schemas['ScreenCell']
export type Step = Schemas['ScreenStep']
export type MatterCount = Schemas['ScreenMatter']
export type Day = Schemas['ScreenDay']

/** What colours the map. */
export const SIGHTS = ['open', 'late'] as const
export type Sight = (typeof SIGHTS)[number]

export interface Painted {
  cells: Cell[]
  /** The least number of each tone. */
  least: number[]
}

/** Outlines in the colours of today's figures; a cell without a figure has none. */
export function painted(outlines: readonly Cell[], cells: readonly ScreenCell[], sight: Sight): Painted {
  const figures = new Map(cells.map(it => [it.code, it[sight]]))
  const least = bounds(Math.max(0, ...figures.values()))
  const paint = (cell: Cell): Cell => {
    const count = figures.get(cell.code) ?? 0
    return { ...cell, tone: toneOf(count, least), told: count > 0 ? String(count) : '' }
  }
  return { cells: outlines.map(paint), least }
}

/** So many matters have room. */
const ROOM = 26

export interface Bar {
  id: string
  title: string
  opened: number
  /** Of the largest of them. */
  share: number
}

/** Matters in the pack's order, never by rank; and how many cases the others have that found no room. */
export function barsOf(matters: readonly MatterCount[], room = ROOM): { bars: Bar[]; rest: number } {
  const fits = [...matters].sort((a, b) => b.opened - a.opened).slice(0, matters.length > room ? room - 1 : room)
  const most = Math.max(1, ...fits.map(it => it.opened))
  const bars = matters.filter(it => fits.includes(it)).map(it => ({ id: it.matter, title: it.title, opened: it.opened, share: it.opened / most }))
  const rest = matters.filter(it => !fits.includes(it)).reduce((sum, it) => sum + it.opened, 0)
  return { bars, rest }
}

/** The next round number at or above: the scale of the trend moves seldom. */
export function ceiling(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(1, value)))
  return ([1, 2, 5].find(it => it * power >= value) ?? 10) * power
}
