// Where the phone is, in WGS84: a browser tells nothing else, and WeChat can be asked for it. In GCJ-02,
// or by uni-app's way in browsers, a map vendor would hear of the position too.
import { api, type Schemas } from '@/api/client'

export interface Point {
  lng: number
  lat: number
  datum: 'wgs84'
}

/** The phone did not tell: forbidden, switched off, or not found in time. */
export class NotTold extends Error {}

const wechatPoint = (): Promise<Point> =>
  new Promise((told, fail) => {
    uni.getLocation({
      type: 'wgs84',
      success: ({ longitude, latitude }) => told({ lng: longitude, lat: latitude, datum: 'wgs84' }),
      fail: () => fail(new NotTold()),
    })
  })

const browserPoint = (): Promise<Point> =>
  new Promise((told, fail) => {
    // Without https a browser has none to tell.
    if (!navigator.geolocation) return fail(new NotTold())
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => told({ lng: coords.longitude, lat: coords.latitude, datum: 'wgs84' }),
      () => fail(new NotTold()),
      { enableHighAccuracy: true, timeout: 15_000, maximumAge: 60_000 },
    )
  })

let ways = wechatPoint
// #ifdef H5
ways = browserPoint
// #endif

/** Asks the phone; the person may have to allow it first. */
export const phonePoint = ways

/** The places that hold a point, the widest first; none outside the county. */
export async function placesAt({ lng, lat, datum }: Point): Promise<Schemas['PlaceRef'][]> {
  return (await api.get('/api/v1/places/locate', { query: { lng, lat, datum } })).places
}
