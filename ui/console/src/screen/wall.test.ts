import { beforeEach, expect, test } from 'vitest'
import { dropWall, keepWall, wallEnd } from './wall'

const UNTIL = '2026-06-01T00:00:00Z'
const at = (time: string) => wallEnd(Date.parse(time))

beforeEach(() => localStorage.clear())

test('a wall whose days are over is told from one that was stopped before', () => {
  keepWall(UNTIL)
  expect(at('2026-05-31T23:59:59Z')).toBe('stopped')
  expect(at(UNTIL)).toBe('days_over')
})

test('a browser that was no wall, or is a desk again, has no end to tell of', () => {
  expect(at(UNTIL)).toBeUndefined()
  keepWall(UNTIL)
  dropWall()
  expect(at(UNTIL)).toBeUndefined()
})
