// Where a photo was taken, as the camera wrote it into the file (JPEG, Exif 2.3). Read on the device
// alone; what is sent has been drawn anew and holds none of it.

export interface Taken {
  lng: number
  lat: number
}

const JPEG = 0xffd8
const APP1 = 0xffe1
const SCAN = 0xffda
const EXIF = 0x45786966
const GPS = 0x8825
const [LAT_REF, LAT, LNG_REF, LNG] = [1, 2, 3, 4]

/** In degrees, WGS84; undefined when the file does not say, or is cut short. */
export function takenAt(bytes: ArrayBuffer): Taken | undefined {
  try {
    const tiff = tiffOf(new DataView(bytes))
    return tiff && gpsOf(tiff)
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

/** The part of the file that holds what the camera wrote. */
function tiffOf(file: DataView): DataView | undefined {
  if (file.getUint16(0) !== JPEG) return undefined
  let at = 2
  for (let marker = file.getUint16(at); marker !== SCAN; marker = file.getUint16(at)) {
    const length = file.getUint16(at + 2)
    if (marker === APP1 && file.getUint32(at + 4) === EXIF) return new DataView(file.buffer, at + 10, length - 8)
    at += 2 + length
  }
  return undefined
}

function gpsOf(tiff: DataView): Taken | undefined {
  const little = tiff.getUint16(0) === 0x4949
  const number = (at: number) => tiff.getUint32(at, little)
  const first = entries(tiff, number(4), little)
  const pointer = first.get(GPS)
  if (pointer === undefined) return undefined
  const gps = entries(tiff, number(pointer), little)
  const share = (at: number) => number(at) / number(at + 4)
  const degrees = (tag: number, ref: number, negative: string): number => {
    const at = number(gps.get(tag) ?? Infinity)
    const sign = String.fromCharCode(tiff.getUint8(gps.get(ref) ?? Infinity)) === negative ? -1 : 1
    return sign * (share(at) + share(at + 8) / 60 + share(at + 16) / 3600)
  }
  const [lng, lat] = [degrees(LNG, LNG_REF, 'W'), degrees(LAT, LAT_REF, 'S')]
  // Cameras that had not found their place yet write noughts, or nought divided by nought.
  return Number.isFinite(lng + lat) && (lng !== 0 || lat !== 0) ? { lng, lat } : undefined
}

/** Tag → where its value stands. */
function entries(tiff: DataView, at: number, little: boolean): Map<number, number> {
  const count = tiff.getUint16(at, little)
  const all = Array.from({ length: count }, (_, n) => at + 2 + n * 12)
  return new Map(all.map(one => [tiff.getUint16(one, little), one + 8]))
}
