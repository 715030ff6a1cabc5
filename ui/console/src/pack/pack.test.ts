import { expect, test } from 'vitest'
import type { Procedure } from './procedure'
import { choose, placeOf } from './files'
import { BOX, draw, everywhere } from './layout'

const state = (id: string, stage: string | null, more: object = {}) => ({ id, title: id, stage, owner: null, limit: null, waits: false, end: null, ...more })
const action = (id: string, from: string[], to: string | null) => ({ id, title: id, from, to, by: [], approval: null, asks: [], bounds: [] })
const procedure: Procedure = {
  id: 'p', title: 'p', why: '', stages: ['one', 'two', 'three'],
  states: [state('new', 'one', { owner: 'desk', limit: '1 d' }), state('odd', 'one'), state('work', 'two'), state('done', 'three', { end: 'solved' }), state('never', 'three', { end: 'imported' })],
  actions: [action('open', [], 'new'), action('send', ['new', 'odd'], 'work'), action('note', ['new'], null), action('back', ['work'], 'new'), action('finish', ['work'], 'done'), action('drop', ['new', 'odd', 'work'], 'done')],
}

test('states stand in the columns of their stages and never upon one another', () => {
  const { boxes, width, height } = draw(procedure)
  expect(boxes.map(it => it.id)).toEqual(['new', 'odd', 'work', 'done'])
  expect(new Set(boxes.map(it => it.x)).size).toBe(3)
  for (const a of boxes) {
    expect(a.x + BOX <= width && a.y + a.height <= height).toBe(true)
    for (const b of boxes) expect(a === b || a.x !== b.x || a.y + a.height <= b.y || b.y + b.height <= a.y).toBe(true)
  }
  expect(boxes.filter(it => it.first).map(it => it.id)).toEqual(['new'])
})

test('every action that leads on has a way, one that all open states share is drawn once', () => {
  const { ways, boxes } = draw(procedure)
  expect(ways.map(it => `${it.from} ${it.title} ${it.to} ${it.back}`)).toEqual(['new send work false', 'odd send work false', 'work back new true', 'work finish done false'])
  expect(everywhere(procedure).map(it => it.id)).toEqual(['drop'])
  expect(boxes[0]?.lines.map(it => [it.title, it.moves])).toEqual([['send', true], ['note', false]])
})

test('without stages the steps from the beginning are the columns', () => {
  const bare = { ...procedure, stages: [], states: procedure.states.map(it => ({ ...it, stage: null })) }
  const columns = new Map(draw(bare).boxes.map(it => [it.id, it.x]))
  expect(columns.get('new')).toBeLessThan(columns.get('work') ?? 0)
  expect(columns.get('work')).toBeLessThan(columns.get('done') ?? 0)
})

const source = (path: string) => ({ path, text: async () => `text of ${path}` })

test('a pack or a folder of packs may be chosen, without stories and demo', async () => {
  const names = ['pack.toml', 'procedures/a.toml', 'stories/s.toml', 'demo/d.toml', 'demo.toml', 'matters/m.csv', 'README.md']
  const several = await choose([...names.map(it => source(`packs/base/${it}`)), source('packs/shaxian/pack.toml'), source('packs/note.txt')])
  expect(several.ids).toEqual(['base', 'shaxian'])
  expect(Object.keys(several.files).sort()).toEqual(['base/matters/m.csv', 'base/pack.toml', 'base/procedures/a.toml', 'shaxian/pack.toml'])
  const single = await choose(names.map(it => source(`base/${it}`)))
  expect(single).toMatchObject({ ids: ['base'], files: { 'base/procedures/a.toml': 'text of base/procedures/a.toml' } })
  expect((await choose([source('photos/a.png')])).ids).toEqual([])
})

test('a place in a file is told as file, line and column', () => {
  expect(placeOf('x/pack.toml:12:1')).toEqual({ file: 'x/pack.toml', line: '12', column: '1' })
  expect(placeOf('id')).toEqual({ file: 'id', line: '', column: '' })
})
