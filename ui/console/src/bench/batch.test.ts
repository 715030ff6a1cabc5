import { afterEach, expect, test, vi } from 'vitest'
import { createApp } from 'vue'
import { i18n, speak } from '@/locale'
import { inTurns } from './turns'
import { job, useBatch } from './useBatch'

afterEach(() => vi.unstubAllGlobals())

type Sent = { url: string; key: string | undefined; revision: string | undefined }

/** A batch on a page, against a server that answers by the case's id. */
async function batch(answer: (id: string) => Response) {
  await speak('zh-CN')
  const sent: Sent[] = []
  vi.stubGlobal('fetch', async (url: string, init: { headers: Record<string, string> }) => {
    sent.push({ url, key: init.headers['idempotency-key'], revision: init.headers['if-match'] })
    return answer(/cases\/(\w+)/.exec(url)?.[1] ?? '')
  })
  const acted: string[] = []
  const got: ReturnType<typeof useBatch>[] = []
  createApp({ setup: () => (got.push(useBatch(one => acted.push(one.id))), () => null) }).use(i18n).mount(document.createElement('div'))
  const made = got[0] as ReturnType<typeof useBatch>
  made.jobs.value = ['a', 'b', 'c'].map((id, at) => job(id, 'dispatch', { unit: 'u' }, at + 1))
  return { ...made, sent, acted }
}

const done = () => new Response('{}', { status: 200 })

test('one that is refused stays with the server’s words; the others go on', async () => {
  const refused = () => new Response('{"code":"stale","detail":"此件刚有变动","status":409}', { status: 409 })
  const { jobs, run, acted, told, sent } = await batch(id => (id === 'b' ? refused() : done()))
  await run()
  expect(jobs.value.map(it => it.state)).toEqual(['done', 'failed', 'done'])
  expect(jobs.value[1]?.words).toBe('此件刚有变动')
  expect(acted).toEqual(['a', 'c'])
  expect(told.value).toEqual({ all: 3, done: 2, failed: 1, left: 0 })
  expect(sent.map(it => it.revision)).toEqual(['1', '2', '3'])
  expect(new Set(sent.map(it => it.key)).size).toBe(3)
})

test('whoever stops finds the rest waiting, and can go on', async () => {
  let stop = () => {}
  const { jobs, run, stop: halt } = await batch(id => {
    if (id === 'a') stop()
    return done()
  })
  stop = () => void halt()
  await run()
  expect(jobs.value.map(it => it.state)).toEqual(['done', 'waiting', 'waiting'])
  await run()
  expect(jobs.value.every(it => it.state === 'done')).toBe(true)
})

test('without a server nothing fails: all wait, and what was cut off is sent again under its key', async () => {
  let cut = true
  const { jobs, run, sent } = await batch(() => {
    if (cut) throw new TypeError('network')
    return done()
  })
  await run()
  expect(jobs.value.map(it => it.state)).toEqual(['waiting', 'waiting', 'waiting'])
  expect(sent).toHaveLength(1)
  cut = false
  await run()
  expect(jobs.value.every(it => it.state === 'done')).toBe(true)
  expect(sent[1]?.key).toBe(sent[0]?.key)
})

test('a few at a time, answered in the order asked', async () => {
  let now = 0
  let most = 0
  const answers = await inTurns([3, 1, 2, 0], async it => {
    most = Math.max(most, ++now)
    await new Promise(resolve => setTimeout(resolve, it))
    now -= 1
    return it * 10
  }, 2)
  expect(answers).toEqual([30, 10, 20, 0])
  expect(most).toBe(2)
})
