// What this browser keeps of having been opened as a wall: when its ninety days end. A session that is over
// is answered like none at all, so that only the wall itself can say why it shows nothing more.
import { keep, kept } from '@/common/keep'

const NAME = 'wall'

/** `until` as the log-in told it; a renewal is not told to the wall. */
export const keepWall = (until: string): void => keep(NAME, { until })
/** Whoever logs in here makes it a desk again. */
export const dropWall = (): void => keep(NAME, {})

/** How a wall came to its end: its days are over, or somebody stopped it before; none where none was opened. */
export function wallEnd(now: number): 'days_over' | 'stopped' | undefined {
  const { until } = kept<{ until?: string }>(NAME, {})
  if (!until) return undefined
  return Date.parse(until) <= now ? 'days_over' : 'stopped'
}
