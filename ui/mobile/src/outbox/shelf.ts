// Items on the device, each under a name of its own, so that two windows do not overwrite each other's.
import type { Item } from './item'
import type { Shelf } from './outbox'

const PREFIX = 'jinlin.outbox.'

const names = () => uni.getStorageInfoSync().keys.filter(it => it.startsWith(PREFIX))

function read(name: string): Item[] {
  const text: unknown = uni.getStorageSync(name)
  try {
    return typeof text === 'string' && text ? [JSON.parse(text) as Item] : []
  } catch {
    return [] // left where it is: nothing is thrown away because it cannot be read today
  }
}

export const shelf: Shelf = {
  all: () => names().flatMap(read),
  put(it) {
    const text = JSON.stringify(it)
    uni.setStorageSync(PREFIX + it.id, text)
    // Some platforms say nothing when they are full.
    if (uni.getStorageSync(PREFIX + it.id) !== text) throw new Error('storage is full')
  },
  drop: id => uni.removeStorageSync(PREFIX + id),
}
