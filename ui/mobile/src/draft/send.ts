// Handing what was written over to the outbox, and what became of it there.
import { computed } from 'vue'
import { tell } from '@/api/problem'
import { ApiError } from '@/api/client'
import { freshKey } from '@/keep/key'
import { t } from '@/locale'
import { outbox, outgoing, say, tried } from '@/outbox/box'
import { isStuck, mayHaveArrived, photosOf, type Command, type Item, type Saying, type Voice, type Why } from '@/outbox/item'
import { session } from '@/session/session'
import { drafts, titleOf, type Draft } from './draft'

/** What has reached the server. */
export interface Arrived {
  id: string
  number: string
  title: string
  /** Of what was said without a log-in: the only way back. */
  claim?: string
}

/** What is left to be said about a draft that was handed over. */
export type Outcome = { arrived: Arrived } | { waits: Why | 'no_signal' } | { refused: string }

export type Report = Item & { command: Extract<Command, { kind: 'report' }> }

const isReport = (it: Item): it is Report => it.command.kind === 'report'

/** Whether whoever holds the phone now may see it; where nobody is logged in, that is whoever wrote it. */
const isSeen = ({ voice }: Item): boolean => !voice.person || !session.me || voice.person === session.me.person

/** What was handed over here and has not been seen to arrive, the oldest first. */
export const reports = computed(() => outgoing.value.filter(isReport).filter(isSeen))

/** Without a name it is said as if nobody were logged in. */
const voiceOf = ({ asker }: Draft): Voice => ({ person: asker === 'anonymous' ? '' : (session.me?.person ?? ''), post: '', claim: '' })

export function sayingOf(written: Draft): Saying {
  // What is shown is watched; what is kept is not.
  const draft = JSON.parse(JSON.stringify(written)) as Draft
  const photos = draft.joins ? [] : draft.photos.map(it => ({ ...it, field: 'photos', many: true }))
  return { title: titleOf(draft.text), about: draft.place?.name ?? '', voice: voiceOf(draft), command: { kind: 'report', draft }, photos }
}

/** Hands over what was written. Whatever happens, it is either at the server or still on the device. */
export async function handOver(draft: Draft): Promise<Outcome> {
  const { id } = say(sayingOf(draft), draft.key)
  drafts.writing = undefined
  await tried(id)
  return outcomeOf(outbox.items().find(it => it.id === id))
}

function outcomeOf(it: Item | undefined): Outcome {
  if (it?.state.is === 'sent') return { arrived: arrivedOf(it) }
  if (it && isStuck(it)) return { refused: whyNot(it) }
  return { waits: (it?.state.is === 'waiting' && it.state.why) || 'no_signal' }
}

export function arrivedOf({ state, title }: Item): Arrived {
  if (state.is !== 'sent') throw new Error('it has not arrived')
  const { case: id, number, claim } = state.answer
  return { id, number, title, ...(claim ? { claim } : {}) }
}

/** Why the server would not take it, in words. */
export function whyNot({ state }: Item): string {
  if (!('problem' in state)) return ''
  const { problem } = state
  if (problem.code === 'photo_lost' || problem.code === 'too_old') return t(`draft.${problem.code}`)
  const { words, fields } = tell(new ApiError(0, problem))
  return [words, ...Object.values(fields)].join(' ')
}

/** Whether it can be changed: what may have arrived stays as it is, and one thing is written at a time. */
export const canChange = (it: Report): boolean => it.state.is !== 'sending' && it.state.is !== 'sent' && !mayHaveArrived(it) && !drafts.writing

/** Takes it back to be changed. */
export function takeBack(it: Report): boolean {
  if (!canChange(it)) return false
  const { draft } = it.command
  // What was uploaded need not be sent again.
  const uploads = new Map(it.photos.map(one => [one.id, one.upload]))
  const photos = photosOf(it).map(one => ({ ...one, ...(uploads.get(one.id) ? { upload: uploads.get(one.id) } : {}) }))
  void outbox.takeBack(it.id)
  // Changed, it is another request.
  drafts.writing = { ...draft, photos, key: freshKey() }
  return true
}

/** Somebody has seen that it arrived. */
export function seen(id: string): void {
  const it = reports.value.find(one => one.state.is === 'sent' && one.state.answer.case === id)
  if (it) void outbox.drop(it.id)
}

/** Calls back when something arrives that had to wait. */
export const whenArrived = (told: () => void) => outbox.receive(it => isReport(it) && it.state.is === 'sending' && it.state.tries > 0 && told())
