// Sending a photo: in one request when it is small and the signal holds, else in pieces that go on where
// they stopped.
import { sha256 } from '@noble/hashes/sha2.js'
import { utf8ToBytes } from '@noble/hashes/utils.js'
import type { Photo } from '@/photo/photo'
import { hexOf } from '@/keep/key'
import { ApiError, spoken, unnamedWords, Unreachable, type Schemas } from './client'
import { SERVER } from './server'
// #ifdef H5
import { askUnnamed } from './unnamed'
// #endif

export interface Sent {
  /** Its id is its name at the server until it is whole: a UUID. What is marked to be hidden is made
      unrecognisable before anybody sees it. */
  photo: Pick<Photo, 'id' | 'hide' | 'evidence'>
  bytes: ArrayBuffer
  /** Whether it is sent as if nobody were logged in. */
  unnamed?: boolean
}

type Uploaded = Schemas['Uploaded']

/** The server has not hidden what was marked: the file is not used. */
export class NotHidden extends Error {}

const PIECE = 1024 * 1024

export async function upload(sent: Sent): Promise<Uploaded> {
  const answer = sent.bytes.byteLength <= PIECE ? await atOnce(sent) : await inPieces(sent)
  // Faces that were found are hidden too: there may be more than were marked.
  const marked = sent.photo.hide.length
  if (marked > 0 && !(answer.hidden >= marked)) throw new NotHidden()
  return answer
}

const atOnce = (sent: Sent): Promise<Uploaded> => finish(sent, { file: sent.bytes })

async function inPieces(sent: Sent): Promise<Uploaded> {
  const size = sent.bytes.byteLength
  let { received } = await drafted('GET', sent)
  while (received < size) {
    received = (await drafted('PUT', sent, received)).received
  }
  return finish(sent, { draft: sent.photo.id, sha256: hexOf(sha256(new Uint8Array(sent.bytes))) })
}

/** How much of a draft is there, after one piece more or as it is. */
async function drafted(method: 'GET' | 'PUT', sent: Sent, offset = 0): Promise<{ received: number }> {
  const query = method === 'PUT' ? `?offset=${offset}` : ''
  const type: Record<string, string> = method === 'PUT' ? { 'content-type': 'application/octet-stream' } : {}
  const data = method === 'PUT' ? sent.bytes.slice(offset, offset + PIECE) : undefined
  const answer = await ask(sent, { method, path: `/api/v1/uploads/drafts/${sent.photo.id}${query}`, header: type, data })
  // The server has another count than we: it goes before ours.
  const known = answer.body as { received?: number }
  if (answer.status === 409 && known.received !== undefined) return { received: known.received }
  return good<{ received: number }>(answer)
}

async function finish(sent: Sent, parts: Record<string, string | ArrayBuffer>): Promise<Uploaded> {
  const wishes = wishesOf(sent)
  const boundary = `jinlin-${sent.photo.id}`
  const type = { 'content-type': `multipart/form-data; boundary=${boundary}`, 'idempotency-key': keyOf(sent, wishes) }
  const body = form({ ...wishes, ...parts }, boundary)
  return good<Uploaded>(await ask(sent, { method: 'POST', path: '/api/v1/uploads', header: type, data: body }))
}

const wishesOf = ({ photo: { hide, evidence } }: Sent): Record<string, string> => ({
  ...(hide.length > 0 ? { hide: JSON.stringify(hide) } : {}),
  ...(evidence ? { evidence: 'true' } : {}),
})

/** The same photo with other wishes is another upload. */
function keyOf({ photo }: Sent, wishes: Record<string, string>): string {
  if (Object.keys(wishes).length === 0) return photo.id
  return `${photo.id}-${hexOf(sha256(utf8ToBytes(JSON.stringify(wishes)))).slice(0, 16)}`
}

/** A multipart form, byte for byte: mini programs have neither FormData nor a way to name its parts. */
export function form(parts: Record<string, string | ArrayBuffer>, boundary: string): ArrayBuffer {
  const pieces: Uint8Array[] = []
  for (const [name, value] of Object.entries(parts)) {
    const file = typeof value !== 'string'
    const about = file ? '; filename="photo.jpg"\r\ncontent-type: image/jpeg' : ''
    pieces.push(ascii(`--${boundary}\r\ncontent-disposition: form-data; name="${name}"${about}\r\n\r\n`))
    pieces.push(file ? new Uint8Array(value) : ascii(value), ascii('\r\n'))
  }
  pieces.push(ascii(`--${boundary}--\r\n`))
  return joined(pieces)
}

const ascii = (text: string) => Uint8Array.from(text, it => it.charCodeAt(0))

function joined(pieces: readonly Uint8Array[]): ArrayBuffer {
  const whole = new Uint8Array(pieces.reduce((size, it) => size + it.length, 0))
  let at = 0
  for (const it of pieces) {
    whole.set(it, at)
    at += it.length
  }
  return whole.buffer
}

interface Got {
  status: number
  body: unknown
}

interface Asked {
  method: 'GET' | 'PUT' | 'POST'
  path: string
  header: Record<string, string>
  data?: ArrayBuffer
}

function ask({ unnamed }: Sent, { method, path, header, data }: Asked): Promise<Got> {
  const said = { accept: 'application/json', ...(unnamed ? unnamedWords() : spoken()), ...header }
  // #ifdef H5
  if (unnamed) return askAsNobody(SERVER + path, { method, headers: said, body: data })
  // #endif
  return new Promise((answer, fail) => {
    uni.request({
      url: SERVER + path,
      method,
      header: said,
      ...(data ? { data } : {}),
      timeout: 120_000,
      success: it => answer({ status: it.statusCode, body: it.data }),
      fail: reason => fail(new Unreachable(reason)),
    })
  })
}

// #ifdef H5
async function askAsNobody(url: string, init: RequestInit): Promise<Got> {
  const answer = await askUnnamed(url, init)
  return { status: answer.status, body: await answer.json().catch(() => ({})) }
}
// #endif

function good<T>({ status, body }: Got): T {
  const read = typeof body === 'object' && body !== null ? body : {}
  if (status >= 400) throw new ApiError(status, read)
  return read as T
}
