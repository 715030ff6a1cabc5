// A light map: the county's own outlines as a drawing, and which of them a tap hits. Degrees in, degrees
// out; at a county's size a degree of longitude is simply shorter by the cosine of the latitude.
import type { Schemas } from '@/api/client'

export interface Shape {
  place: Schemas['PlaceRef']
  /** Outer rings and holes, in degrees. */
  rings: [lng: number, lat: number][][]
}

export interface Frame {
  west: number
  north: number
  /** Units of the drawing for a degree of longitude and of latitude. */
  lng: number
  lat: number
  width: number
  height: number
}

const WIDTH = 1000

/** Polygons and multipolygons of GeoJSON as rings. */
export function shapeOf(it: Schemas['Outlined']): Shape {
  const { type, coordinates } = it.outline as { type: string; coordinates: unknown }
  const polygons = (type === 'Polygon' ? [coordinates] : coordinates) as Shape['rings'][]
  return { place: it.place, rings: polygons.flat() }
}

/** The frame that holds all shapes, with a rim. */
export function frameOf(shapes: readonly Shape[]): Frame {
  const points = shapes.flatMap(it => it.rings.flat())
  const [west, east] = span(points.map(it => it[0]))
  const [south, north] = span(points.map(it => it[1]))
  const shorter = Math.cos((((south + north) / 2) * Math.PI) / 180)
  const lng = WIDTH / Math.max(east - west, ((north - south) / shorter) * 0.6, 1e-6)
  const lat = lng / shorter
  return { west, north, lng, lat, width: (east - west) * lng, height: (north - south) * lat }
}

function span(values: readonly number[]): [number, number] {
  let [low, high] = [Infinity, -Infinity]
  for (const it of values) {
    low = Math.min(low, it)
    high = Math.max(high, it)
  }
  const rim = (high - low) * 0.03 || 1e-4
  return [low - rim, high + rim]
}

/** Where a share of the drawing's width and height lies. */
export const degreesAt = (frame: Frame, x: number, y: number): [lng: number, lat: number] => [
  frame.west + (x * frame.width) / frame.lng,
  frame.north - (y * frame.height) / frame.lat,
]

/** The shape that holds a point: one more crossing outside than inside means within. */
export const shapeAt = (shapes: readonly Shape[], [lng, lat]: [number, number]): Shape | undefined =>
  shapes.find(it => it.rings.reduce((within, ring) => within !== crosses(ring, lng, lat), false))

function crosses(ring: Shape['rings'][number], lng: number, lat: number): boolean {
  let odd = false
  ring.forEach(([x, y], at) => {
    const [fromX, fromY] = ring[(at || ring.length) - 1] ?? [x, y]
    if (y > lat !== fromY > lat && lng < ((fromX - x) * (lat - y)) / (fromY - y) + x) odd = !odd
  })
  return odd
}

const COLOURS = ['#e4f1ea', '#fdf1dc', '#e9eef6', '#f6e9ea', '#f0eee6']

/** The drawing as an address of an image, with names where there is room, and a point if there is one. */
export function drawing(shapes: readonly Shape[], frame: Frame, point?: { lng: number; lat: number }): string {
  const place = (lng: number, lat: number) => `${((lng - frame.west) * frame.lng).toFixed(1)} ${((frame.north - lat) * frame.lat).toFixed(1)}`
  const path = (it: Shape) => it.rings.map(ring => `M${ring.map(([lng, lat]) => place(lng, lat)).join('L')}Z`).join('')
  const areas = shapes.map((it, at) => `<path d="${path(it)}" fill="${COLOURS[at % COLOURS.length]}" fill-rule="evenodd" stroke="#17654c" stroke-width="3"/>`)
  const names = shapes.length > 40 ? [] : shapes.map(it => name(it, place))
  const dot = point ? [`<circle r="16" fill="#a4271c" stroke="#fff" stroke-width="5" transform="translate(${place(point.lng, point.lat)})"/>`] : []
  const body = [...areas, ...names, ...dot].join('')
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${frame.width.toFixed(0)} ${frame.height.toFixed(0)}">${body}</svg>`
  return `data:image/svg+xml,${encodeURIComponent(svg)}`
}

/** Long names are told by the list below; the shape's middle is good enough for a short one. */
function name(it: Shape, place: (lng: number, lat: number) => string): string {
  const ring = it.rings[0] ?? []
  const [west, east] = span(ring.map(one => one[0]))
  const [south, north] = span(ring.map(one => one[1]))
  const words = it.place.name.replace(/[<&>]/g, '').slice(0, 6)
  return `<text font-size="30" fill="#23272b" text-anchor="middle" transform="translate(${place((west + east) / 2, (south + north) / 2)})">${words}</text>`
}
