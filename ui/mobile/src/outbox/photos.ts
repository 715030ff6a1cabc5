// Photos on the device, kept until they are sent. One box for each platform.
import { browserPhotos } from './photos.browser'
import { programPhotos } from './photos.program'

/** A picture just taken or chosen; `file` where the platform has files. */
export interface Picked {
  path: string
  file?: Blob
}

export interface PhotoBox {
  /** Keeps it over a restart; answers where. */
  keep(id: string, picked: Picked): Promise<string>
  /** An address that an image can show; none when the device has thrown it away. */
  show(kept: string): Promise<string | undefined>
  /** Its bytes from one place to another, or fewer at the end; none when it is gone. */
  piece(kept: string, from: number, to: number): Promise<ArrayBuffer | undefined>
  drop(kept: string): Promise<void>
}

let box: PhotoBox
// #ifdef H5
box = browserPhotos
// #endif
// #ifndef H5
box = programPhotos
// #endif

export const photos = box
