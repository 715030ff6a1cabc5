import { beforeEach, expect, test, vi } from 'vitest'
import type { Item } from './item'
import { shelf } from './shelf'

const stored = new Map<string, string>()
let room = Infinity

beforeEach(() => {
  stored.clear()
  room = Infinity
  vi.stubGlobal('uni', {
    getStorageInfoSync: () => ({ keys: [...stored.keys()] }),
    getStorageSync: (name: string) => stored.get(name) ?? '',
    // As some phones do: says nothing when there is no room.
    setStorageSync: (name: string, text: string) => void (text.length <= room && stored.set(name, text)),
    removeStorageSync: (name: string) => stored.delete(name),
  })
})

const item = (id: string, kind = 'act') => ({ id, title: '到场', command: { kind } }) as Item

test('each item has a name of its own, beside what others keep', () => {
  stored.set('jinlin.door', '"x"')
  shelf.put(item('a'))
  shelf.put(item('b'))
  shelf.drop('a')
  expect(shelf.all()).toEqual([item('b')])
  expect(stored.get('jinlin.door')).toBe('"x"')
})

test('a phone that is full is noticed, though it says nothing', () => {
  room = 3
  expect(() => shelf.put(item('a'))).toThrow('full')
})

test('what a resident says is held as long as the page is, and lies on the phone when there is room again', () => {
  room = 3
  shelf.put(item('a', 'report'))
  expect(shelf.all()).toEqual([item('a', 'report')])
  room = Infinity
  shelf.put(item('a', 'report'))
  expect([...stored.keys()]).toEqual(['jinlin.outbox.a'])
  expect(shelf.all()).toHaveLength(1)
  shelf.drop('a')
  expect(shelf.all()).toEqual([])
})

test('what cannot be read today is left where it is', () => {
  stored.set('jinlin.outbox.old', '{broken')
  shelf.put(item('a'))
  expect(shelf.all()).toEqual([item('a')])
  expect(stored.has('jinlin.outbox.old')).toBe(true)
})
