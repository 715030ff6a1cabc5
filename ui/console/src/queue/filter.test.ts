import { expect, test } from 'vitest'
import { asked, readFilter, writeFilter } from './filter'

test('what is written into the address is read back', () => {
  const filter = { state: 'received', due: 'late', done: 'urge', q: '路灯', ended: true } as const
  expect(readFilter(writeFilter(filter))).toEqual(filter)
  expect(writeFilter({})).toEqual({})
})

test('an address that somebody mistyped narrows by what is known in it', () => {
  expect(readFilter({ due: 'someday', q: ['a', 'b'], state: ' ', ended: 'yes' })).toEqual({})
})

test('days end by the clock of the county', () => {
  const now = Date.parse('2026-11-22T23:30:00+08:00')
  expect(asked('mine', { due: 'today' }, now)).toMatchObject({ owner: 'mine', due_before: '2026-11-22T16:00:00.000Z' })
  expect(asked('mine', { due: 'tomorrow' }, now)).toMatchObject({ due_before: '2026-11-23T16:00:00.000Z' })
})

test('the server says what is late, by its own clock', () => {
  expect(asked('all', { due: 'late' })).toMatchObject({ late: true })
  expect(asked('all', { due: 'late' })).not.toHaveProperty('due_before')
  expect(asked('all', { done: 'urge' })).toMatchObject({ done: 'urge' })
})

test('all cases are open ones unless ended ones or a state are asked for', () => {
  expect(asked('all', {})).toMatchObject({ open: true })
  expect(asked('all', { ended: true })).toMatchObject({ open: false })
  expect(asked('all', { state: 'solved' })).not.toHaveProperty('open')
  expect(asked('mine', {})).not.toHaveProperty('open')
})
