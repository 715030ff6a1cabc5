// Photos in a browser: made small on a canvas, kept in IndexedDB, which has room for them and outlives
// the page. Where it is missing (private windows of old browsers) they are kept as long as the page is.
import { LONGEST, QUALITY, type Device } from './device'

const memory = new Map<string, Blob>()
const shown = new Map<string, string>()

async function shrunk(path: string): Promise<Blob> {
  const image = await loaded(path)
  const scale = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight))
  const canvas = document.createElement('canvas')
  canvas.width = Math.round(image.naturalWidth * scale)
  canvas.height = Math.round(image.naturalHeight * scale)
  // Drawing also leaves behind what a camera writes beside the picture, such as where it was taken.
  canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
  return new Promise((made, fail) => {
    canvas.toBlob(blob => (blob ? made(blob) : fail(new Error('no picture'))), 'image/jpeg', QUALITY)
  })
}

const loaded = (path: string): Promise<HTMLImageElement> =>
  new Promise((done, fail) => {
    const image = new Image()
    image.addEventListener('load', () => done(image))
    image.addEventListener('error', () => fail(new Error('no picture')))
    image.src = path
  })

const answered = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((done, fail) => {
    request.addEventListener('success', () => done(request.result))
    request.addEventListener('error', () => fail(request.error))
  })

let opened: Promise<IDBDatabase> | undefined

function database(): Promise<IDBDatabase> {
  opened ??= (() => {
    const request = indexedDB.open('jinlin', 1)
    request.onupgradeneeded = () => request.result.createObjectStore('photos')
    return answered(request)
  })()
  return opened
}

async function photos(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  return (await database()).transaction('photos', mode).objectStore('photos')
}

async function blobOf(id: string): Promise<Blob> {
  const held = memory.get(id)
  if (held) return held
  const bytes = (await answered((await photos('readonly')).get(id))) as ArrayBuffer | undefined
  if (!bytes) throw new Error(`no photo ${id}`)
  const blob = new Blob([bytes], { type: 'image/jpeg' })
  memory.set(id, blob)
  return blob
}

export const browser: Device = {
  whole: ({ file }) => (file ? file.arrayBuffer() : Promise.resolve(new ArrayBuffer(0))),
  async takeIn(path, id) {
    const blob = await shrunk(path)
    memory.set(id, blob)
    // Bytes, not the blob: Safari forgets blobs.
    const bytes = await blob.arrayBuffer()
    await photos('readwrite')
      .then(store => answered(store.put(bytes, id)))
      .catch(() => undefined)
  },
  async show(id) {
    const address = shown.get(id) ?? URL.createObjectURL(await blobOf(id))
    shown.set(id, address)
    return address
  },
  bytes: async id => (await blobOf(id)).arrayBuffer(),
  async drop(id) {
    memory.delete(id)
    const address = shown.get(id)
    if (address) URL.revokeObjectURL(address)
    shown.delete(id)
    await photos('readwrite')
      .then(store => answered(store.delete(id)))
      .catch(() => undefined)
  },
}
