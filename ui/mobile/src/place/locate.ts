// Where the phone is. WGS84 is asked for everywhere: with GCJ-02, uni-app's web runtime would send the
// position to a map vendor. What a phone answers anyway in GCJ-02 cannot be told from its numbers.
import { api, type Schemas } from '@/api/client'

export interface Point {
  lng: number
  lat: number
  datum: 'wgs84'
}

/** The phone did not tell: forbidden, switched off, or not found in time. */
export class NotTold extends Error {}

export const phonePoint = (): Promise<Point> =>
  new Promise((told, fail) => {
    uni.getLocation({
      type: 'wgs84',
      success: ({ longitude, latitude }) => told({ lng: longitude, lat: latitude, datum: 'wgs84' }),
      fail: () => fail(new NotTold()),
    })
  })

/** The places that hold a point, the widest first; none outside the county. */
export async function placesAt({ lng, lat, datum }: Point): Promise<Schemas['PlaceRef'][]> {
  return (await api.get('/api/v1/places/locate', { query: { lng, lat, datum } })).places
}
