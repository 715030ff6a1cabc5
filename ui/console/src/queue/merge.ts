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

/** How many cases are in a state. */
export interface StateCount {
  state: string
  title: string
  count: number
}

/** The list is narrowed by state alone, so states of one name are one, whatever their procedure. */
export function byState(counted: readonly Schemas['InState'][]): StateCount[] {
  const counts = new Map<string, StateCount>()
  for (const { state, title, count } of counted) {
    const known = counts.get(state)
    if (known) known.count += count
    else counts.set(state, { state, title, count })
  }
  return [...counts.values()]
}
