import { expect, test } from 'vitest'
import { apart, byArea, comparedWith, countsOf, gravest, type Change } from './changes'

const change = (sort: string, area: string, path: string): Change => ({ sort, area, path, text: path, subject: null, old: '5 wd', new: '3 wd' })
const changes = [change('limits', 'procedures', 'a'), change('words', 'roles', 'b'), change('limits', 'matters', 'c'), change('limits', 'procedures', 'd')]

test('changes are counted by sort, and the gravest of which there is any comes first', () => {
  expect(countsOf(changes)).toEqual({ structure: 0, limits: 3, words: 1 })
  expect(gravest(changes)).toBe('limits')
  expect(gravest([])).toBe('structure')
})

test('the changes of a sort stand by area, each as it came', () => {
  expect(byArea(changes, 'limits').map(it => [it.area, it.changes.map(one => one.path)])).toEqual([['procedures', ['a', 'd']], ['matters', ['c']]])
  expect(byArea(changes, 'structure')).toEqual([])
})

test('whole tables stand apart from the words', () => {
  const table = { ...change('structure', 'procedures', 'p'), old: '{"title":"挂账"}', new: null, text: '流程“诉求”·状态“挂账”:删去 {"title":"挂账"}' }
  expect(apart(table)).toEqual({ words: '流程“诉求”·状态“挂账”:删去', tables: ['{"title":"挂账"}'] })
  expect(apart({ ...table, new: '[1]', text: 'route: {"title":"挂账"} → [1]' })).toEqual({ words: 'route:', tables: ['{"title":"挂账"}', '[1]'] })
  expect(apart(change('limits', 'procedures', '时限:5 wd → 3 wd'))).toEqual({ words: '时限:5 wd → 3 wd', tables: [] })
  expect(apart({ ...table, text: '删去' })).toEqual({ words: '删去', tables: [] })
})

test('a version is compared with the one in use, and that with the one before it', () => {
  const version = (hash: string, day: number, current = false) => ({ hash, id: 'x', loaded_at: `2026-11-0${day}T00:00:00Z`, current })
  const versions = [version('new', 5), version('now', 4, true), version('old', 2), version('older', 1)]
  const to = (hash: string) => comparedWith(versions, hash)?.hash
  expect([to('new'), to('old'), to('now')]).toEqual(['now', 'now', 'old'])
  expect(comparedWith(versions.slice(1, 2), 'now')).toBeUndefined()
})
