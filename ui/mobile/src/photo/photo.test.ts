import { expect, test } from 'vitest'
import { tapped } from './photo'

test('a tap hides a patch around it that stays within the photo', () => {
  expect(tapped([], 500, 500, 1)).toEqual([[400, 400, 200, 200]])
  expect(tapped([], 10, 990, 1)).toEqual([[0, 800, 200, 200]])
})

test('a patch is as high as it is wide, whatever the shape of the photo', () => {
  expect(tapped([], 500, 500, 4 / 3)).toEqual([[400, 367, 200, 267]])
})

test('a tap on a patch uncovers it, and leaves the others', () => {
  const two = tapped(tapped([], 200, 200, 1), 800, 800, 1)
  expect(tapped(two, 810, 790, 1)).toEqual([[100, 100, 200, 200]])
})
