// What a list is narrowed by. It lives in the address, so that a list can be kept, sent and come back to.
import type { LocationQuery } from 'vue-router'
import { endOfDay } from '@/clock/clock'

/** Of whom: the acting post's own queue, or all that the post may see. */
export type Scope = 'mine' | 'all'

export const DUES = ['late', 'today', 'tomorrow', 'week'] as const
export type Due = (typeof DUES)[number]

/** Acts of the base pack that mark a case in a list: urged by the asker, sent back by a unit, supervised. */
export const MARKS = ['urge', 'return', 'supervise'] as const
export type Mark = (typeof MARKS)[number]

export interface Filter {
  state?: string
  matter?: string
  place?: string
  due?: Due
  /** What was done on it at least once. */
  done?: Mark
  q?: string
  /** Ended ones instead of open ones. */
  ended?: boolean
}

/** Names of what stands in the address. */
export const NAMES = ['state', 'matter', 'place', 'due', 'done', 'q', 'ended'] as const

export function readFilter(query: LocationQuery): Filter {
  const text = (name: string) => {
    const value = query[name]
    return typeof value === 'string' && value.trim() !== '' ? value : undefined
  }
  const filter: Filter = {}
  const [state, matter, place, q] = [text('state'), text('matter'), text('place'), text('q')]
  if (state) filter.state = state
  if (matter) filter.matter = matter
  if (place) filter.place = place
  if (q) filter.q = q
  const due = DUES.find(it => it === query['due'])
  if (due) filter.due = due
  const done = MARKS.find(it => it === query['done'])
  if (done) filter.done = done
  if (query['ended'] === '1') filter.ended = true
  return filter
}

export function writeFilter(filter: Filter): Record<string, string> {
  const { ended, ...texts } = filter
  const pairs = Object.entries(texts).filter((it): it is [string, string] => Boolean(it[1]))
  return { ...Object.fromEntries(pairs), ...(ended ? { ended: '1' } : {}) }
}

/** The filter in the words of `GET /cases`. */
export function asked(scope: Scope, filter: Filter, now = Date.now()) {
  const { state, matter, place, q, due, done, ended } = filter
  // An own queue, and what is late, hold open cases only; a state says by itself whether it is an end.
  const open = scope === 'mine' || state || due === 'late' || done ? undefined : !ended
  return {
    // Whatever any post of the person owns: whoever holds two sees the work of both.
    ...(scope === 'mine' ? { owner: 'mine' as const } : {}),
    ...(open === undefined ? {} : { open }),
    ...(due === 'late' ? { late: true } : due ? { due_before: limitOf(due, now) } : {}),
    ...(done ? { done } : {}),
    state,
    matter,
    place,
    q,
  }
}

function limitOf(due: Exclude<Due, 'late'>, now: number): string {
  return endOfDay(now, { today: 0, tomorrow: 1, week: 6 }[due]).toISOString()
}
