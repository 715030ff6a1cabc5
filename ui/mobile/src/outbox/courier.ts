// Takes what the outbox sends to the server, in the name in which it was said.
import { api, context, spoken, unnamed, type Schemas } from '@/api/client'
import { SERVER } from '@/api/server'
import { session } from '@/session/session'
import { ApiError, Unreachable } from '@jinlin/api'
import { filled } from './fill'
import { FORM_TYPE, formOf } from './form'
import type { Answer, Item, Meanwhile, Photo, Voice } from './item'
import { PhotoLost, type Courier } from './outbox'
import { photos } from './photos'

type Case = Schemas['Case']

const clientOf = (voice: Voice) => (voice.person || voice.claim ? api : unnamed)

function said(voice: Voice): Record<string, string> {
  if (voice.claim) return { 'jinlin-claim': voice.claim }
  return voice.post ? { 'jinlin-post': voice.post } : {}
}

async function send(it: Item): Promise<Answer> {
  const command = filled(it.command, it.photos)
  const client = clientOf(it.voice)
  const headers = { ...said(it.voice), 'idempotency-key': it.id }
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

/** Ten megabytes, the most that the server takes for a photo. */
const MOST = 10 * 1024 * 1024

async function upload(photo: Photo, { voice }: Item): Promise<string> {
  const bytes = await photos.piece(photo.kept, 0, MOST)
  if (!bytes) throw new PhotoLost()
  const headers = { ...(voice.person || voice.claim ? spoken() : { 'accept-language': context.language }), ...said(voice) }
  const answered = await post('/api/v1/uploads', formOf(wishes(photo), bytes), { ...headers, 'idempotency-key': photo.id })
  return (answered as Schemas['Uploaded']).id
}

function wishes({ readPlace, hide, evidence }: Photo): Record<string, string> {
  return {
    ...(readPlace ? { read_place: 'true' } : {}),
    ...(hide?.length ? { hide: JSON.stringify(hide) } : {}),
    ...(evidence ? { evidence: 'true' } : {}),
  }
}

function post(path: string, data: ArrayBuffer, header: Record<string, string>): Promise<unknown> {
  return new Promise((done, fail) =>
    uni.request({
      url: SERVER + path,
      method: 'POST',
      header: { ...header, 'content-type': FORM_TYPE },
      data,
      timeout: 120_000,
      success: ({ statusCode, data: answered }) =>
        statusCode < 300 ? done(answered) : fail(new ApiError(statusCode, answered as Schemas['Problem'])),
      fail: reason => fail(new Unreachable(reason)),
    }),
  )
}

export const courier: Courier = {
  person: () => session.me?.person ?? '',
  send,
  meanwhile,
  upload,
  forget: photo => photos.drop(photo.kept),
}
