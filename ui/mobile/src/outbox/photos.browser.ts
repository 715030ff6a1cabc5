// Photos in a browser: in its database; where there is none, in memory, as long as the page is open.
import type { PhotoBox } from './photos'

const STORE = 'photos'
const memory = new Map<string, Blob>()

function asked<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((done, fail) => {
    request.addEventListener('success', () => done(request.result))
    request.addEventListener('error', () => fail(request.error ?? new Error('no database')))
  })
}

let opening: Promise<IDBDatabase> | undefined

function database(): Promise<IDBDatabase> {
  opening ??= new Promise((done, fail) => {
    const request = indexedDB.open('jinlin.outbox', 1)
    request.addEventListener('upgradeneeded', () => request.result.createObjectStore(STORE))
    asked(request).then(done, fail)
  })
  return opening
}

async function photosIn(mode: IDBTransactionMode): Promise<IDBObjectStore> {
  return (await database()).transaction(STORE, mode).objectStore(STORE)
}

async function find(kept: string): Promise<Blob | undefined> {
  const inMemory = memory.get(kept)
  if (inMemory) return inMemory
  const found: unknown = await asked((await photosIn('readonly')).get(kept))
  return found instanceof Blob ? found : undefined
}

function bytesOf(blob: Blob): Promise<ArrayBuffer> {
  return new Promise((done, fail) => {
    const reader = new FileReader() // older browsers know no Blob.arrayBuffer
    reader.addEventListener('load', () => done(reader.result as ArrayBuffer))
    reader.addEventListener('error', () => fail(reader.error ?? new Error('unreadable')))
    reader.readAsArrayBuffer(blob)
  })
}

export const browserPhotos: PhotoBox = {
  async keep(id, { file }) {
    if (!file) throw new Error('no file')
    try {
      await asked((await photosIn('readwrite')).put(file, id))
    } catch {
      memory.set(id, file)
    }
    return id
  },
  async show(kept) {
    const blob = await find(kept).catch(() => undefined)
    return blob && URL.createObjectURL(blob)
  },
  async piece(kept, from, to) {
    const blob = await find(kept).catch(() => undefined)
    return blob && bytesOf(blob.slice(from, to))
  },
  async drop(kept) {
    memory.delete(kept)
    await asked((await photosIn('readwrite')).delete(kept))
  },
}
