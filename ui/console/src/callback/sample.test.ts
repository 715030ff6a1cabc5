import { expect, test } from 'vitest'
import { draw, rank } from './sample'

const many = Array.from({ length: 130 }, (_, at) => ({ id: `case-${at}`, unit: at < 100 ? 'a' : at < 129 ? 'b' : 'c' }))

test('every unit gives its share, and the smallest gives one', () => {
  const drawn = draw(many, 10)
  const of = (unit: string) => many.filter(it => it.unit === unit && drawn.includes(it.id)).length
  expect([of('a'), of('b'), of('c')]).toEqual([10, 3, 1])
})

test('the same cases give the same sample, in whatever order they come', () => {
  expect(new Set(draw([...many].reverse(), 30))).toEqual(new Set(draw(many, 30)))
})

test('a smaller share is part of a larger one, and all is all', () => {
  const thirty = new Set(draw(many, 30))
  expect(draw(many, 10).every(it => thirty.has(it))).toBe(true)
  expect(draw(many, 100)).toHaveLength(130)
})

test('neighbours in time are no neighbours in rank', () => {
  const sorted = [...many].sort((a, b) => rank(a.id) - rank(b.id)).map(it => it.id)
  expect(sorted).not.toEqual(many.map(it => it.id))
})
