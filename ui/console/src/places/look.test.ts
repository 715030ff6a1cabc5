import { expect, test } from 'vitest'
import { core, fits, within } from './look'

const community = { code: '350405001001', name: '城西居委会' }

test('a community is called by its name without the office', () => {
  expect(core('城西居委会')).toBe('城西')
  expect(core('金沙社区居委会')).toBe('金沙')
  expect(core('大洲村委会')).toBe('大洲')
})

test('a place is found by its code, the beginning of it, its name and an address that names it', () => {
  expect(fits(community, '350405001001')).toBe(5)
  expect(fits(community, '350405001')).toBe(3)
  expect(fits(community, '350405002')).toBe(0)
  expect(fits(community, '城西')).toBe(4)
  expect(fits(community, '城西社区桥头路12号')).toBe(2)
  expect(fits(community, '城东')).toBe(0)
})

test('numbers narrow grids, but a house number does not', () => {
  const micro = { code: '350405001001001003', name: '城西社区第1网格3号微网格' }
  expect(within(micro, '城西1网格3')).toBe(6)
  expect(within(micro, '城西2网格3')).toBe(0)
  expect(within(micro, '城西社区桥头路1号')).toBe(0)
})
