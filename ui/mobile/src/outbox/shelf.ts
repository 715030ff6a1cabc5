// Items on the device, each under a name of its own, so that two windows do not overwrite each other's.
import { drop } from '@/keep/keep'
import type { Item } from './item'
import type { Shelf } from './outbox'

const PREFIX = 'jinlin.outbox.'

/** What residents wrote where nothing can be kept (a private window, a full phone): as long as the page is. */
const memory = new Map<string, Item>()

function names(): string[] {
  try {
    return uni.getStorageInfoSync().keys.filter(it => it.startsWith(PREFIX))
  } catch {
    return []
  }
}

function read(name: string): Item[] {
  try {
    const text: unknown = uni.getStorageSync(name)
    return typeof text === 'string' && text ? [JSON.parse(text) as Item] : []
  } catch {
    return [] // left where it is: nothing is thrown away because it cannot be read today
  }
}

export const shelf: Shelf = {
  all: () => [...names().flatMap(read).filter(it => !memory.has(it.id)), ...memory.values()],
  put(it) {
    const kept = write(it)
    if (kept) memory.delete(it.id)
    // Saying something must not fail because the phone is full; a day's work must not be lost unnoticed.
    else if (it.command.kind === 'report') memory.set(it.id, it)
    else throw new Error('storage is full')
  },
  drop(id) {
    memory.delete(id)
    drop(`outbox.${id}`)
  },
}

function write(it: Item): boolean {
  const text = JSON.stringify(it)
  try {
    uni.setStorageSync(PREFIX + it.id, text)
    // Some platforms say nothing when they are full.
    return uni.getStorageSync(PREFIX + it.id) === text
  } catch {
    return false
  }
}
