import { expect, test } from 'vitest'
import { figure } from './amount'

test('money is told in yuan, to the fen', () => {
  expect(figure(123_456_789, 'fen')).toBe('1,234,567.89')
  expect(figure(-5, 'fen')).toBe('−0.05')
  expect(figure(0, 'fen')).toBe('0.00')
})

test('time is told in hours and halves', () => {
  expect(figure(7, 'half_hour')).toBe('3.5')
  expect(figure(-2000, 'half_hour')).toBe('−1,000')
})

test('points and pieces are told as they are', () => {
  expect(figure(1200, 'point')).toBe('1,200')
  expect(figure(3, 'unheard_of')).toBe('3')
})
