import { expect, test } from 'vitest'
import type { Moment } from '@/case/intervals'
import { lettersOf } from './letters'

const did = (action: string, entry: string) => ({ action, entry, texts: {} }) as unknown as Moment

test('a reply belongs to the letter before it, and letters are counted', () => {
  const letters = lettersOf([did('open', '0'), did('supervise', '1'), did('explain', '2'), did('supervise', '3'), did('explain', '4')])
  expect(letters.map(it => [it.nth, it.replies.map(one => one.entry)])).toEqual([[1, ['2']], [2, ['4']]])
})

test('a reply to no letter is no reply', () => {
  expect(lettersOf([did('explain', '1')])).toEqual([])
})
