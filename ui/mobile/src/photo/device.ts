// What browsers and mini programs do differently with photos.
// #ifdef H5
import { browser } from './browser'
// #endif
// #ifndef H5
import { wechat } from './wechat'
// #endif

/** A picture just chosen, as the camera made it. */
export interface Chosen {
  path: string
  /** In browsers, which may not read what lies at the path. */
  file?: Blob
}

export interface Device {
  /** The bytes of a picture just chosen. */
  whole: (chosen: Chosen) => Promise<ArrayBuffer>
  /** Makes a chosen picture small and keeps it under a name of its own until it is dropped. */
  takeIn: (path: string, id: string) => Promise<void>
  /** An address that an image can show. */
  show: (id: string) => Promise<string>
  /** The bytes that are sent; they are JPEG. */
  bytes: (id: string) => Promise<ArrayBuffer>
  drop: (id: string) => Promise<void>
}

let here: Device
// #ifdef H5
here = browser
// #endif
// #ifndef H5
here = wechat
// #endif

export const device: Device = here

/** Longer sides are made so long; a phone's camera gives three times that. */
export const LONGEST = 1600
export const QUALITY = 0.82
