// A history told as what was done and how long the case then stood where it stood.
import type { Schemas } from '@/api/client'

export type Moment = Schemas['Moment']

export interface Interval {
  state_title: string
  /** How long, by the wall clock. */
  lasted: number
  running: boolean
  due_at?: string
  /** By how much it went over its limit; none while it kept it. */
  over?: number
  /** Whether it goes on. */
  present: boolean
}

export interface Told {
  moment: Moment
  /** The stretch that ends before the next moment, after the last moment of the same state and clock. */
  interval?: Interval
}

/** Acts that left state and clock as they were stand within one stretch, which is told once. */
export function tellHistory(moments: readonly Moment[], now: number, ended: boolean): Told[] {
  let begun = 0
  return moments.map((moment, at) => {
    const next = moments[at + 1]
    if (next && isSame(moment, next)) return { moment }
    const from = moments[begun]?.at ?? moment.at
    begun = at + 1
    // After the end there is no owner and no clock.
    if (!next && ended) return { moment }
    return { moment, interval: interval(moment, from, next ? Date.parse(next.at) : now, !next) }
  })
}

function isSame(a: Moment, b: Moment): boolean {
  return a.state === b.state && a.running === b.running
}

function interval(moment: Moment, from: string, until: number, present: boolean): Interval {
  const due = moment.due_at ? Date.parse(moment.due_at) : undefined
  const over = moment.running && due !== undefined && until > due ? until - due : undefined
  return {
    state_title: moment.state_title,
    lasted: until - Date.parse(from),
    running: moment.running,
    present,
    ...(moment.due_at ? { due_at: moment.due_at } : {}),
    ...(over === undefined ? {} : { over }),
  }
}
