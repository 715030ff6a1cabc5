// Clocks in words and colours. This is the one place of the console that decides a colour, and only
// where the server has not: its word goes first.
export type Colour = 'green' | 'yellow' | 'red'

/** What is known of a clock, of a queue's line or of a case. */
export interface Clocked {
  due_at?: string | null
  running: boolean
  opened_at?: string
  colour?: string
  yellow_at?: string | null
}

const HOUR = 3_600_000
const DAY = 24 * HOUR

export function colourOf(clock: Clocked, now: number): Colour {
  if (!clock.due_at || !clock.running) return 'green'
  const due = Date.parse(clock.due_at)
  if (now >= due) return 'red'
  if (clock.yellow_at) return now >= Date.parse(clock.yellow_at) ? 'yellow' : 'green'
  if (clock.colour === 'yellow' || clock.colour === 'green') return clock.colour
  return due - now < warning(clock, due) ? 'yellow' : 'green'
}

/** One day or a quarter of the time, whichever is less: the field's rule, without its calendar. */
function warning(clock: Clocked, due: number): number {
  const begun = clock.opened_at ? Date.parse(clock.opened_at) : due - 4 * DAY
  return Math.min(DAY, Math.max(0, due - begun) / 4)
}

/** A stretch of time in its one or two largest units, as one would say it. */
export interface Stretch {
  unit: 'days' | 'hours' | 'minutes'
  days: number
  hours: number
  minutes: number
}

export function stretch(milliseconds: number): Stretch {
  const whole = Math.max(0, Math.floor(milliseconds / 60_000))
  const days = Math.floor(whole / 1440)
  const hours = Math.floor((whole % 1440) / 60)
  const minutes = whole % 60
  return { unit: days > 0 ? 'days' : hours > 0 ? 'hours' : 'minutes', days, hours, minutes }
}

/** The county's own clock, wherever the reader's computer thinks it stands. */
const ZONE = 'Asia/Shanghai'

const formats = new Map<string, Intl.DateTimeFormat>()

function format(language: string, name: 'moment' | 'day' | 'full'): Intl.DateTimeFormat {
  const key = `${language} ${name}`
  const known = formats.get(key)
  if (known) return known
  const day = { month: '2-digit', day: '2-digit' } as const
  const time = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const
  const parts = { moment: { ...day, ...time }, day, full: { year: 'numeric', ...day, ...time } as const }
  const made = new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { ...parts[name], timeZone: ZONE })
  formats.set(key, made)
  return made
}

/** An instant, with its year only when it is not this one's. */
export function moment(at: string, language: string, now = Date.now()): string {
  const year = (it: number) => new Date(it + 8 * HOUR).getUTCFullYear()
  const instant = Date.parse(at)
  return format(language, year(instant) === year(now) ? 'moment' : 'full').format(instant)
}

export function fullMoment(at: string, language: string): string {
  return format(language, 'full').format(Date.parse(at))
}

/** A day of the county, with its year, as a letter bears it. */
export function dayOf(at: number, language: string): string {
  return new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, { dateStyle: 'long', timeZone: ZONE }).format(at)
}

/** The local day of an instant, for telling today from tomorrow. */
export function localDay(at: number): number {
  return Math.floor((at + 8 * HOUR) / DAY)
}

/** The end of the local day that many days from now. */
export function endOfDay(now: number, days = 0): Date {
  return new Date((localDay(now) + days + 1) * DAY - 8 * HOUR)
}
