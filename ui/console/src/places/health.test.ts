import { expect, test } from 'vitest'
import { concerning, groundOf, isOwned, sizeOf } from './health'

test('a grid has 300 to 500 households, a micro-grid 30 to 100, others have no size', () => {
  expect([299, 300, 500, 501].map(it => sizeOf('grid', it))).toEqual(['small', 'fit', 'fit', 'large'])
  expect([29, 30, 100, 101].map(it => sizeOf('micro_grid', it))).toEqual(['small', 'fit', 'fit', 'large'])
  expect(sizeOf('street', 1)).toBeUndefined()
})

test('whoever is away does not look after a place', () => {
  const post = (...away: boolean[]) => ({ holders: away.map(it => ({ away: it })) }) as never
  expect(isOwned([])).toBe(false)
  expect(isOwned([post(), post(true)])).toBe(false)
  expect(isOwned([post(), post(true, false)])).toBe(true)
})

test('flaws are told of the cells that they concern', () => {
  const flaw = (square_metres: number, ...codes: string[]) => ({ square_metres, lng: 0, lat: 0, cells: codes.map(code => ({ code })) }) as never
  const flaws = [flaw(5, 'a', 'b'), flaw(7, 'c')]
  expect(groundOf(concerning(flaws, 'a'))).toBe(5)
  expect(groundOf(flaws)).toBe(12)
})
