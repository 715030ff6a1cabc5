// Lines that came anew beside lines that are being read.
import type { Schemas } from '@/api/client'

export type Line = Schemas['Line'] & {
  /** It has left the list while somebody stood on it. */
  gone?: boolean
  /** It came or changed while the list was open. */
  fresh?: boolean
}

/** The new lines; the selected one stays where it was, marked, even when it is no longer among them. */
export function merge(old: readonly Line[], now: readonly Line[], selected: string | undefined): Line[] {
  const before = new Map(old.map(it => [it.id, it]))
  const merged = now.map(it => {
    const known = before.get(it.id)
    const fresh = !known || known.revision !== it.revision || (known.fresh ?? false)
    return fresh ? { ...it, fresh } : it
  })
  const at = old.findIndex(it => it.id === selected)
  const left = old[at]
  if (left && !merged.some(it => it.id === selected)) merged.splice(at, 0, { ...left, gone: true })
  return merged
}

/** How many lines are in each state, in the order in which the states first come. */
export interface StateCount {
  state: string
  title: string
  count: number
}

export function countStates(lines: readonly Line[]): StateCount[] {
  const counts = new Map<string, StateCount>()
  for (const { state, state_title } of lines) {
    const known = counts.get(state)
    if (known) known.count += 1
    else counts.set(state, { state, title: state_title, count: 1 })
  }
  return [...counts.values()]
}
