import { beforeEach, expect, test, vi } from 'vitest'
import { reactive } from 'vue'

vi.mock('@/photo/device', () => ({ device: { bytes: () => Promise.resolve(new ArrayBuffer(8)), drop: () => Promise.resolve() } }))

interface Request {
  url: string
  method: string
  header: Record<string, string>
  data?: string | ArrayBuffer
  success: (it: { statusCode: number; data: unknown }) => void
  fail: (reason: unknown) => void
}

/** A server that answers as told: a status, or nothing at all. */
const server = { asked: [] as Request[], answers: [] as (number | 'lost')[] }

const store = new Map<string, string>()

vi.stubGlobal('uni', {
  getStorageSync: (name: string) => store.get(name) ?? '',
  setStorageSync: (name: string, value: string) => void store.set(name, value),
  removeStorageSync: (name: string) => void store.delete(name),
  request: (it: Request) => {
    server.asked.push(it)
    const status = server.answers.shift() ?? 201
    if (status === 'lost') return it.fail('no signal')
    const made = it.url.endsWith('/uploads') ? { id: 'u1' } : { id: 'c1', number: '7', claim_code: 'CODE' }
    const body = status < 400 ? made : { code: 'invalid', detail: '没有这个地方', problems: [{ field: 'place', detail: '请另选' }] }
    it.success({ statusCode: status, data: it.url.endsWith('/uploads') ? body : JSON.stringify(body) })
  },
})

const { drafts, beginDraft, takeBack, titleOf } = await import('./draft')
const { caseOf, handOver, sendWaiting } = await import('./send')

function written() {
  const draft = beginDraft('appeal')
  Object.assign(draft, { text: '路灯坏了，三天了', place: { code: '3504', name: '这里' }, contact: '138', photos: [{ id: 'p1', hide: [] }] })
  return draft
}

beforeEach(() => {
  Object.assign(drafts, reactive({ writing: undefined, waiting: [], arrived: [] }))
  Object.assign(server, { asked: [], answers: [] })
})

test('what is sent leaves the device and is told as arrived', async () => {
  await expect(handOver(written())).resolves.toMatchObject({ arrived: { number: '7', claim: 'CODE' } })
  expect([drafts.writing, drafts.waiting]).toEqual([undefined, []])
  expect(drafts.arrived).toHaveLength(1)
})

test('without a signal it waits, and goes with the same key and without sending its photo twice', async () => {
  server.answers = [201, 'lost']
  await expect(handOver(written())).resolves.toEqual({ waits: true })
  expect(drafts.waiting).toHaveLength(1)
  await expect(sendWaiting()).resolves.toHaveLength(1)
  expect(drafts.waiting).toEqual([])
  const keys = server.asked.filter(it => it.url.endsWith('/cases')).map(it => it.header['idempotency-key'])
  expect(keys).toHaveLength(2)
  expect(new Set(keys).size).toBe(1)
  expect(server.asked.filter(it => it.url.endsWith('/uploads'))).toHaveLength(1)
})

test('what may have arrived cannot be taken back; what cannot have may', async () => {
  server.answers = [201, 'lost', 'lost']
  await handOver(written())
  await sendWaiting()
  expect(takeBack(drafts.waiting[0] ?? beginDraft(''))).toBe(false)
  drafts.waiting = []
  server.answers = ['lost']
  await handOver(written())
  expect(takeBack(drafts.waiting[0] ?? beginDraft(''))).toBe(true)
  expect(drafts.writing?.text).toBe('路灯坏了，三天了')
})

test('what the server refuses says why and is not sent again by itself', async () => {
  server.answers = [201, 422]
  await expect(handOver(written())).resolves.toEqual({ refused: '没有这个地方 请另选' })
  const asked = server.asked.length
  await sendWaiting()
  expect(server.asked).toHaveLength(asked)
})

test('a busy server is asked again later', async () => {
  server.answers = [201, 503]
  await expect(handOver(written())).resolves.toEqual({ waits: true })
})

test('without a name, no contact goes along', () => {
  const draft = { ...written(), asker: 'anonymous' as const }
  expect(caseOf(draft)).not.toHaveProperty('contact')
  expect(caseOf({ ...draft, asker: 'named' })).toHaveProperty('contact', '138')
})

test('the title is the first sentence, or the beginning of a long one', () => {
  expect(titleOf('楼下路灯坏了。已经三天')).toBe('楼下路灯坏了')
  expect(Array.from(titleOf('很'.repeat(40)))).toHaveLength(20)
  expect(titleOf('😀'.repeat(30))).toBe(`${'😀'.repeat(19)}…`)
})
