import { expect, test } from 'vitest'
import { firstPassword } from './secret'

test('a first password can be read out and holds every kind of letter', () => {
  for (let at = 0; at < 50; at += 1) {
    const made = firstPassword()
    expect(made).toMatch(/^[A-Za-z2-9]{4}(-[A-Za-z2-9]{4}){3}$/)
    expect(made).not.toMatch(/[IlO01oi]/)
    for (const kind of [/[A-Z]/, /[a-z]/, /[2-9]/]) expect(made).toMatch(kind)
  }
})

test('no letter is likelier because of the rest of a division', () => {
  const given = [255, 254, 253, 1]
  let at = 0
  const made = firstPassword(() => given[at++ % given.length] ?? 0)
  expect(made.slice(0, 3)).toBe('Bb9')
})
