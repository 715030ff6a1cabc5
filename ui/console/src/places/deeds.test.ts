import { expect, test } from 'vitest'
import { fresh, missing, wrongDays, type About } from './deeds'

const about = (deed: About['deed'], ...ranks: number[]) =>
  ({ deed, place: { code: '1' }, post: { post: 'p', holders: ranks.map(rank => ({ rank })) } }) as unknown as About

test('a vacant post wants a principal, any other a deputy behind those it has', () => {
  expect(fresh(about('appoint'), '2026-11-22').rank).toBe(0)
  expect(fresh(about('appoint', 0, 1), '2026-11-22').rank).toBe(2)
  expect(fresh(about('appoint', 1), '2026-11-22').rank).toBe(0)
})

test('an appointment needs a person, known or new; an absence both days', () => {
  const sheet = fresh(about('appoint'), '2026-11-22')
  expect(missing('appoint', sheet)).toEqual(['person'])
  expect(missing('appoint', { ...sheet, name: '林岚' })).toEqual([])
  expect(missing('absence', sheet)).toEqual(['until'])
  expect(missing('create', sheet)).toEqual(['role'])
})

test('a day that does not exist is told, an empty one is not', () => {
  const sheet = fresh(about('absence'), '2026-11-22')
  expect(wrongDays(sheet)).toEqual([])
  expect(wrongDays({ ...sheet, until: '2026-02-30' })).toEqual(['until'])
})
