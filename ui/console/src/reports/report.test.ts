// @vitest-environment node
import { expect, test } from 'vitest'
import { changeOfCount, changeOfShare } from './compare'
import { beginOf, spanOf, weekOf } from './span'

const NOW = Date.parse('2026-11-25T06:00:00Z')

test('a week that is over is compared with the week before and with the same week a year ago', () => {
  expect(spanOf('week', '2026-11-20', NOW)).toEqual({
    kind: 'week',
    present: { from: '2026-11-16', to: '2026-11-22' },
    previous: { from: '2026-11-09', to: '2026-11-15' },
    lastYear: { from: '2025-11-17', to: '2025-11-23' },
    running: false,
    days: 7,
  })
})

test('a week that runs is compared with as many days of the others', () => {
  const { present, previous, lastYear, running, days } = spanOf('week', '2026-11-25', NOW)
  expect([running, days]).toEqual([true, 3])
  expect([present, previous, lastYear]).toEqual([
    { from: '2026-11-23', to: '2026-11-25' },
    { from: '2026-11-16', to: '2026-11-18' },
    { from: '2025-11-24', to: '2025-11-26' },
  ])
})

test('months keep their own ends', () => {
  expect(spanOf('month', '2026-03-31', NOW)).toMatchObject({
    present: { from: '2026-03-01', to: '2026-03-31' },
    previous: { from: '2026-02-01', to: '2026-02-28' },
    lastYear: { from: '2025-03-01', to: '2025-03-31' },
  })
  // On the 30th of a month that runs, February has no 30th day to offer.
  expect(spanOf('month', '2027-03-30', Date.parse('2027-03-30T01:00:00Z')).previous).toEqual({ from: '2027-02-01', to: '2027-02-28' })
  expect(beginOf('month', '2026-01-15', -1)).toBe('2025-12-01')
})

test('weeks are numbered as the calendar on the wall', () => {
  expect(weekOf('2026-01-01')).toEqual({ year: 2026, week: 1 })
  expect(weekOf('2026-11-22')).toEqual({ year: 2026, week: 47 })
  expect(weekOf('2027-01-03')).toEqual({ year: 2026, week: 53 })
})

test('counts change by cases, and by percent where the base carries it', () => {
  expect(changeOfCount(30, 40)).toEqual({ is: 'less', by: 10, percent: 25 })
  expect(changeOfCount(5, 4)).toEqual({ is: 'more', by: 1 })
  expect(changeOfCount(4, 4)).toEqual({ is: 'same' })
  expect(changeOfCount(null, 4)).toEqual({ is: 'unknown' })
})

test('shares change by points as they are shown, and not at all by chance', () => {
  const figure = (numerator: number | null, denominator: number | null) => ({ numerator, denominator })
  expect(changeOfShare(figure(90, 100), figure(80, 100))).toEqual({ is: 'more', by: 1000 })
  expect(changeOfShare(figure(199, 300), figure(199, 300))).toEqual({ is: 'same' })
  expect(changeOfShare(figure(90, 100), figure(12, 12))).toEqual({ is: 'few', count: 12 })
  expect(changeOfShare(figure(90, 100), figure(0, 0))).toEqual({ is: 'unknown' })
  expect(changeOfShare(figure(90, 100), figure(null, null))).toEqual({ is: 'unknown' })
})
