// @vitest-environment node
import { expect, test } from 'vitest'
import { isWorked, monthsOf, readPlan, turned, workdays, type Plan } from './plan'

const year: Plan = {
  year: 2026,
  off: ['2026-01-01', '2026-01-02', '2026-02-16', '2026-02-17', '2026-02-18', '2026-02-19', '2026-02-20', '2026-02-23', '2026-04-06', '2026-05-01',
    '2026-05-04', '2026-05-05', '2026-06-19', '2026-09-25', '2026-10-01', '2026-10-02', '2026-10-05', '2026-10-06', '2026-10-07'],
  work: ['2026-01-04', '2026-02-14', '2026-02-28', '2026-05-09', '2026-09-20', '2026-10-10'],
}

test('a year has the workdays that the server counts', () => {
  expect(workdays(year)).toBe(248)
  expect(workdays({ year: 2027, off: ['2027-01-01'], work: [] })).toBe(260)
})

test('months begin on their weekday', () => {
  const [january = [], february = []] = monthsOf(2026)
  expect([january.indexOf(january.find(it => it?.date === 1)), january.filter(Boolean).length]).toEqual([3, 31])
  expect([february.indexOf(february.find(it => it?.date === 1)), february.filter(Boolean).length]).toEqual([6, 28])
})

test('a day is turned and turned back', () => {
  const friday = { day: '2026-01-02', date: 2, weekend: false }
  const sunday = { day: '2026-01-11', date: 11, weekend: true }
  expect(isWorked(year, friday)).toBe(false)
  expect(isWorked(turned(year, friday), friday)).toBe(true)
  expect(turned(turned(year, sunday), sunday)).toEqual(year)
  expect(workdays(turned(year, sunday))).toBe(249)
})

test('only a notice is read as one', () => {
  expect(readPlan(JSON.stringify(year))).toEqual(year)
  expect(readPlan(JSON.stringify({ ...year, off: [...year.off, '2026-01-03'] }))).toEqual(year)
  expect(readPlan('{"year":2007,"off":["2007-01-01"],"work":["2006-12-30"]}')?.work).toEqual(['2006-12-30'])
  for (const wrong of ['', '[]', '{"year":2026,"off":[]}', '{"year":2026,"off":["2024-01-01"],"work":[]}', '{"year":2026,"off":["1.1"],"work":[]}', '{"year":2026,"off":[],"work":["2026-01-05"]}'])
    expect(readPlan(wrong), wrong).toBeUndefined()
})
