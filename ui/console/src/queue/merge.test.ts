import { expect, test } from 'vitest'
import { byState, merge, type Line } from './merge'

const line = (id: string, revision = 1, state = 'received'): Line => ({
  id, number: id, procedure: 'appeal', procedure_title: '', colour: 'green', state, state_title: state, running: true, opened_at: '', revision, done: {},
})

test('what came or changed is marked, the rest is as it was', () => {
  const merged = merge([line('a'), line('b')], [line('new'), line('a'), line('b', 2)], undefined)
  expect(merged.map(it => [it.id, it.fresh ?? false])).toEqual([['new', true], ['a', false], ['b', true]])
})

test('the selected line stays where it was when it leaves the list', () => {
  const merged = merge([line('a'), line('b'), line('c')], [line('a'), line('c')], 'b')
  expect(merged.map(it => [it.id, it.gone ?? false])).toEqual([['a', false], ['b', true], ['c', false]])
  expect(merge(merged, [line('a'), line('c')], 'c').map(it => it.id)).toEqual(['a', 'c'])
})

test('states of one name are counted together, in the order of the pack', () => {
  const titles = { procedure: 'appeal', procedure_title: '' }
  const counted = [['y', 2], ['x', 1], ['y', 3]] as const
  const counts = byState(counted.map(([state, count]) => ({ ...titles, state, title: state, count })))
  expect(counts.map(it => [it.state, it.count])).toEqual([['y', 5], ['x', 1]])
})
