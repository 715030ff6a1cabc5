import { afterEach, expect, test, vi } from 'vitest'
import { createApp } from 'vue'
import { i18n, speak } from '@/locale'
import { fresh } from './call'
import { useTaking } from './useTaking'

afterEach(() => vi.unstubAllGlobals())

/** A composable as a page uses it. */
function used<T>(use: () => T): T {
  const got: T[] = []
  createApp({ setup: () => (got.push(use()), () => null) }).use(i18n).mount(document.createElement('div'))
  return got[0] as T
}

test('what is sent again after a cut carries the same key, other words another one', async () => {
  await speak('zh-CN')
  const keys: (string | undefined)[] = []
  let cut = true
  vi.stubGlobal('fetch', async (_url: string, init: { headers: Record<string, string> }) => {
    keys.push(init.headers['idempotency-key'])
    if (cut) throw new TypeError('network')
    return new Response('{"id":"1","number":"2026112200001"}', { status: 201 })
  })
  const taking = used(useTaking)
  const call = { ...fresh(), title: '路灯', body: '不亮', place: '350405' }
  expect(await taking.open(call, '不亮')).toBe(false)
  expect(taking.told.value?.passing).toBe(true)
  cut = false
  const [first, second] = await Promise.all([taking.open(call, '不亮'), taking.open(call, '不亮')])
  expect([first, second]).toEqual([true, false])
  expect(taking.taken.value?.number).toBe('2026112200001')
  await taking.open(call, '又不亮')
  expect(keys).toHaveLength(3)
  expect(keys[0]).toBe(keys[1])
  expect(keys[2]).not.toBe(keys[0])
})

test('a refusal is told at the field of the page', async () => {
  await speak('zh-CN')
  const problem = { code: 'invalid', status: 422, detail: '填写有误', problems: [{ field: 'contact', code: 'wrong_form', detail: '号码不对' }] }
  vi.stubGlobal('fetch', async () => new Response(JSON.stringify(problem), { status: 422 }))
  const taking = used(useTaking)
  await taking.open(fresh(), '不亮')
  expect(taking.told.value?.fields).toEqual({ phone: '号码不对' })
})
