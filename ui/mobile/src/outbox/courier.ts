// Takes what the outbox sends to the server, in the name in which it was said.
import type { Api } from '@jinlin/api'
import { api, ApiError, unnamed, type Schemas } from '@/api/client'
import { NotHidden, upload as sendPhoto } from '@/api/upload'
import type { Draft } from '@/draft/draft'
import { caseOf, wordsOf } from '@/draft/report'
import { t } from '@/locale'
import { device } from '@/photo/device'
import { session } from '@/session/session'
import { filled } from './fill'
import type { Answer, Item, Meanwhile, Photo, Voice } from './item'
import { PhotoLost, type Courier } from './outbox'

type Case = Schemas['Case']

const clientOf = (voice: Voice) => (voice.person || voice.claim ? api : unnamed)

function said(voice: Voice): Record<string, string> {
  if (voice.claim) return { 'jinlin-claim': voice.claim }
  return voice.post ? { 'jinlin-post': voice.post } : {}
}

async function send(it: Item): Promise<Answer> {
  const client = clientOf(it.voice)
  const headers = { ...said(it.voice), 'idempotency-key': it.id }
  if (it.command.kind === 'report') return report(it.command.draft, it.photos, { client, headers })
  const command = filled(it.command, it.photos)
  switch (command.kind) {
    case 'open':
      return answer(await client.post('/api/v1/cases', { body: command.body, headers }))
    case 'join':
      return answer(await client.post('/api/v1/cases/{id}/join', { path: { id: command.case }, body: command.form, headers }))
    case 'act':
      return answer(
        await client.post('/api/v1/cases/{id}/actions/{action}', {
          path: { id: command.case, action: command.action },
          body: command.form,
          headers: { ...headers, 'if-match': String(command.revision) },
        }),
      )
  }
}

async function report(draft: Draft, photos: readonly Photo[], { client, headers }: { client: Api; headers: Record<string, string> }): Promise<Answer> {
  if (draft.joins) return answer(await client.post('/api/v1/cases/{id}/join', { path: { id: draft.joins }, body: wordsOf(draft), headers }))
  const uploads = photos.flatMap(it => it.upload ?? [])
  return answer(await client.post('/api/v1/cases', { body: caseOf(draft, uploads), headers }))
}

function answer({ id, number, revision, entry, claim_code }: Case): Answer {
  return { case: id, number, revision, entry, ...(claim_code ? { claim: claim_code } : {}) }
}

async function meanwhile({ command, voice }: Item): Promise<Meanwhile> {
  if (command.kind !== 'act') throw new Error('nothing was read before')
  const call = { path: { id: command.case }, headers: said(voice) }
  const [now, history] = await Promise.all([
    api.get('/api/v1/cases/{id}', call),
    api.get('/api/v1/cases/{id}/history', call),
  ])
  const read = history.findIndex(moment => moment.entry === command.entry)
  const acts = history.slice(read + 1).map(({ by, at, action_title }) => ({ by, at, action: action_title }))
  return { state: now.state_title, acts }
}

async function upload(photo: Photo, { voice }: Item): Promise<string> {
  const bytes = await device.bytes(photo.id).catch(() => {
    throw new PhotoLost()
  })
  const unnamed = !voice.person && !voice.claim
  return (await sendPhoto({ photo, bytes, unnamed }).catch(shown)).id
}

/** What was marked to be hidden is not: nothing is said with it, and the sender is told. */
function shown(error: unknown): never {
  throw error instanceof NotHidden ? new ApiError(422, { code: 'not_hidden', detail: t('say.not_hidden') }) : error
}

export const courier: Courier = {
  person: () => session.me?.person ?? '',
  send,
  meanwhile,
  upload,
  forget: photo => device.drop(photo.id),
}
