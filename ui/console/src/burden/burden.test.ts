import { expect, test } from 'vitest'
import { againOf, choose, dropsOf, hoursOf, inOrder, sumUp, weekly, type Filter, type Form } from './burden'

const ask = (field: string, more: object = {}) => ({ field, title: field, optional: false, again: false, ...more })
const form = (procedure: string, action: string, more: Partial<Form> = {}): Form => ({
  procedure, procedure_title: procedure, action, action_title: action, why: '', asked: [ask('note')], staff: true, seconds: 60, uses: 0, ...more,
})
const forms = [
  form('appeal', 'dispatch', { uses: 120, seconds: 30, asked: [ask('unit'), ask('place', { again: true })] }),
  form('appeal', 'open', { staff: false, uses: 60, seconds: 120, asked: [ask('title'), ask('photos', { optional: true })] }),
  form('visit', 'report'),
]
const all: Filter = { procedure: '', by: '', words: '', drop: '' }

test('hours are how often times how long', () => {
  expect(forms.map(hoursOf)).toEqual([1, 2, 0])
})

test('what the case holds already and what nobody fills in could be dropped', () => {
  expect(forms.map(dropsOf)).toEqual([['again'], [], ['unused']])
  expect(forms.map(it => againOf(it).map(ask => ask.field))).toEqual([['place'], [], []])
  expect(choose(forms, { ...all, drop: 'again' }).map(it => it.action)).toEqual(['dispatch'])
  expect(choose(forms, { ...all, drop: 'unused' }).map(it => it.action)).toEqual(['report'])
})

test('forms are found by procedure, by who fills them in, and by what they ask', () => {
  const found = (filter: Partial<Filter>) => choose(forms, { ...all, ...filter }).map(it => it.action)
  expect(found({})).toEqual(['dispatch', 'open', 'report'])
  expect(found({ procedure: 'appeal' })).toEqual(['dispatch', 'open'])
  expect(found({ by: 'asker' })).toEqual(['open'])
  expect(found({ words: ' Photo' })).toEqual(['open'])
  expect(found({ procedure: 'visit', by: 'asker' })).toEqual([])
})

test('each column sorts both ways and leaves the list as it was', () => {
  const by = (column: Parameters<typeof inOrder>[1], down: boolean) => inOrder(forms, column, down, 'en').map(it => it.action)
  expect(by('hours', true)).toEqual(['open', 'dispatch', 'report'])
  expect(by('uses', true)).toEqual(['dispatch', 'open', 'report'])
  expect(by('seconds', false)).toEqual(['dispatch', 'report', 'open'])
  expect(by('form', false)).toEqual(['dispatch', 'open', 'report'])
  expect(by('asked', false)).toEqual(['report', 'dispatch', 'open'])
  expect(forms.map(it => it.action)).toEqual(['dispatch', 'open', 'report'])
})

test('the sums keep the house and those who ask apart', () => {
  expect(sumUp(forms)).toEqual({ forms: 3, fields: 5, optional: 1, hours: { staff: 1, asker: 2 }, uses: { staff: 120, asker: 60 }, again: 1, unused: 1 })
})

test('a frequency is over the period that was counted, however short', () => {
  const since = '2026-11-01T00:00:00Z'
  expect(weekly(10, { since, until: '2026-11-15T00:00:00Z' })).toBe(5)
  expect(weekly(10, { since, until: since })).toBe(0)
})
