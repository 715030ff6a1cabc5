import { expect, test } from 'vitest'
import { inTurn, stageOf, type Gathering } from './gathering'

const NOW = Date.parse('2026-11-22T08:00:00Z')
const held = (id: string, at: string, more: Partial<Gathering> = {}): Gathering => ({ id, gathering: 'council', title: '议事会', kind: 'meeting', at, posts: [], ...more })
const ballot = { choices: ['同意', '反对'], secret: true, households: true, open: true, called: 10, cast: 3, may_vote: true, voted: false }

test('what waits for somebody comes before what is to come, and that before what is over', () => {
  const voting = held('voting', '2026-11-01T00:00:00Z', { ballot, closes: '2026-11-24T00:00:00Z' })
  const unminuted = held('unminuted', '2026-11-21T00:00:00Z')
  const coming = held('coming', '2026-11-23T00:00:00Z')
  const minuted = held('minuted', '2026-11-10T00:00:00Z', { minutes: { at: '', facts: [] } })
  const counted = held('counted', '2026-11-01T00:00:00Z', { ballot: { ...ballot, open: false }, closes: '2026-11-12T00:00:00Z' })
  expect(inTurn([minuted, coming, counted, unminuted, voting], NOW).map(it => it.id)).toEqual(['voting', 'unminuted', 'coming', 'counted', 'minuted'])
  expect(stageOf(counted, NOW)).toBe('counted')
})
