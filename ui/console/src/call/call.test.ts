import { beforeEach, expect, test } from 'vitest'
import { bodyOf, dropCall, fresh, isBegun, joinOf, keepCall, keptCall, missing, requestOf } from './call'

beforeEach(() => sessionStorage.clear())

const call = { ...fresh('13800001234'), title: ' 路灯不亮 ', body: '三天了', place: '350405001001', address: '桥头路12号' }

test('the number alone is no begun call', () => {
  expect(isBegun(fresh('13800001234'))).toBe(false)
  expect(isBegun(call)).toBe(true)
})

test('title, words and place must be there', () => {
  expect(missing(fresh())).toEqual(['title', 'body', 'place'])
  expect(missing(call)).toEqual([])
})

test('what is not said is not sent, and the address is the last line', () => {
  const body = bodyOf(call, it => `地址:${it}`)
  expect(body).toBe('三天了\n地址:桥头路12号')
  expect(requestOf(call, body)).toEqual({
    procedure: 'appeal', title: '路灯不亮', body, place: '350405001001', asker: 'named', channel: 'phone', contact: '13800001234',
  })
  expect(requestOf({ ...call, photos: ['u1'] }, body)).toHaveProperty('attachments', ['u1'])
  expect(joinOf({ ...call, phone: '' }, body)).not.toHaveProperty('contact')
})

test('a draft outlives a reload, for its writer only', () => {
  keepCall('one', call)
  expect(keptCall('one')).toEqual(call)
  expect(keptCall('other')).toBeUndefined()
  dropCall()
  expect(keptCall('one')).toBeUndefined()
})
