import { expect, test } from 'vitest'
import { tapped, wished } from './photo'

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

test('a photo with another wish is sent anew, whatever of it is at the server', () => {
  const sent = { id: 'a', hide: [], upload: 'u1' }
  expect(wished(sent, { evidence: true })).toEqual({ id: 'a', hide: [], evidence: true })
  expect(wished(sent, { hide: [[0, 0, 9, 9]] })).toEqual({ id: 'a', hide: [[0, 0, 9, 9]] })
})
