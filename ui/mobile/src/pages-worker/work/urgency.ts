// How urgent a case is, and the day's list by it. The server's word on a colour goes before ours, but a
// list that was fetched in the morning goes on turning red without a signal.
import type { Schemas } from '@/api/client'

export type Line = Schemas['Line']
export type Colour = 'green' | 'yellow' | 'red'

const HOUR = 3_600_000
const DAY = 24 * HOUR

type Clocked = Pick<Line, 'due_at' | 'running' | 'opened_at' | 'colour' | 'yellow_at'>

export function colourOf(line: Clocked, now: number): Colour {
  if (!line.due_at || !line.running) return 'green'
  const due = Date.parse(line.due_at)
  if (now >= due) return 'red'
  if (line.yellow_at) return now >= Date.parse(line.yellow_at) ? 'yellow' : 'green'
  return line.colour === 'yellow' ? 'yellow' : 'green'
}

/** How long is left, or by how much it is over, in its largest unit. */
export interface Left {
  over: boolean
  unit: 'days' | 'hours' | 'minutes'
  n: number
}

export function left(due: string, now: number): Left {
  const span = Date.parse(due) - now
  const size = Math.abs(span)
  const over = span <= 0
  if (size >= DAY) return { over, unit: 'days', n: Math.floor(size / DAY) }
  if (size >= HOUR) return { over, unit: 'hours', n: Math.floor(size / HOUR) }
  return { over, unit: 'minutes', n: Math.floor(size / 60_000) }
}

export interface Group {
  key: string
  /** The name of a place; empty where the key has words of its own. */
  name: string
  lines: Line[]
}

/** Whatever stands still has all the time there is. */
const dueOf = (line: Line): number => (line.due_at && line.running ? Date.parse(line.due_at) : Infinity)

export const byUrgency = (lines: readonly Line[]): Line[] => [...lines].sort((a, b) => dueOf(a) - dueOf(b) || a.number.localeCompare(b.number))

const TIMES = ['red', 'yellow', 'green', 'waiting'] as const

/** Over its time, soon due, in time, standing still: the empty ones left out. */
export function byTime(lines: readonly Line[], now: number): Group[] {
  const keyOf = (line: Line) => (line.running ? colourOf(line, now) : 'waiting')
  const groups = TIMES.map(key => ({ key, name: '', lines: byUrgency(lines.filter(it => keyOf(it) === key)) }))
  return groups.filter(it => it.lines.length > 0)
}

/** One group a place, the place with the most urgent case first. */
export function byPlace(lines: readonly Line[]): Group[] {
  const groups = new Map<string, Group>()
  for (const line of byUrgency(lines)) {
    const key = line.place ?? ''
    const group = groups.get(key) ?? { key, name: line.place_name ?? '', lines: [] }
    group.lines.push(line)
    groups.set(key, group)
  }
  return [...groups.values()]
}
