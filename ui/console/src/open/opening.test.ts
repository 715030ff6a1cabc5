import { expect, test } from 'vitest'
import { asksOf, newCase, type Opening } from './opening'

const ask = (field: string, kind = 'text') => ({ field, kind, title: field, optional: false, many: false, choices: {}, audience: 'house' })
const opening = (more: Partial<Opening> = {}): Opening =>
  ({ procedure: 'p', title: 'p', action: 'open', why: '', stages: [], matters: false, hides: [], asks: [ask('title'), ask('place', 'place')], ...more })
const words = { matter: 'matter', asker: 'asker', askers: (who: string) => who }

test('a form asks no more than its procedure does', () => {
  expect(asksOf(opening(), [], undefined, words)).toEqual(opening().asks)
})

test('matters, and what a resident may hide, are asked where there are any', () => {
  const matters = [{ id: 'm', title: 'M', catalogue: 'c', sensitive: false }]
  const asks = asksOf(opening({ hides: ['anonymous'] }), matters, { id: '1', code: '35', name: '城西', level: 'grid' }, words)
  expect(asks.map(it => [it.field, it.choices, it.filled])).toEqual([
    ['matter', { m: 'M' }, undefined], ['title', {}, undefined], ['place', {}, '35'], ['asker', { named: 'named', anonymous: 'anonymous' }, 'named'],
  ])
})

test('what has a place of its own in a case goes there, the rest into its fields', () => {
  const form = { title: 't', place: '35', point: '117.7,26.4', photos: ['u'], cost: '12.5', asker: 'named' }
  expect(newCase('p', form, '1')).toEqual({
    procedure: 'p', title: 't', place: '35', asker: 'named', location: { lng: 117.7, lat: 26.4, datum: 'cgcs2000' }, attachments: ['u'], fields: { cost: '12.5' },
  })
  expect(newCase('p', { cost: '1' }, '1')).toEqual({ procedure: 'p', place: '1', fields: { cost: '1' } })
})
