import { expect, test } from 'vitest'
import { inTime, share, stageOf, type Gathering } from './gathering'

const NOW = Date.parse('2026-11-22T08:00:00Z')
const ballot = { choices: ['同意', '反对'], secret: true, households: true, open: true, called: 10, cast: 3, may_vote: true, voted: false }
const held = (at: string, more: Partial<Gathering> = {}): Gathering => ({ id: at, gathering: 'council', title: '议事会', kind: 'meeting', at, posts: [], ...more })

test('a gathering is told by what there is to do about it', () => {
  expect(stageOf(held('2026-11-23T08:00:00Z'), NOW)).toBe('coming')
  expect(stageOf(held('2026-11-21T08:00:00Z'), NOW)).toBe('unminuted')
  expect(stageOf(held('2026-11-21T08:00:00Z', { minutes: { at: '', facts: [] } }), NOW)).toBe('minuted')
  expect(stageOf(held('2026-11-21T08:00:00Z', { ballot }), NOW)).toBe('voting')
  expect(stageOf(held('2026-11-21T08:00:00Z', { ballot: { ...ballot, open: false } }), NOW)).toBe('counted')
})

test('what is ahead comes soonest first, an open ballot by its end; what is over stays as it came', () => {
  const vote = held('2026-11-01T00:00:00Z', { ballot, closes: '2026-11-24T00:00:00Z' })
  const [late, soon] = [held('2026-11-30T00:00:00Z'), held('2026-11-23T00:00:00Z')]
  const [after, before] = [held('2026-11-20T00:00:00Z'), held('2026-11-10T00:00:00Z')]
  const { ahead, over } = inTime([late, soon, after, before, vote], NOW)
  expect(ahead).toEqual([soon, vote, late])
  expect(over).toEqual([after, before])
})

test('shares are in per cent, to one place', () => {
  expect(share(41, 62)).toBe(66.1)
  expect(share(0, 0)).toBe(0)
})
