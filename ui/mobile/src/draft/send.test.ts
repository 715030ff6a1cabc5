import { beforeEach, describe, expect, test, vi } from 'vitest'
import { reactive } from 'vue'

const dropped = vi.hoisted(() => [] as string[])
vi.mock('@/photo/device', () => ({ device: { bytes: () => Promise.resolve(new ArrayBuffer(8)), drop: (id: string) => Promise.resolve(dropped.push(id)) } }))

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
  getStorageInfoSync: () => ({ keys: [...store.keys()] }),
  onNetworkStatusChange: () => undefined,
  request: (it: Request) => {
    server.asked.push(it)
    const status = server.answers.shift() ?? 201
    if (status === 'lost') return it.fail('no signal')
    const made = it.url.endsWith('/uploads') ? { id: 'u1', hidden: 0 } : { id: 'c1', number: '7', claim_code: 'CODE' }
    const body = status < 400 ? made : { code: 'invalid', detail: '没有这个地方', problems: [{ field: 'place', detail: '请另选' }] }
    it.success({ statusCode: status, data: it.url.endsWith('/uploads') ? body : JSON.stringify(body) })
  },
})

const { drafts, beginDraft, titleOf } = await import('./draft')
const { caseOf } = await import('./report')
const { arrivedOf, canChange, handOver, reports, seen, takeBack, whyNot } = await import('./send')
const { takeOver } = await import('./earlier')
const { beginOutbox, outbox } = await import('@/outbox/box')
const { session } = await import('@/session/session')

session.me = { person: 'me', posts: [], must: [], may: [], now: '', wechat: false }
beginOutbox()

const written = { text: '路灯坏了，三天了', place: { code: '3504', name: '这里' }, contact: '13800138000', photos: [{ id: 'p1', hide: [] }] }
const write = () => Object.assign(beginDraft('appeal'), written)
const cases = () => server.asked.filter(it => it.url.endsWith('/cases'))
const uploads = () => server.asked.filter(it => it.url.endsWith('/uploads'))
/** The only report there is. */
const only = () => {
  const [it, more] = reports.value
  if (!it || more) throw new Error(`${reports.value.length} reports`)
  return it
}

beforeEach(async () => {
  for (const it of outbox.items()) await outbox.drop(it.id)
  store.clear()
  dropped.length = 0
  Object.assign(drafts, reactive({ writing: undefined }))
  Object.assign(server, { asked: [], answers: [] })
})

test('what is sent leaves the device and is told as arrived', async () => {
  await expect(handOver(write())).resolves.toMatchObject({ arrived: { number: '7', claim: 'CODE' } })
  expect(drafts.writing).toBeUndefined()
  expect(arrivedOf(only())).toEqual({ id: 'c1', number: '7', title: '路灯坏了', claim: 'CODE' })
  expect(JSON.stringify([...store.values()])).not.toMatch(/三天|13800138000|p1/)
  seen('c1')
  expect(outbox.items()).toEqual([])
})

test('without a signal it waits, and goes with the same key and without sending its photo twice', async () => {
  server.answers = [201, 'lost']
  await expect(handOver(write())).resolves.toEqual({ waits: 'no_signal' })
  expect(only().state).toMatchObject({ is: 'waiting', why: 'no_signal' })
  await outbox.wake()
  expect(only().state.is).toBe('sent')
  const keys = cases().map(it => it.header['idempotency-key'])
  expect(keys).toHaveLength(2)
  expect(new Set(keys).size).toBe(1)
  expect(uploads()).toHaveLength(1)
})

test('somebody who presses is not told that it waits because another did before', async () => {
  server.answers = ['lost']
  await handOver(write())
  await expect(handOver(write())).resolves.toHaveProperty('arrived')
  expect(reports.value.map(it => it.state.is)).toEqual(['sent', 'sent'])
})

test('handed over twice, it is one', async () => {
  const draft = { ...write() }
  await handOver(draft)
  await handOver(draft)
  expect(cases()).toHaveLength(1)
})

