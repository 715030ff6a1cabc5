import { beforeEach, expect, test, vi } from 'vitest'
import type { Photo } from '@/photo/photo'
import { form, NotHidden, upload, type Sent } from './upload'

interface Request {
  url: string
  method: string
  header: Record<string, string>
  data?: ArrayBuffer
  success: (it: { statusCode: number; data: unknown }) => void
  fail: (reason: unknown) => void
}

const MIB = 1024 * 1024

/** A server with one draft; it loses the signal before the requests whose numbers are in `lost`. */
class Server {
  held: number[] = []
  asked: string[] = []
  keys: (string | undefined)[] = []
  last = new ArrayBuffer(0)
  constructor(readonly lost: number[] = [], readonly hidden = 0) {}

  request(it: Request) {
    this.asked.push(`${it.method} ${it.url.replace('/api/v1/uploads', '')} ${it.data?.byteLength ?? 0}`)
    if (this.lost.includes(this.asked.length)) return it.fail('no signal')
    if (it.method === 'POST') {
      this.last = it.data ?? this.last
      this.keys.push(it.header['idempotency-key'])
      return it.success({ statusCode: 201, data: { id: 'u1', hidden: this.hidden } })
    }
    if (it.method === 'PUT') this.take(it)
    it.success({ statusCode: 200, data: { received: this.received() } })
  }

  take(it: Request) {
    if (Number(it.url.split('offset=')[1]) === this.received()) this.held.push(it.data?.byteLength ?? 0)
  }

  received() {
    return this.held.reduce((sum, size) => sum + size, 0)
  }
}

function serve(...about: ConstructorParameters<typeof Server>): Server {
  const made = new Server(...about)
  vi.stubGlobal('uni', { request: (it: Request) => made.request(it) })
  return made
}

const photo = (size: number, wishes: Partial<Photo> = {}): Sent => ({ photo: { id: 'd', hide: [], ...wishes }, bytes: new ArrayBuffer(size) })
const patch: Photo['hide'] = [[0, 0, 100, 100]]

beforeEach(() => vi.unstubAllGlobals())

test('a small photo goes in one request', async () => {
  const server = serve()
  await expect(upload(photo(1000))).resolves.toMatchObject({ id: 'u1' })
  expect(server.asked).toHaveLength(1)
})

test('a large photo goes in pieces of a mebibyte and is named by its digest', async () => {
  const server = serve()
  await upload(photo(2.5 * MIB))
  expect(server.held).toEqual([MIB, MIB, MIB / 2])
  const text = new TextDecoder().decode(server.last)
  expect(text).toContain('name="draft"')
  expect(text).toMatch(/name="sha256"\r\n\r\n[0-9a-f]{64}\r\n/)
})

test('after a lost signal it goes on where it stopped', async () => {
  const server = serve([3])
  await expect(upload(photo(3 * MIB))).rejects.toThrow('unreachable')
  expect(server.held).toEqual([MIB])
  await upload(photo(3 * MIB))
  expect(server.held).toEqual([MIB, MIB, MIB])
})

test('a photo whose marked parts were not hidden is not used', async () => {
  serve([], 0)
  await expect(upload(photo(10, { hide: patch }))).rejects.toThrow(NotHidden)
  serve([], 1)
  await expect(upload(photo(10, { hide: patch }))).resolves.toMatchObject({ hidden: 1 })
})

test('faces that the server found beside what was marked are no failure', async () => {
  serve([], 3)
  await expect(upload(photo(10, { hide: patch }))).resolves.toMatchObject({ hidden: 3 })
})

test('an original is kept as evidence only where somebody asked for it', async () => {
  const server = serve()
  await upload(photo(10))
  expect(new TextDecoder().decode(server.last)).not.toContain('evidence')
  await upload(photo(10, { evidence: true }))
  expect(new TextDecoder().decode(server.last)).toMatch(/name="evidence"\r\n\r\ntrue\r\n/)
})

test('the same photo with another wish is not taken for the one that was sent before', async () => {
  const server = serve([], 1)
  for (const wishes of [{}, {}, { evidence: true }, { hide: patch }, { hide: patch }]) await upload(photo(10, wishes))
  const [plain, again, sealed, hidden, same] = server.keys
  expect([again, same]).toEqual([plain, hidden])
  expect(new Set([plain, sealed, hidden]).size).toBe(3)
})

test('a form has its parts in the words of RFC 7578', () => {
  const text = new TextDecoder().decode(form({ hide: '[]', file: Uint8Array.of(65, 66).buffer }, 'b'))
  expect(text).toBe(
    '--b\r\ncontent-disposition: form-data; name="hide"\r\n\r\n[]\r\n' +
      '--b\r\ncontent-disposition: form-data; name="file"; filename="photo.jpg"\r\ncontent-type: image/jpeg\r\n\r\nAB\r\n--b--\r\n',
  )
})
