import { expect, test } from 'vitest'
import { gravestFirst, sameShare, stateTitle, stayedBy, sumUp, type Count } from './moves'

const count = (state: string, can: number, cannot: number): Count => ({ procedure: 'p', procedure_title: 'p', state, state_title: state, can, cannot })
const counts = [count('a', 3, 0), count('b', 1, 2), count('c', 9, 0)]

test('the sums are of all states, and where a case cannot go is told first', () => {
  expect(sumUp(counts)).toEqual({ can: 13, cannot: 2 })
  expect(sumUp([])).toEqual({ can: 0, cannot: 0 })
  expect(gravestFirst(counts).map(it => it.state)).toEqual(['b', 'c', 'a'])
  expect(counts.map(it => it.state)).toEqual(['a', 'b', 'c'])
})

test('a share of nothing is no share', () => {
  const month = { cases: 3, cut: false, differences: [] }
  expect(sameShare({ ...month, owners: 3, same: 2 })).toBe(66.7)
  expect(sameShare({ ...month, owners: 0, same: 0 })).toBeUndefined()
})

test('a state is called as the counts call it, and one that is not there by its id', () => {
  const trial = { counts: [{ ...count('a', 1, 1), state_title: '办理中' }], cannot: [], cut: false, month: { cases: 0, cut: false, owners: 0, same: 0, differences: [] } }
  expect([stateTitle(trial, { procedure: 'p', state: 'a' }), stateTitle(trial, { procedure: 'q', state: 'a' })]).toEqual(['办理中', 'a'])
})

test('the most frequent reason to stay stands first', () => {
  expect(stayedBy({ late: 2, no_state: 9 })).toEqual([{ code: 'no_state', count: 9 }, { code: 'late', count: 2 }])
})
