import { expect, test } from 'vitest'
import { barsOf, ceiling, painted } from './screen'

const outline = { type: 'Polygon' as const, coordinates: [] }
const cell = (code: string) => ({ code, name: code, short: code, outline })

test('cells are coloured by what is looked at, and one without a figure by none', () => {
  const figures = [{ code: 'a', name: 'a', open: 9, late: 0, month: 0 }]
  const { cells, least } = painted([cell('a'), cell('b')], figures, 'open')
  expect(least).toEqual([1, 2, 4, 6, 8])
  expect(cells.map(it => [it.tone, it.told])).toEqual([[5, '9'], [0, '']])
  expect(painted([cell('a')], figures, 'late').cells[0]?.told).toBe('')
})

test('matters stand in the order of the pack, and those with fewest cases are summed up', () => {
  const matters = [3, 9, 1, 2].map((opened, at) => ({ matter: `m${at}`, title: `M${at}`, opened }))
  expect(barsOf(matters)).toMatchObject({ bars: [{ id: 'm0' }, { id: 'm1' }, { id: 'm2' }, { id: 'm3' }], rest: 0 })
  const few = barsOf(matters, 3)
  expect(few.bars.map(it => [it.id, it.share])).toEqual([['m0', 1 / 3], ['m1', 1]])
  expect(few.rest).toBe(3)
})

test('a scale ends at a round number', () => {
  expect([0, 1, 7, 11, 49, 50, 51].map(ceiling)).toEqual([1, 1, 10, 20, 50, 50, 100])
})
