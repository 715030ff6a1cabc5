import { expect, test } from 'vitest'
import { body, initial, missing, standing, type Ask } from './form'

const ask = (field: string, kind: string, more: Partial<Ask> = {}): Ask => ({
  field, kind, title: field, optional: false, many: false, choices: {}, audience: 'house', ...more,
})

test('a form begins with what is known', () => {
  const asks = [
    ask('unit', 'org', { filled: 'u1' }),
    ask('assistants', 'org', { many: true, filled: null }),
    ask('cost', 'money', { filled: 1250 }),
    ask('contacted', 'yes_no', { filled: false }),
  ]
  expect(initial(asks)).toEqual({ unit: 'u1', assistants: [], cost: '12.5', contacted: false })
})

test('no is an answer, blank is none', () => {
  const asks = [ask('contacted', 'yes_no'), ask('words', 'text'), ask('photos', 'photo', { many: true, optional: true })]
  expect(missing(asks, { contacted: false, words: '  ', photos: [] })).toEqual(['words'])
})

test('only what was filled in is sent', () => {
  const asks = [ask('words', 'text'), ask('note', 'text', { optional: true }), ask('stars', 'stars')]
  expect(body(asks, { words: ' 已修好 ', note: '', stars: 4, other: 'x' })).toEqual({ words: '已修好', stars: 4 })
})

test('what stands in a row is what its form begins with; sums and hours as people write them', () => {
  const asks = [ask('cost', 'money'), ask('due', 'date')]
  expect(standing(asks, [{ field: 'cost', title: '经费', kind: 'money', value: 120_050, text: '1200.5 元' }])).toEqual({ cost: '1200.5' })
})
