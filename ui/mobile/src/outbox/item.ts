// What waits to be sent, and the rules by which it is: whose turn it is, what an answer means for it.
// Pure: time, storage and the network come from outside.
import type { Problem, Schemas } from '@jinlin/api'
import type { Draft } from '@/draft/draft'
import type { Photo as Taken } from '@/photo/photo'

/** In whose name something is said. Nothing is ever sent in another's; empty where there is none. */
export interface Voice {
  person: string
  post: string
  claim: string
}

export type Command =
  /** What a resident wrote: opened as a request, or joined to one. It is kept whole, to be changed again. */
  | { kind: 'report'; draft: Draft }
  | { kind: 'open'; body: Schemas['NewCase'] }
  | { kind: 'join'; case: string; form: Record<string, unknown> }
  /** `revision` and `entry` are those of the case as it was read. A case that waits here to be opened
      goes by the id of its item. */
  | { kind: 'act'; case: string; action: string; revision: number; entry: string; form: Record<string, unknown> }

/** A photo kept on this device until it is sent, and the field it answers. */
export interface Photo extends Taken {
  field: string
  many: boolean
}

export interface Answer {
  case: string
  number: string
  revision: number
  entry: string
  claim?: string
}

/** What others did to a case since it was read. */
export interface Meanwhile {
  state: string
  acts: { by: string; at: string; action: string }[]
}

export type Why = 'no_signal' | 'busy' | 'log_in'

export type State =
  | { is: 'waiting'; tries: number; after: number; why?: Why }
  | { is: 'sending'; tries: number }
  | { is: 'sent'; at: number; answer: Answer }
  | { is: 'refused'; at: number; problem: Problem }
  | { is: 'conflict'; at: number; problem: Problem; meanwhile?: Meanwhile }

export interface Item {
  /** Also the idempotency key. */
  id: string
  /** What is said about one case is sent in order. */
  lane: string
  /** When it was said, in milliseconds; grows strictly on one device. */
  at: number
  /** For people: what it is, and about what. */
  title: string
  about: string
  voice: Voice
  command: Command
  photos: Photo[]
  state: State
}

export type Saying = Pick<Item, 'title' | 'about' | 'voice' | 'command' | 'photos'>

/** The server knows a key for thirty days; beyond, a repeated command could be done twice. */
const KEY_LIVES = 25 * 24 * 3_600_000
/** What was sent stays to be seen. */
const SENT_STAYS = 3 * 24 * 3_600_000
const PAUSES = [5, 15, 45, 120, 300].map(seconds => seconds * 1000)

export const backoff = (tries: number): number => PAUSES[Math.min(tries, PAUSES.length - 1)] ?? 0

export function item(id: string, saying: Saying, at: number): Item {
  const { command } = saying
  const lane = 'case' in command ? command.case : id
  return { ...saying, id, lane, at, state: { is: 'waiting', tries: 0, after: 0 } }
}

export const isDone = (it: Item): boolean => it.state.is === 'sent'
/** Somebody has to decide. */
export const isStuck = (it: Item): boolean => it.state.is === 'refused' || it.state.is === 'conflict'

export const inOrder = (items: readonly Item[]): Item[] => [...items].sort((a, b) => a.at - b.at)

/** What must be sent before it. */
export const before = (items: readonly Item[], one: Item): Item[] =>
  items.filter(it => it.lane === one.lane && it.at < one.at && !isDone(it))

/** What hangs on it: said later about the same case. */
export const following = (items: readonly Item[], one: Item): Item[] =>
  items.filter(it => it.lane === one.lane && it.at > one.at && !isDone(it))

/** Whether it may be sent under the session of `person`. */
const isTheirs = (it: Item, person: string): boolean => !it.voice.person || it.voice.person === person

/** What is to be sent now, the oldest first; nothing overtakes within one case. */
export function next(items: readonly Item[], now: number, person: string): Item | undefined {
  return inOrder(items).find(it => {
    const { state } = it
    // What was being sent when the phone went out is sent again: its key says that it is the same.
    const ready = state.is === 'sending' || (state.is === 'waiting' && state.after <= now)
    return ready && isTheirs(it, person) && before(items, it).length === 0
  })
}

/** When something will be ready that is not yet; none when nothing waits for its time. */
export function nextAt(items: readonly Item[], person: string): number | undefined {
  const times = items.flatMap(it =>
    it.state.is === 'waiting' && isTheirs(it, person) && before(items, it).length === 0 ? [it.state.after] : [],
  )
  return times.length > 0 ? Math.min(...times) : undefined
}

/** Whether the server may know of it: nothing is sent before its photos are there. From then on it is sent
    as it is, or not at all. */
export function mayHaveArrived(it: Item): boolean {
  const tried = it.state.is === 'sending' || (it.state.is === 'waiting' && it.state.tries > 0)
  return tried && it.photos.every(photo => photo.upload)
}

/** All its photos on this device; joining sends none, but they were taken. */
export const photosOf = ({ command, photos }: Item): readonly Taken[] => (command.kind === 'report' ? command.draft.photos : photos)

/** What stays here once it is at the server: of what a resident wrote, nothing. */
export function leftBehind(it: Item): Item {
  const gone = { ...it, photos: [] }
  if (it.command.kind !== 'report') return gone
  const { key, procedure, asker, step } = it.command.draft
  return { ...gone, command: { kind: 'report', draft: { key, procedure, asker, step, text: '', photos: [], contact: '' } } }
}

export const triesOf = (it: Item): number => ('tries' in it.state ? it.state.tries : 0)

/** Whether its key may be forgotten at the other end while nobody knows if it arrived. */
export const isTooOld = (it: Item, now: number): boolean => triesOf(it) > 0 && now - it.at > KEY_LIVES

/** Whether there is nothing more to see of it. A claim code is the only way back: it stays until it was seen. */
export const isOver = (it: Item, now: number): boolean => it.state.is === 'sent' && !it.state.answer.claim && now - it.state.at > SENT_STAYS

/** A later word on the same case was said knowing this one: it goes on from this one's answer, which
    also says which case it is that was opened here. */
export function onward(it: Item, answer: Answer): Item {
  const { command } = it
  if (command.kind !== 'act') return it
  const { case: opened, revision, entry } = answer
  return { ...it, lane: opened, command: { ...command, case: opened, revision, entry } }
}

/** Answers that say: what you saw is no longer so. */
const STALE = new Set(['stale', 'wrong_state', 'ended', 'approval_pending'])

/** Answers that say: something stands before the log-in is complete. */
const BARRED = new Set(['change_password', 'set_totp'])

export type Verdict = 'again' | 'busy' | 'log_in' | 'conflict' | 'refused'

/** What an answer that is no success means. Without a code, a proxy spoke and not our server. */
export function verdict(status: number, problem: Problem): Verdict {
  const code = problem.code ?? ''
  if (status === 429) return 'busy'
  if (status === 408 || status >= 500 || !code) return 'again'
  if (status === 401 || BARRED.has(code)) return 'log_in'
  return STALE.has(code) ? 'conflict' : 'refused'
}
