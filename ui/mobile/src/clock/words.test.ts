import { expect, test } from 'vitest'
import { dayWords, momentWords } from './words'

const now = Date.parse('2026-11-22T15:30:00Z') // 23:30 in China

test('days near today have names, by the county’s clock', () => {
  expect(dayWords('2026-11-21T16:00:00Z', now)).toBe('今天')
  expect(dayWords('2026-11-22T16:00:00Z', now)).toBe('明天')
  expect(dayWords('2026-11-21T15:59:59Z', now)).toBe('昨天')
  expect(dayWords('2026-11-26T15:59:59Z', now)).toBe('11月26日')
  expect(dayWords('2025-11-26T15:59:59Z', now)).toBe('2025年11月26日')
})

test('the end of a day is told as the day', () => {
  expect(momentWords('2026-11-26T15:59:59.999Z', now)).toBe('11月26日')
  expect(momentWords('2026-11-22T01:05:00Z', now)).toBe('今天 09:05')
})
