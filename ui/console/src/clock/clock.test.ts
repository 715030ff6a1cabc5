import { expect, test } from 'vitest'
import { colourOf, endOfDay, moment, stretch } from './clock'

const at = (text: string) => Date.parse(`${text}+08:00`)
const line = { due_at: '2026-11-23T01:30:00Z', running: true, opened_at: '2026-11-19T01:30:00Z' }

test('red from the due instant on, whatever the server said before', () => {
  expect(colourOf({ ...line, colour: 'green' }, at('2026-11-23T09:29:59'))).toBe('green')
  expect(colourOf({ ...line, colour: 'green' }, at('2026-11-23T09:30:00'))).toBe('red')
})

test("the server's word goes before our own estimate", () => {
  const now = at('2026-11-20T09:00')
  expect(colourOf(line, now)).toBe('green')
  expect(colourOf({ ...line, yellow_at: '2026-11-20T00:00:00Z' }, now)).toBe('yellow')
  expect(colourOf({ ...line, colour: 'yellow' }, now)).toBe('yellow')
})

test('without it, yellow in the last day or quarter', () => {
  expect(colourOf(line, at('2026-11-22T09:29'))).toBe('green')
  expect(colourOf(line, at('2026-11-22T09:31'))).toBe('yellow')
  const short = { ...line, opened_at: '2026-11-22T21:30:00Z' }
  expect(colourOf(short, at('2026-11-23T08:29'))).toBe('green')
  expect(colourOf(short, at('2026-11-23T08:31'))).toBe('yellow')
})

test('a clock that stands is never late', () => {
  expect(colourOf({ ...line, running: false }, at('2026-12-01T00:00'))).toBe('green')
})

test('a stretch is told in its largest units', () => {
  expect(stretch(90 * 60_000)).toMatchObject({ unit: 'hours', hours: 1, minutes: 30 })
  expect(stretch(49 * 3_600_000)).toMatchObject({ unit: 'days', days: 2, hours: 1 })
  expect(stretch(59_000)).toMatchObject({ unit: 'minutes', minutes: 0 })
})

test("instants are told by the county's clock, the year only when it is another", () => {
  const now = at('2026-11-22T12:00')
  expect(moment('2026-11-22T16:05:00Z', 'zh-CN', now)).toBe('11/23 00:05')
  expect(moment('2025-11-22T16:05:00Z', 'zh-CN', now)).toBe('2025/11/23 00:05')
  expect(endOfDay(now).toISOString()).toBe('2026-11-22T16:00:00.000Z')
})
