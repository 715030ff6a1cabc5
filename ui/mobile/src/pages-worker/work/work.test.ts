import type { Item } from '@/outbox/item'
import { describe, expect, it, test } from 'vitest'
import { foresee, type Action, type Step } from './foresee'
import { byPlace, byTime, colourOf, left, type Line } from './urgency'
import { written } from './write'

const NOON = Date.parse('2026-11-22T04:00:00Z')
const at = (hours: number) => new Date(NOON + hours * 3_600_000).toISOString()

const line = (number: string, due: number | null, place = 'A', more: Partial<Line> = {}) =>
  ({ number, running: due !== null, due_at: due === null ? null : at(due), place, place_name: place, colour: 'green', ...more }) as Line

test('a list fetched in the morning turns yellow and red by itself', () => {
  const it = line('1', 2, 'A', { yellow_at: at(1) })
  expect([0, 1, 2].map(hours => colourOf(it, NOON + hours * 3_600_000))).toEqual(['green', 'yellow', 'red'])
})

test('what stands still is never red', () => expect(colourOf(line('1', null), NOON)).toBe('green'))

test('time left and time over are told in their largest unit', () => {
  expect([50, 3, 0.5, -2].map(hours => left(at(hours), NOON))).toEqual([
    { over: false, unit: 'days', n: 2 },
    { over: false, unit: 'hours', n: 3 },
    { over: false, unit: 'minutes', n: 30 },
    { over: true, unit: 'hours', n: 2 },
  ])
})

describe('the list', () => {
  const lines = [line('1', 30, 'B'), line('2', null, 'B'), line('3', -1, 'A'), line('4', 5, 'C', { colour: 'yellow' })]

  it('stands by time left', () => {
    const groups = byTime(lines, NOON).map(({ key, lines: some }) => [key, ...some.map(one => one.number)])
    expect(groups).toEqual([['red', '3'], ['yellow', '4'], ['green', '1'], ['waiting', '2']])
  })

  it('stands by place, the most urgent place first', () => {
    const groups = byPlace(lines).map(({ name, lines: some }) => [name, ...some.map(one => one.number)])
    expect(groups).toEqual([['A', '3'], ['C', '4'], ['B', '1', '2']])
  })
})

const action = (id: string, to: string | null, more: Partial<Action> = {}) =>
  ({ id, title: id, to, to_title: to, ends: false, approval: false, asks: [], ...more }) as Action
const step = (from: string[], it: Action): Step => ({ procedure: 'p', from, action: it })
const STEPS = [
  step([], action('open', 'found')),
  step(['found'], action('arrive', 'there')),
  step(['found', 'there'], action('note', null)),
  step(['there'], action('settle', 'solved', { ends: true })),
  step(['there'], action('decline', 'excluded', { approval: true })),
]
const acts = (...ids: string[]) =>
  ids.map(id => ({ command: id === 'open' ? { kind: 'open', body: { procedure: 'p' } } : { kind: 'act', action: id } }) as Item)
const known = { procedure: 'p', state: 'found', actions: [action('arrive', 'there'), action('late', null, { refused: { code: 'x', chinese: '', english: '' } })] }
const ids = (...some: string[]) => foresee(known, acts(...some), STEPS).actions.map(it => it.id)

describe('what can be done next', () => {
  it('is what the server said, as long as nothing waits', () => expect(ids()).toEqual(['arrive']))
  it('follows the acts that wait', () => expect(ids('arrive')).toEqual(['note', 'settle', 'decline']))
  it('stays where an act leaves the case where it is', () => expect(ids('arrive', 'note')).toEqual(['note', 'settle', 'decline']))
  it('is nothing that was offered before, even without a word on what comes next', () => {
    expect(foresee(known, acts('arrive'), []).actions).toEqual([])
  })
  it('is nothing after the end', () => expect(foresee(known, acts('arrive', 'settle'), STEPS)).toEqual({ ended: true, state: 'solved', actions: [] }))
  it('waits for an approval', () => expect(ids('arrive', 'decline')).toEqual([]))
  it('begins with what was opened here', () => expect(ids('open')).toEqual(['arrive', 'note']))
})

const ask = (field: string, kind: string, more = {}) =>
  ({ field, kind, title: field, optional: false, many: false, choices: {}, audience: 'house', ...more }) as Parameters<typeof written>[0][number]

describe('a form', () => {
  it('keeps words and photos apart, and leaves blanks out', () => {
    const asks = [ask('words', 'text'), ask('note', 'text'), ask('photos', 'photo', { many: true })]
    const made = written(asks, { words: ' 好 ', note: '', photos: [{ id: 'a', hide: [] }] })
    expect(made).toEqual({ form: { words: '好' }, photos: [{ id: 'a', hide: [], field: 'photos', many: true }] })
  })
})
