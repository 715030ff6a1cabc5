import { expect, test } from 'vitest'
import { session } from '@/session/session'
import { canFill, fillable, isFound } from './find'
import { filledIn, initial, missing, pointOf, pointText, type Ask } from './form'
import { newCase } from './opening'

const ask = (field: string, more: Partial<Ask> = {}): Ask => ({
  field,
  title: field,
  kind: 'text',
  optional: false,
  many: false,
  choices: {},
  audience: 'asker',
  ...more,
})

test('a form begins with what is known', () => {
  const asks = [ask('words'), ask('stars', { kind: 'stars', filled: 4 }), ask('cost', { kind: 'money', filled: 1250 })]
  expect(initial(asks)).toEqual({ words: '', stars: '4', cost: '12.5' })
})

test('what is blank is missing, unless it may be', () => {
  const asks = [ask('words'), ask('note', { optional: true }), ask('photos', { kind: 'photo', many: true })]
  expect(missing(asks, { words: '  ', note: '', photos: [] })).toEqual(['words', 'photos'])
})

test('blank fields are not sent, and words are trimmed', async () => {
  const asks = [ask('words'), ask('note', { optional: true }), ask('ok', { kind: 'yes_no' })]
  await expect(filledIn(asks, { words: ' 好了 ', note: ' ', ok: false })).resolves.toEqual({ words: '好了', ok: false })
})

test('one photo is sent as one id, several as many', async () => {
  const photo = { id: 'a', hide: [], upload: 'u1' }
  const asks = [ask('seal', { kind: 'photo' }), ask('photos', { kind: 'photo', many: true })]
  await expect(filledIn(asks, { seal: [photo], photos: [photo] })).resolves.toEqual({ seal: 'u1', photos: ['u1'] })
})

test('a resident is not asked to look through the house; staff look everything up', () => {
  const asks = [ask('note'), ask('unit', { kind: 'org', optional: true }), ask('door', { kind: 'household', optional: true })]
  const wants = [ask('row', { kind: 'record' })]
  expect([canFill(asks), fillable(asks).map(it => it.field), canFill(wants)]).toEqual([true, ['note'], false])
  session.me = { person: 'p', posts: [{ post: '1', role: 'r', title: 'r' }], must: [], may: [], now: '', wechat: false } as unknown as typeof session.me
  expect([fillable(asks).length, canFill(wants)]).toEqual([3, true])
  session.me = undefined
})

test('kinds that are looked for are those that name something', () => {
  const kinds = ['place', 'org', 'post', 'person', 'case', 'record', 'text', 'point', 'choice']
  expect(kinds.filter(kind => isFound(ask('it', { kind })))).toEqual(['place', 'org', 'post', 'person', 'case', 'record'])
})

test('a point is text in a form, and a location of a new case', () => {
  const point = { lng: 117.7, lat: 26.4, datum: 'wgs84' as const }
  expect(pointOf(pointText(point))).toEqual(point)
  expect(newCase('visit', { door: 'd', title: '井盖', place: '35', point: '117.7,26.4', photos: ['u1'] }, 'named')).toEqual({
    procedure: 'visit', asker: 'named', title: '井盖', place: '35', location: point, attachments: ['u1'], fields: { door: 'd' },
  })
})
