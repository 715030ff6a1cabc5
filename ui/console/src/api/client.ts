// The console's one client. It knows language and acting post from what is set here, not from the
// stores, so that the stores may use it themselves.
import { ApiError, createApi, Unreachable, type Api, type Schemas } from '@jinlin/api'
import { viaFetch } from '@jinlin/api/web'

export type { Schemas }
export { ApiError, Unreachable } from '@jinlin/api'

/** What every request says besides its own words. */
export const context = {
  language: 'zh-CN',
  post: undefined as string | undefined,
  /** Called when the session is over, wherever that is noticed. */
  onEnd: () => {},
}

function headers(): Record<string, string> {
  const said: Record<string, string> = { 'accept-language': context.language }
  if (context.post) said['jinlin-post'] = context.post
  return said
}

export const api: Api = createApi(
  async wire => {
    const answer = await viaFetch(wire)
    if (answer.status === 401 && answer.text.includes('"unauthenticated"')) context.onEnd()
    return answer
  },
  { headers },
)

/** An address that a browser fetches by itself (an image, a download, a stream): headers cannot be set there. */
export function addressOf(path: string): string {
  return context.post ? `${path}?as=${context.post}` : path
}

/** Uploads a file; the answer's id is what a form holds. As evidence, its original is kept sealed. */
export async function upload(file: File, evidence: boolean): Promise<Schemas['Uploaded']> {
  const body = new FormData()
  body.append('file', file)
  if (evidence) body.append('evidence', 'true')
  const answer = await fetch('/api/v1/uploads', {
    method: 'POST',
    body,
    headers: { accept: 'application/json', ...headers(), 'idempotency-key': freshKey() },
    credentials: 'same-origin',
  })
  const read: unknown = await answer.json().catch(() => ({}))
  if (!answer.ok) throw new ApiError(answer.status, read as Partial<Schemas['Problem']>)
  return read as Schemas['Uploaded']
}

/** A key by which a repeated request is known. `crypto.randomUUID` is missing on plain http. */
export function freshKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  return Array.from(bytes, byte => byte.toString(16).padStart(2, '0')).join('')
}

export interface Fetched {
  /** As the server names it; empty when it does not. */
  name: string
  blob: Blob
}

/** A file that the server makes, in the language and post of every other call; with a body, it is made for it. */
export async function fetchFile(path: string, body?: unknown): Promise<Fetched> {
  const asked = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }
  const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' }
  const answer = await fetch(path, { ...asked, headers: { ...headers(), ...type }, credentials: 'same-origin' }).catch((reason: unknown) => {
    throw new Unreachable(reason)
  })
  if (answer.status === 401) context.onEnd()
  if (!answer.ok) throw new ApiError(answer.status, (await answer.json().catch(() => ({}))) as Partial<Schemas['Problem']>)
  return { name: nameOf(answer.headers.get('content-disposition') ?? ''), blob: await answer.blob() }
}

function nameOf(disposition: string): string {
  const [, coded] = /filename\*=UTF-8''([^;]+)/i.exec(disposition) ?? []
  const [, plain] = /filename="?([^";]+)"?/i.exec(disposition) ?? []
  return coded ? decodeURIComponent(coded) : (plain ?? '')
}
