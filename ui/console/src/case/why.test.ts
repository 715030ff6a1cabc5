import { expect, test } from 'vitest'
import { pageOf, partsOf, type Beside } from './beside'
import { factsOf, newestFirst, otherToday, toneOf, type Change } from './why'

const change = (entry: string, more: Partial<Change> = {}): Change => ({
  entry, at: '2026-11-20T08:00:00Z', action: 'dispatch', action_title: '派单', by: '值班席', state: 'dispatched', state_title: '待签收', recomputed: 'same', ...more,
})
const post = (id: string) => ({ post: id, title: `post ${id}` })

test('the newest change stands first and the list is left as it was', () => {
  const changes = [change('1'), change('2')]
  expect(newestFirst(changes).map(it => it.entry)).toEqual(['2', '1'])
  expect(changes.map(it => it.entry)).toEqual(['1', '2'])
})

test('today is told only where it is another than then', () => {
  expect(otherToday(change('1', { owner: post('a'), today: post('b') }))).toBe('post b')
  expect(otherToday(change('1', { owner: post('a'), today: post('a') }))).toBe('')
  expect(otherToday(change('1', { owner: null, today: post('a') }))).toBe('')
  expect(otherToday(change('1', { owner: post('a'), today: null }))).toBe('')
})

test('computing again is good, bad, or could not be done', () => {
  expect(['same', 'different', 'not_kept'].map(recomputed => toneOf(change('1', { recomputed })))).toEqual(['good', 'bad', ''])
})

test('what a guard read is told as text', () => {
  const rule = { who: 'clerk@unit', words: '', network: 1, looks: [], facts: { 'item.status': 'listed', 'item.cost': 3, 'item.open': true } }
  expect(factsOf(rule)).toEqual([{ name: 'item.status', value: 'listed' }, { name: 'item.cost', value: '3' }, { name: 'item.open', value: 'true' }])
})

test('each kind of what lies beside a case leads to its own page, and empty kinds are left out', () => {
  const part = { id: 'i', of: 'o', title: 't', text: '', at: '2026-11-20T08:00:00Z', state: 'shown' }
  const beside: Beside = { publications: [part], bookings: [part], records: [], gatherings: [part] }
  expect(partsOf(beside).map(it => it.kind)).toEqual(['gatherings', 'publications', 'bookings'])
  expect((['gatherings', 'publications', 'records', 'bookings'] as const).map(it => pageOf(it, part))).toEqual([
    { name: 'gathering', params: { id: 'i' } },
    { name: 'boards', params: { board: 'o' } },
    { name: 'record', params: { id: 'i' } },
    { name: 'ledgers', params: { ledger: 'o' } },
  ])
})
