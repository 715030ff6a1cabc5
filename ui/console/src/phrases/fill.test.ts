import { expect, test } from 'vitest'
import { fill } from './fill'

test('what is known of a case stands in the words', () => {
  expect(fill('{unit}:{title}({number})', { unit: '区城市管理局', title: '路灯不亮', number: '2026' })).toBe('区城市管理局:路灯不亮(2026)')
})

test('what is not known stays to be filled in, and what nobody knows stays as written', () => {
  expect(fill('应于{due}前办结', {})).toBe('应于____前办结')
  expect(fill('{weather}', {})).toBe('{weather}')
})

test('words of the case are not filled in a second time', () => {
  expect(fill('{title}', { title: '{number}', number: '1' })).toBe('{number}')
})
