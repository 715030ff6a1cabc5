// The day's work on this phone: my open cases with all that is needed to do them without a signal, fetched
// again when there is one. Nothing of it says where the phone is or when it was used.
import { reactive } from 'vue'
import { api, type Schemas } from '@/api/client'
import { tell } from '@/api/problem'
import { drop, dropAll, keep, kept } from '@/keep/keep'
import { session } from '@/session/session'
import type { Action, Step } from './foresee'
import type { Line } from './urgency'

export type Opening = Schemas['Opening']
export type Place = Schemas['PlaceRef']

/** A case as it was last read. */
export interface Held {
  it: Schemas['Case']
  actions: Action[]
  history: Schemas['Moment'][]
}

interface Day {
  /** Whose it is. */
  person: string
  /** When it was fetched, in milliseconds; nought for never. */
  at: number
  lines: Line[]
  openings: Opening[]
  /** What one may do state by state, by role. */
  steps: Record<string, Step[]>
  /** The ground of one's posts and what lies in it. */
  places: Place[]
}

const EMPTY: Day = { person: '', at: 0, lines: [], openings: [], steps: {}, places: [] }
/** What lies below `mine` goes with the log-out. */
const DAY = 'mine.day'
const nameOf = (id: string) => `mine.case.${id}`

export const day = reactive({ ...EMPTY, busy: false, error: '' })

export const held = (id: string): Held | undefined => kept<Held | undefined>(nameOf(id), undefined)

/** What a case without a title goes by: the door it is about. */
export const doorOf = (of: Held | undefined): string => of?.it.facts.find(it => it.kind === 'household')?.text ?? ''

/** The role of one of my posts. */
export const roleOf = (post: string): string => session.me?.posts.find(it => it.post === post)?.role ?? ''

export const stepsOf = (post: string): Step[] => day.steps[roleOf(post)] ?? []

/** As which post a case is acted on: mine that owns it, else the one I act as. */
export function postFor(owner: string | null | undefined): string {
  const mine = session.me?.posts.some(it => it.post === owner)
  return (mine ? owner : session.me?.acting) ?? ''
}

/** Shows what this phone holds of the person's day; another person's is thrown away. */
export function openDay(): void {
  const last = kept(DAY, EMPTY)
  const me = session.me?.person
  if ([last.person, day.person].some(it => me && it && it !== me)) return forgetDay()
  if (last.at >= day.at) Object.assign(day, last)
}

export function forgetDay(): void {
  dropAll('mine.')
  Object.assign(day, EMPTY)
}

/** Fetches what has changed; without a signal what is there stays, and `error` says so. */
export async function refreshDay(): Promise<void> {
  if (day.busy) return
  day.busy = true
  try {
    await fetchDay()
    day.error = ''
  } catch (error) {
    day.error = tell(error).words
  } finally {
    day.busy = false
  }
}

async function fetchDay(): Promise<void> {
  const [lines, openings, steps, places] = await Promise.all([myLines(), api.get('/api/v1/openings'), mySteps(), myPlaces()])
  await inTurn(lines, fetchCase)
  for (const gone of day.lines) if (!lines.some(it => it.id === gone.id)) drop(nameOf(gone.id))
  const fetched: Day = { person: session.me?.person ?? '', at: Date.now(), lines, openings, steps, places }
  Object.assign(day, fetched)
  if (!keep(DAY, fetched)) throw new Error('no room')
}

async function myLines(): Promise<Line[]> {
  const found: Line[] = []
  let after: string | undefined
  do {
    const page = await api.get('/api/v1/cases', { query: { owner: 'mine', open: true, limit: 200, ...(after ? { after } : {}) } })
    found.push(...page.items)
    after = page.next ?? undefined
  } while (after && found.length < MOST)
  return found
}

/** Nobody has more to do in a day; the phone's room is for these and for photos. */
const MOST = 400

async function fetchCase(line: Line): Promise<void> {
  if (held(line.id)?.it.revision !== line.revision) await readCase(line.id, line.owner)
}

/** Reads a case anew, as the post that owns it. */
export async function readCase(id: string, owner: string | null | undefined): Promise<Held> {
  const post = postFor(owner)
  const call = { path: { id }, ...(post ? { headers: { 'jinlin-post': post } } : {}) }
  const [it, actions, history] = await Promise.all([
    api.get('/api/v1/cases/{id}', call),
    api.get('/api/v1/cases/{id}/actions', call),
    api.get('/api/v1/cases/{id}/history', call),
  ])
  const read = { it, actions, history }
  keep(nameOf(id), read)
  return read
}

async function mySteps(): Promise<Record<string, Step[]>> {
  const byRole = new Map((session.me?.posts ?? []).map(it => [it.role, it.post]))
  const all = [...byRole].map(async ([role, post]) => [role, await api.get('/api/v1/steps', { headers: { 'jinlin-post': post } })] as const)
  return Object.fromEntries(await Promise.all(all))
}

async function myPlaces(): Promise<Place[]> {
  const grounds = (session.me?.posts ?? []).flatMap(it => it.place ?? [])
  const inside = await Promise.all(grounds.map(it => api.get('/api/v1/places', { query: { parent: it.code, limit: 200 } })))
  const all = [...grounds, ...inside.flat().map(({ id, code, level, name }) => ({ id, code, level, name }))]
  return [...new Map(all.map(it => [it.code, it])).values()]
}

/** Three at a time: a phone's line is thin, and an answer lost is asked for again. */
async function inTurn<T>(all: readonly T[], deed: (it: T) => Promise<void>): Promise<void> {
  const rest = [...all]
  const worker = async () => {
    for (let it = rest.shift(); it !== undefined; it = rest.shift()) await deed(it)
  }
  await Promise.all([worker(), worker(), worker()])
}
