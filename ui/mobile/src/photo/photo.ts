// Photos that somebody is about to send: chosen, made small, parts of them marked to be hidden.
import { freshId } from '@/keep/key'
import { device, type Chosen } from './device'
import { takenAt, type Taken } from './exif'

/** A part of a photo to be made unrecognisable: x, y, width, height in thousandths of the whole. */
export type Hidden = [x: number, y: number, width: number, height: number]

export interface Photo {
  /** Its name on this device, and that of its draft at the server. */
  id: string
  hide: Hidden[]
  /** Whether an original with nothing hidden is to be kept sealed. */
  evidence?: boolean
  /** The server's id, once it is there. */
  upload?: string
  /** Where the camera says that it was taken: for this device alone, unless it is chosen as the place. */
  taken?: Taken
}

/** At most so many in one report. */
export const MOST = 6

/** Asks for photos and takes them in; none when the person gave up. */
export async function choosePhotos(source: 'camera' | 'album', count: number): Promise<Photo[]> {
  const some = await chosen(source, count)
  return Promise.all(some.map(takeIn))
}

const chosen = (source: 'camera' | 'album', count: number): Promise<Chosen[]> =>
  new Promise(done => {
    uni.chooseImage({
      count,
      sizeType: ['original'],
      sourceType: [source],
      success: ({ tempFilePaths, tempFiles }) => {
        const files = [tempFiles].flat()
        done([tempFilePaths].flat().map((path, at) => ({ path, file: blobOf(files[at]) })))
      },
      fail: () => done([]),
    })
  })

/** A browser's answer holds the files themselves. */
const blobOf = (it: unknown) => (typeof Blob !== 'undefined' && it instanceof Blob ? it : undefined)

async function takeIn(chosen: Chosen): Promise<Photo> {
  const id = freshId()
  // Where it was taken is a help; a photo that does not say is as good.
  const taken = await device.whole(chosen).then(takenAt, () => undefined)
  await device.takeIn(chosen.path, id)
  return { id, hide: [], ...(taken ? { taken } : {}) }
}

/** The photo with another wish about it: what may be at the server already was sent with the old one. */
export function wished(photo: Photo, wish: Pick<Photo, 'hide'> | Pick<Photo, 'evidence'>): Photo {
  const now: Photo = { ...photo, ...wish }
  delete now.upload
  return now
}

/** A tap hides a patch of a fifth of the width around it, or uncovers the patch it hits. */
export function tapped(hide: readonly Hidden[], x: number, y: number, ratio: number): Hidden[] {
  const hit = hide.findIndex(([left, top, width, height]) => x >= left && x <= left + width && y >= top && y <= top + height)
  if (hit >= 0) return hide.filter((_, at) => at !== hit)
  const width = 200
  const height = Math.min(1000, Math.round(width * ratio))
  const within = (at: number, size: number) => Math.round(Math.max(0, Math.min(1000 - size, at - size / 2)))
  return [...hide, [within(x, width), within(y, height), width, height]]
}
