// Photos that somebody is about to send: chosen, made small, parts of them marked to be hidden.
import { freshId } from '@/keep/key'
import { device } from './device'

/** A part of a photo to be made unrecognisable: x, y, width, height in thousandths of the whole. */
export type Hidden = [x: number, y: number, width: number, height: number]

export interface Photo {
  /** Its name on this device, and that of its draft at the server. */
  id: string
  hide: Hidden[]
  /** The server's id, once it is there. */
  upload?: string
}

/** At most so many in one report. */
export const MOST = 6

/** Asks for photos and takes them in; none when the person gave up. */
export async function choosePhotos(source: 'camera' | 'album', count: number): Promise<Photo[]> {
  const paths = await chosen(source, count)
  return Promise.all(paths.map(takeIn))
}

const chosen = (source: 'camera' | 'album', count: number): Promise<string[]> =>
  new Promise(done => {
    uni.chooseImage({
      count,
      sizeType: ['original'],
      sourceType: [source],
      success: ({ tempFilePaths }) => done([tempFilePaths].flat()),
      fail: () => done([]),
    })
  })

async function takeIn(path: string): Promise<Photo> {
  const id = freshId()
  await device.takeIn(path, id)
  return { id, hide: [] }
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
