import { expect, test } from 'vitest'
import { beyond, inOrder } from './indicator'

const row = (place: string, numerator: number, denominator: number, excluded = 0) => ({ place, name: place, count: { numerator, denominator, excluded } })
const ROWS = [row('a', 9, 10), row('b', 0, 0, 2), row('c', 30, 40)]

test('what lies in no place of the level is told, so that the rows and the rest are the whole', () => {
  expect(beyond({ whole: { numerator: 40, denominator: 52, excluded: 2 }, rows: ROWS })).toEqual({ numerator: 1, denominator: 2, excluded: 0 })
  expect(beyond({ whole: { numerator: 39, denominator: 50, excluded: 2 }, rows: ROWS })).toBeUndefined()
  expect(beyond({ whole: { numerator: 39, denominator: 50, excluded: 2 }, rows: [] })).toBeUndefined()
})

test('rows stand in the order of a column, a share of nothing last', () => {
  const order = (column: 'share' | 'denominator' | 'name', down: boolean) => inOrder(ROWS, column, down, 'en').map(it => it.place).join('')
  expect([order('share', true), order('share', false), order('denominator', true), order('name', false)]).toEqual(['acb', 'bca', 'cab', 'abc'])
})
