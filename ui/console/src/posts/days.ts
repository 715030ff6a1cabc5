// Days as people enter them.
import { localDay } from '@/clock/clock'

const DAY = 86_400_000

/** The local day that many days from today. */
export const dayFromNow = (days = 0): string => new Date((localDay(Date.now()) + days) * DAY).toISOString().slice(0, 10)
