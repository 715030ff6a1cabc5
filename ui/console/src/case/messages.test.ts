import { expect, test } from 'vitest'
import { messageWords, needsCall } from './messages'

const message = (state: string, hour = 8, tries = 1) => ({ state, tries, made_at: `2026-03-02T0${hour}:00:00Z` })

test('one that waits after a try is told from one that was not tried yet', () => {
  expect(messageWords(message('waiting', 8, 0))).toBe('waiting')
  expect(messageWords(message('waiting', 8, 2))).toBe('trying')
  expect(messageWords(message('failed', 8, 6))).toBe('failed')
})

test('a call is asked for when the newest message failed, not when a later one arrived', () => {
  expect(needsCall([])).toBe(false)
  expect(needsCall([message('sent', 7), message('failed', 8)])).toBe(true)
  expect(needsCall([message('failed', 7), message('sent', 8)])).toBe(false)
  expect(needsCall([message('sent', 8), message('failed', 7)])).toBe(false)
})
