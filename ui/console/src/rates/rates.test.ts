import { expect, test } from 'vitest'
import { figureOf, percent } from './figure'
import { isDay, monthsOf, periodOf, presetOf, wholeMonths } from './period'

const NOW = Date.parse('2026-11-22T06:00:00Z')

test('periods are local days', () => {
  expect(periodOf('month', NOW)).toEqual({ from: '2026-11-01', to: '2026-11-22' })
  expect(periodOf('last_month', NOW)).toEqual({ from: '2026-10-01', to: '2026-10-31' })
  expect(periodOf('twelve', NOW)).toEqual({ from: '2025-12-01', to: '2026-11-22' })
  // Late in the evening of Greenwich the next day has begun here.
  expect(periodOf('month', Date.parse('2026-11-30T17:00:00Z'))).toEqual({ from: '2026-12-01', to: '2026-12-01' })
  expect(presetOf({ from: '', to: '' }, NOW)).toBe('all')
  expect(isDay('2026-02-30')).toBe(false)
  expect(isDay('2026-02-28')).toBe(true)
})

test('months are whole, twelve at most, and cut by the period', () => {
  expect(monthsOf({ from: '', to: '' }, NOW)).toHaveLength(12)
  expect(monthsOf({ from: '2026-09-15', to: '2026-11-22' }, NOW)).toEqual([
    { from: '2026-09-15', to: '2026-09-30' },
    { from: '2026-10-01', to: '2026-10-31' },
    { from: '2026-11-01', to: '2026-11-22' },
  ])
})

test('rates of a row come about as those of the whole', () => {
  const counts = { opened: 13_910, withdrawn: 4, referred: 1, merged: 5, excluded: 0, imported: 0, solved: 13_800, unsolved: 30,
    unreached: 50, decided: 0, due: 0, on_time: 0 }
  expect(percent(figureOf(counts, 'closed'))).toBe('99.86%')
  expect(figureOf(counts, 'closed').excluded).toBe(10)
  expect(percent(figureOf(counts, 'on_time'))).toBeUndefined()
  expect(percent(figureOf({ ...counts, solved: null }, 'closed'))).toBeUndefined()
})

test('a period of whole months is known, also while the last one runs', () => {
  expect(wholeMonths({ from: '2026-09-01', to: '2026-10-31' }, NOW)).toBe(true)
  expect(wholeMonths({ from: '2026-11-01', to: '2026-11-22' }, NOW)).toBe(true)
  expect(wholeMonths({ from: '', to: '' }, NOW)).toBe(true)
  expect(wholeMonths({ from: '2026-11-16', to: '2026-11-22' }, NOW)).toBe(false)
  expect(wholeMonths({ from: '2026-10-01', to: '2026-10-30' }, NOW)).toBe(false)
})
