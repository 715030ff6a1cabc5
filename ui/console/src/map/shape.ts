// Outlines as plain geometry: how far they reach, where their name stands. Degrees throughout; a county
// is small enough for a plane.
export type Point = readonly [lng: number, lat: number]
type Ring = readonly Point[]

/** GeoJSON, CGCS2000; rings are closed, the first of a polygon is its rim. */
export type Outline =
  | { type: 'Polygon'; coordinates: readonly Ring[] }
  | { type: 'MultiPolygon'; coordinates: readonly (readonly Ring[])[] }

/** West, south, east, north. */
export type Box = [number, number, number, number]

const polygons = (outline: Outline) => (outline.type === 'Polygon' ? [outline.coordinates] : outline.coordinates)
const rims = (outline: Outline): Ring[] => polygons(outline).flatMap(it => it.slice(0, 1))

/** The box around all of them; nothing for none. */
export function boxOf(outlines: readonly Outline[]): Box | undefined {
  const points = outlines.flatMap(rims).flat()
  if (points.length === 0) return undefined
  const box: Box = [Infinity, Infinity, -Infinity, -Infinity]
  for (const [lng, lat] of points) {
    box[0] = Math.min(box[0], lng)
    box[1] = Math.min(box[1], lat)
    box[2] = Math.max(box[2], lng)
    box[3] = Math.max(box[3], lat)
  }
  return box
}

/** A box with room around it, as a share of its own size. */
export function widened([west, south, east, north]: Box, by: number): Box {
  const [x, y] = [Math.max(east - west, 1e-3) * by, Math.max(north - south, 1e-3) * by]
  return [west - x, south - y, east + x, north + y]
}

export function holds(outline: Outline, point: Point): boolean {
  return polygons(outline).some(rings => rings.reduce((inside, ring) => inside !== around(ring, point), false))
}

/** Even-odd rule. */
function around(ring: Ring, [x, y]: Point): boolean {
  let inside = false
  ring.forEach(([ax, ay], at) => {
    const [bx, by] = ring[at === 0 ? ring.length - 1 : at - 1] ?? [ax, ay]
    if (ay > y !== by > y && x < ((bx - ax) * (y - ay)) / (by - ay) + ax) inside = !inside
  })
  return inside
}

/** So many points a side are tried for the place of a name. */
const TRIED = 14

/** So much nearer the rim may be what is nearer the middle. */
const MIDDLE = 0.12

/** Where a name stands: of a lattice of points inside the largest part, one far from its rim and near its middle. */
export function namePoint(outline: Outline): Point {
  const [rim = []] = rims(outline).sort((a, b) => spread(b) - spread(a))
  const part: Outline = { type: 'Polygon', coordinates: [rim] }
  const [west, south, east, north] = boxOf([part]) ?? [0, 0, 0, 0]
  const middle: Point = [(west + east) / 2, (south + north) / 2]
  let best = middle
  let far = -Infinity
  for (let at = 0; at < TRIED * TRIED; at += 1) {
    const share = (n: number) => (n + 0.5) / TRIED
    const point: Point = [west + share(at % TRIED) * (east - west), south + share(Math.floor(at / TRIED)) * (north - south)]
    const aside = Math.hypot(point[0] - middle[0], point[1] - middle[1])
    const away = holds(part, point) ? distance(rim, point) - MIDDLE * aside : -Infinity
    if (away > far) [best, far] = [point, away]
  }
  return best
}

function spread(ring: Ring): number {
  const [west, south, east, north] = boxOf([{ type: 'Polygon', coordinates: [ring] }]) ?? [0, 0, 0, 0]
  return (east - west) * (north - south)
}

/** The least distance to the sides of a ring. */
function distance(ring: Ring, [x, y]: Point): number {
  let least = Infinity
  for (let at = 1; at < ring.length; at += 1) {
    const [[ax, ay], [bx, by]] = [ring[at - 1] as Point, ring[at] as Point]
    const [dx, dy] = [bx - ax, by - ay]
    const along = Math.max(0, Math.min(1, ((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy || 1)))
    least = Math.min(least, (x - ax - along * dx) ** 2 + (y - ay - along * dy) ** 2)
  }
  return Math.sqrt(least)
}
