import { expect, test } from 'vitest'
import { takenAt } from './exif'

/** A JPEG with nothing in it but where it was taken: degrees, minutes, hundredths of seconds. */
function photo(lat: [number, number, number], lng: [number, number, number], refs = 'NE', little = true): ArrayBuffer {
  const file = new DataView(new ArrayBuffer(200))
  file.setUint16(0, 0xffd8)
  file.setUint16(2, 0xffe0) // a part that is not asked for
  file.setUint16(4, 6)
  file.setUint16(10, 0xffe1)
  file.setUint16(12, 180)
  file.setUint32(14, 0x45786966)
  const tiff = 20
  const short = (at: number, value: number) => file.setUint16(tiff + at, value, little)
  const long = (at: number, value: number) => file.setUint32(tiff + at, value, little)
  short(0, little ? 0x4949 : 0x4d4d)
  file.setUint16(tiff, little ? 0x4949 : 0x4d4d)
  long(4, 8)
  const entry = (at: number, tag: number, value: number) => (short(at, tag), long(at + 8, value))
  short(8, 1)
  entry(10, 0x8825, 26)
  short(26, 4)
  entry(28, 1, 0)
  entry(40, 2, 80)
  entry(52, 3, 0)
  entry(64, 4, 104)
  file.setUint8(tiff + 36, refs.charCodeAt(0))
  file.setUint8(tiff + 60, refs.charCodeAt(1))
  const shares = (at: number, [a, b, c]: [number, number, number]) => {
    for (const [n, [up, down]] of [[a, 1], [b, 1], [c, 100]].entries()) {
      long(at + n * 8, up ?? 0)
      long(at + n * 8 + 4, down ?? 1)
    }
  }
  shares(80, lat)
  shares(104, lng)
  return file.buffer
}

test('a photo says where it was taken, in either order of bytes', () => {
  for (const little of [true, false]) {
    const taken = takenAt(photo([26, 24, 3600], [117, 47, 2400], 'NE', little))
    expect(taken?.lat).toBeCloseTo(26.41)
    expect(taken?.lng).toBeCloseTo(117.79)
  }
})

test('south and west are below nought', () => {
  expect(takenAt(photo([10, 30, 0], [20, 0, 0], 'SW'))).toEqual({ lat: -10.5, lng: -20 })
})

test('a photo that does not say, or is none, or is cut short, says nothing', () => {
  expect(takenAt(photo([0, 0, 0], [0, 0, 0]))).toBeUndefined()
  expect(takenAt(Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 0).buffer)).toBeUndefined()
  expect(takenAt(new ArrayBuffer(0))).toBeUndefined()
  for (let length = 0; length < 148; length += 7) expect(takenAt(photo([26, 24, 0], [117, 47, 0]).slice(0, length)), String(length)).toBeUndefined()
})
