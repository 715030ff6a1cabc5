import { expect, test } from 'vitest'
import { degreesAt, drawing, frameOf, shapeAt, shapeOf } from './outline'

const place = (code: string) => ({ id: code, code, name: `地方${code}`, level: 'street' })
const square = (west: number, south: number, size: number) => [
  [west, south],
  [west + size, south],
  [west + size, south + size],
  [west, south + size],
  [west, south],
]
const left = shapeOf({ place: place('1'), outline: { type: 'Polygon', coordinates: [square(117, 26, 1), square(117.4, 26.4, 0.2)] } })
const right = shapeOf({ place: place('2'), outline: { type: 'MultiPolygon', coordinates: [[square(118, 26, 1)], [square(119.5, 26, 0.2)]] } })

test('a point is in the shape around it, not in its hole and not outside', () => {
  expect(shapeAt([left, right], [117.2, 26.2])?.place.code).toBe('1')
  expect(shapeAt([left, right], [117.5, 26.5])).toBeUndefined()
  expect(shapeAt([left, right], [118.5, 26.5])?.place.code).toBe('2')
  expect(shapeAt([left, right], [119.6, 26.1])?.place.code).toBe('2')
  expect(shapeAt([left, right], [119.2, 26.1])).toBeUndefined()
})

test('a tap on the drawing is the place it shows', () => {
  const frame = frameOf([left, right])
  const [lng, lat] = degreesAt(frame, 0.5, 0.5)
  expect(lng).toBeCloseTo(118.35)
  expect(lat).toBeCloseTo(26.5)
})

test('the drawing is an image without words that could break out of it', () => {
  const odd = { ...left, place: { ...left.place, name: '<a>&' } }
  const svg = decodeURIComponent(drawing([odd], frameOf([odd]), { lng: 117.5, lat: 26.5 }))
  expect(svg).toContain('<circle')
  expect(svg).not.toContain('<a>')
})