test('what may have arrived cannot be taken back; what cannot have may', async () => {
  server.answers = [201, 'lost']
  await handOver(write())
  expect([canChange(only()), takeBack(only())]).toEqual([false, false])
  await outbox.drop(only().id)
  server.answers = ['lost'] // the photo
  await handOver(write())
  const { id } = only()
  expect(takeBack(only())).toBe(true)
  expect([drafts.writing?.text, drafts.writing?.photos, reports.value]).toEqual([written.text, written.photos, []])
  // Changed, it is another request.
  expect(drafts.writing?.key).not.toBe(id)
})

test('what the server refuses says why, is not sent again by itself, and can be mended', async () => {
  server.answers = [201, 422]
  await expect(handOver(write())).resolves.toEqual({ refused: '没有这个地方 请另选' })
  const asked = server.asked.length
  await outbox.wake()
  expect(server.asked).toHaveLength(asked)
  expect(whyNot(only())).toBe('没有这个地方 请另选')
  takeBack(only())
  // What is at the server already is not sent again.
  expect(drafts.writing?.photos).toEqual([{ id: 'p1', hide: [], upload: 'u1' }])
})

test('a busy server is asked again later', async () => {
  server.answers = [201, 503]
  await expect(handOver(write())).resolves.toEqual({ waits: 'busy' })
})

test('joining sends the words alone, and no photo stays behind', async () => {
  await handOver(Object.assign(write(), { joins: 'c9' }))
  expect(server.asked.map(it => it.url)).toEqual([expect.stringMatching(/cases\/c9\/join$/)])
  expect(dropped).toEqual(['p1'])
  expect(JSON.stringify([...store.values()])).not.toContain('p1')
})

describe('what earlier pages kept', () => {
  const draft = { key: 'k1', procedure: 'appeal', asker: 'named', step: 3, ...written }
  const keep = (name: string, value: unknown) => void store.set(`jinlin.${name}`, JSON.stringify(value))

  test('is sent under its own key, byte for byte as before, and once', async () => {
    keep('waiting', [{ ...draft, photos: [{ id: 'p1', hide: [], upload: 'u0' }], tried: true }])
    takeOver()
    takeOver()
    expect(canChange(only())).toBe(false)
    await outbox.wake()
    expect(cases().map(it => [it.header['idempotency-key'], it.data])).toEqual([
      ['k1', '{"procedure":"appeal","title":"路灯坏了","body":"路灯坏了，三天了","asker":"named","place":"3504","contact":"13800138000","attachments":["u0"]}'],
    ])
    expect([uploads(), store.has('jinlin.waiting')]).toEqual([[], false])
  })

  test('waits on, as far as it had come', () => {
    keep('waiting', [draft, { ...draft, key: 'k2', refused: '没有这个地方' }])
    takeOver()
    expect(reports.value.map(it => [it.id, canChange(it), whyNot(it)])).toEqual([['k1', true, ''], ['k2', true, '没有这个地方']])
  })

  test('has its claim code until it was seen', async () => {
    keep('arrived', [{ id: 'c5', number: '9', title: '井盖', claim: 'OLD' }])
    takeOver()
    await outbox.run()
    expect(arrivedOf(only())).toEqual({ id: 'c5', number: '9', title: '井盖', claim: 'OLD' })
    expect(store.has('jinlin.arrived')).toBe(false)
  })
})

test('where nothing can be kept, something can be said all the same', async () => {
  vi.stubGlobal('uni', { ...uni, setStorageSync: () => { throw new Error('forbidden') } })
  await expect(handOver(write())).resolves.toHaveProperty('arrived')
})

test('without a name, no contact goes along', () => {
  const draft = { ...write(), asker: 'anonymous' as const }
  expect(caseOf(draft, [])).not.toHaveProperty('contact')
  expect(caseOf({ ...draft, asker: 'named' }, [])).toHaveProperty('contact', '13800138000')
})

test('the title is the first sentence, or the beginning of a long one', () => {
  expect(titleOf('楼下路灯坏了。已经三天')).toBe('楼下路灯坏了')
  expect(Array.from(titleOf('很'.repeat(40)))).toHaveLength(20)
  expect(titleOf('😀'.repeat(30))).toBe(`${'😀'.repeat(19)}…`)
})
