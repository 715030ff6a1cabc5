import { expect, test } from 'vitest'
import { filledIn, initial, missing, type Ask } from './form'

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
