import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import en from './en'
import type { Words } from './words'
import zh from './zh-CN'

function flat(words: Words, before = ''): [string, string][] {
  return Object.entries(words).flatMap(([key, value]): [string, string][] =>
    typeof value === 'string' ? [[before + key, value]] : flat(value, `${before}${key}.`),
  )
}

const chinese = new Map(flat(zh))
const english = new Map(flat(en))
const holes = (text: string | undefined) => [...(text ?? '').matchAll(/\{(\w+)\}/g)].map(it => it[1]).sort()

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(it => {
    const path = join(folder, it.name)
    if (it.isDirectory()) return sources(path)
    return /\.(vue|ts)$/.test(it.name) && !it.name.endsWith('.test.ts') ? [readFileSync(path, 'utf8')] : []
  })
}

test('both languages have the same keys', () => {
  expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort())
})

test('both languages fill in the same things, and none is empty', () => {
  for (const [key, words] of chinese) {
    expect(words.trim(), key).not.toBe('')
    expect(english.get(key)?.trim(), key).not.toBe('')
    expect(holes(english.get(key)), key).toEqual(holes(words))
  }
})

test('Chinese words are Chinese and English words are English', () => {
  // The name of the other language is written in that language.
  const names = new Set(['me.other_language'])
  for (const [key, words] of chinese) if (!names.has(key)) expect(words.replace(/\{\w+\}/g, ''), key).not.toMatch(/[A-Za-z]/)
  for (const [key, words] of english) if (!names.has(key)) expect(words, key).not.toMatch(/\p{Script=Han}/u)
})

test('every key that the pages name exists, and none is left over', () => {
  const text = sources(join(import.meta.dirname, '..')).join('\n')
  // In single quotes, as code and the expressions of templates write them.
  const named = [...text.matchAll(/'([a-z_]+(?:\.[a-z_]+)+)'/g)].map(it => it[1] ?? '')
  const areas = new Set(Object.keys(zh))
  const unknown = named.filter(it => areas.has(it.split('.')[0] ?? '') && !chinese.has(it))
  expect(unknown).toEqual([])
  // Keys made from data: `case.ends.${end}`.
  const made = [...text.matchAll(/`([a-z_.]+)\.\$\{/g)].map(it => `${it[1]}.`)
  const unused = [...chinese.keys()].filter(it => !named.includes(it) && !made.some(start => it.startsWith(start)))
  expect(unused).toEqual([])
})
