import { expect, test } from 'vitest'
import { shortNames } from './outlines'
import { between } from './palette'
import { bounds, toneOf } from './scale'
import { boxOf, holds, namePoint, widened, type Outline } from './shape'

const square: Outline = { type: 'Polygon', coordinates: [[[0, 0], [4, 0], [4, 4], [0, 4], [0, 0]], [[1, 1], [2, 1], [2, 2], [1, 2], [1, 1]]] }
/** A wide bar with a narrow leg: the middle of its box lies outside. */
const hook: Outline = { type: 'Polygon', coordinates: [[[0, 0], [10, 0], [10, 10], [7, 10], [7, 1], [0, 1], [0, 0]]] }

test('a box holds all outlines, and none has none', () => {
  expect(boxOf([square, hook])).toEqual([0, 0, 10, 10])
  expect(boxOf([])).toBeUndefined()
  expect(widened([0, 0, 4, 2], 0.5)).toEqual([-2, -1, 6, 3])
})

test('a hole is not inside', () => {
  expect(holds(square, [0.5, 0.5])).toBe(true)
  expect(holds(square, [1.5, 1.5])).toBe(false)
  expect(holds(square, [5, 1])).toBe(false)
})

test('a name stands inside, where there is most room, in the largest part', () => {
  expect(namePoint({ type: 'Polygon', coordinates: [[[0, 0], [9, 0], [9, 2], [0, 2], [0, 0]]] })[0]).toBeCloseTo(4.5, 0)
  const [lng, lat] = namePoint(hook)
  expect(holds(hook, [lng, lat])).toBe(true)
  expect(lng).toBeGreaterThan(7)
  const parts: Outline = { type: 'MultiPolygon', coordinates: [[[[20, 20], [21, 20], [21, 21], [20, 20]]], hook.coordinates as never] }
  expect(holds(hook, namePoint(parts))).toBe(true)
})

test('tones begin with one case and end at round numbers', () => {
  expect(bounds(0)).toEqual([1, 2, 3, 4, 5])
  expect(bounds(5)).toEqual([1, 2, 3, 4, 5])
  expect(bounds(83)).toEqual([1, 20, 40, 60, 80])
  expect([0, 1, 19, 20, 500].map(it => toneOf(it, bounds(83)))).toEqual([0, 1, 1, 2, 5])
})

test('a colour lies between two', () => {
  expect(between('#000000', '#ffffff', 0.5)).toBe('rgb(128,128,128)')
  expect(between('#fff', '#000', 0)).toBe('rgb(255,255,255)')
})

test('on the map a name leaves out what its neighbours are called too', () => {
  expect(shortNames(['城西社区第1网格1号微网格', '城西社区第1网格10号微网格'])).toEqual(['1号', '10号'])
  expect(shortNames(['城西社区第1网格', '城西社区第2网格'])).toEqual(['第1网格', '第2网格'])
  expect(shortNames(['城西居委会', '大洲村委会'])).toEqual(['城西', '大洲'])
  expect(shortNames(['凤岗街道'])).toEqual(['凤岗街道'])
})
