import { expect, test } from 'vitest'
import { tellHistory, type Moment } from './intervals'

const HOUR = 3_600_000
const at = (hour: number) => new Date(Date.UTC(2026, 10, 22, hour)).toISOString()
const moment = (action: string, hour: number, state: string, due: number, running = true): Moment => ({
  entry: action, at: at(hour), by: 'x', action, action_title: action, state, state_title: state, texts: {}, facts: [],
  running, due_at: at(due),
})

test('each state is a stretch, with what it went over its limit', () => {
  const told = tellHistory([moment('open', 1, 'received', 3), moment('dispatch', 2, 'dispatched', 4)], Date.parse(at(6)), false)
  expect(told.map(it => it.interval)).toMatchObject([
    { state_title: 'received', lasted: HOUR, present: false },
    { state_title: 'dispatched', lasted: 4 * HOUR, over: 2 * HOUR, present: true },
  ])
  expect(told[0]?.interval?.over).toBeUndefined()
})

test('acts that leave the state belong to one stretch', () => {
  const moments = [moment('open', 1, 'received', 5), moment('urge', 2, 'received', 5), moment('dispatch', 3, 'dispatched', 9)]
  const told = tellHistory(moments, Date.parse(at(4)), false)
  expect(told.map(it => it.interval?.lasted)).toEqual([undefined, 2 * HOUR, HOUR])
})

test('a clock that stands is not late, and after the end there is no stretch', () => {
  const moments = [moment('pause', 1, 'waiting', 2, false), moment('withdraw', 5, 'withdrawn', 2)]
  const told = tellHistory(moments, Date.parse(at(9)), true)
  expect(told[0]?.interval).toMatchObject({ running: false, lasted: 4 * HOUR })
  expect(told[0]?.interval?.over).toBeUndefined()
  expect(told[1]?.interval).toBeUndefined()
})
