import { expect, test } from 'vitest'
import { whenOf } from './when'

test('every way in which a pack says when is understood', () => {
  expect(whenOf('19:30')).toEqual({ is: 'time', time: '19:30' })
  expect(whenOf('fri')).toEqual({ is: 'weekday', day: 'fri' })
  expect(whenOf('wd 1')).toEqual({ is: 'workday', n: 1 })
  expect(whenOf('day 25')).toEqual({ is: 'day', n: 25 })
  expect(whenOf('12-01')).toEqual({ is: 'date', month: 12, day: 1 })
})

test('what is not known is told as it is', () => {
  expect(whenOf('full moon')).toEqual({ is: 'other', as: 'full moon' })
})
