// Sending what was said: at once, or when the signal returns. Each draft is sent exactly once, by its
// key, which the server knows again.
import { watch } from 'vue'
import { api, ApiError, unnamed, Unreachable, type Schemas } from '@/api/client'
import { NotHidden, upload } from '@/api/upload'
import { tell } from '@/api/problem'
import { t } from '@/locale'
import { device } from '@/photo/device'
import { discard, drafts, titleOf, type Arrived, type Draft } from './draft'

type Case = Schemas['Case']

/** What is left to be said about a draft that was handed over. */
export type Outcome = { arrived: Arrived } | { waits: true } | { refused: string }

/** Hands over what was written. Whatever happens, it is either at the server or still on the device. */
export async function handOver(draft: Draft): Promise<Outcome> {
  drafts.writing = undefined
  draft.refused = undefined
  drafts.waiting.push(draft)
  return deliver(drafts.waiting[drafts.waiting.length - 1] ?? draft)
}

async function deliver(draft: Draft): Promise<Outcome> {
  try {
    const arrived = arrivedOf(await sendOnce(draft), draft)
    await discard(draft)
    drafts.arrived.push(arrived)
    return { arrived }
  } catch (error) {
    return failed(draft, error)
  }
}

/** No signal, or a server that is busy: it waits. Whatever else the server says goes to the writer. */
function failed(draft: Draft, error: unknown): Outcome {
  const busy = error instanceof ApiError && (error.status >= 500 || error.status === 429 || error.status === 409)
  if (error instanceof Unreachable || busy) return { waits: true }
  draft.refused = error instanceof NotHidden ? t('say.not_hidden') : allWords(error)
  // Refused is not taken in: it may be changed, and is then another request.
  draft.tried = false
  return { refused: draft.refused }
}

function allWords(error: unknown): string {
  const { words, fields } = tell(error)
  return [words, ...Object.values(fields)].join(' ')
}

const running = new Map<string, Promise<Case>>()

/** One sending of a draft at a time, whoever asks. */
function sendOnce(draft: Draft): Promise<Case> {
  const under = running.get(draft.key) ?? send(draft).finally(() => running.delete(draft.key))
  running.set(draft.key, under)
  return under
}

async function send(draft: Draft): Promise<Case> {
  const hidden = draft.asker === 'anonymous'
  for (const photo of draft.joins ? [] : draft.photos) {
    if (photo.upload) continue
    const bytes = await device.bytes(photo.id)
    photo.upload = (await upload({ draft: photo.id, bytes, hide: photo.hide, unnamed: hidden })).id
  }
  draft.tried = true
  const client = hidden ? unnamed : api
  const headers = { 'idempotency-key': draft.key }
  if (!draft.joins) return client.post('/api/v1/cases', { body: caseOf(draft), headers })
  return client.post('/api/v1/cases/{id}/join', { path: { id: draft.joins }, body: wordsOf(draft), headers })
}

const photosOf = (draft: Draft) => draft.photos.flatMap(it => it.upload ?? [])

/** A request as the server opens it. */
export function caseOf(draft: Draft): Schemas['NewCase'] {
  const { procedure, matter, place, point, asker, text } = draft
  const contact = asker === 'anonymous' ? '' : draft.contact.trim()
  return {
    procedure,
    title: titleOf(text),
    body: text.trim(),
    asker,
    ...(matter ? { matter } : {}),
    ...(place ? { place: place.code } : {}),
    ...(point ? { location: point } : {}),
    ...(contact ? { contact } : {}),
    ...(draft.photos.length > 0 ? { attachments: photosOf(draft) } : {}),
  }
}

/** Words of one's own, added to somebody's open request; joining takes no photos. */
const wordsOf = ({ text }: Draft): Record<string, unknown> => ({ title: titleOf(text), body: text.trim() })

function arrivedOf(made: Case, draft: Draft): Arrived {
  const claim = made.claim_code ? { claim: made.claim_code } : {}
  return { id: made.id, number: made.number, title: made.title ?? titleOf(draft.text), ...claim }
}

/** The person has seen it. */
export function seen(id: string): void {
  drafts.arrived = drafts.arrived.filter(it => it.id !== id)
}

/** Sends what waits; answers what has arrived by it. */
export async function sendWaiting(): Promise<Arrived[]> {
  const outcomes = []
  for (const draft of drafts.waiting.filter(it => !it.refused)) outcomes.push(await deliver(draft))
  return outcomes.flatMap(it => ('arrived' in it ? [it.arrived] : []))
}

/** From now on, what waits is sent whenever there is a signal; `told` hears what has arrived. */
export function keepSending(told: (arrived: Arrived[]) => void): void {
  const once = async () => {
    const arrived = await sendWaiting()
    if (arrived.length > 0) told(arrived)
  }
  uni.onNetworkStatusChange(({ isConnected }) => {
    if (isConnected) void once()
  })
  // A phone that says it is connected may still not reach the server: asked again while something waits.
  let timer: ReturnType<typeof setInterval> | undefined
  const pending = () => drafts.waiting.some(it => !it.refused)
  watch(pending, some => {
    clearInterval(timer)
    if (some) timer = setInterval(once, 15_000)
  }, { immediate: true })
  void once()
}
