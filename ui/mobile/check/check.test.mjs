// The gates of the mini program, on a small one that is whole, and on copies of it that are broken.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, describe, expect, it } from 'vitest'
import { flaws } from './rules.mjs'

const PAGE = 'Component({ methods: { onLoad() { this.setData({ a: 1 }) } } })'
const WHOLE = {
  'app.js': 'App({ onLaunch() {} })',
  'app.json': '{"pages":["pages/a/a"],"subPackages":[{"root":"sub","pages":["b"]}],"requiredPrivateInfos":["getLocation"]}',
  'pages/a/a.js': PAGE,
  'pages/a/a.json': '{"usingComponents":{"k-x":"../../components/k-x"}}',
  'pages/a/a.wxml': '<k-x/>',
  'sub/b.js': PAGE,
  'sub/b.json': '{}',
  'sub/b.wxml': '<view/>',
  'components/k-x.js': 'Component({}); const at = index => index.getLocation()',
  'components/k-x.json': '{"component":true}',
  'components/k-x.wxml': '<view/>',
  'components/k-x.wxss': '.k-x{color:red}.k-x--on:after{width:1px}@media (max-width:9px){.k-x .k-y{top:0}}@keyframes a{from{top:0}to{top:1px}}',
}

const folders = []
afterEach(() => folders.splice(0).forEach(it => rmSync(it, { recursive: true })))

function program(changed = {}) {
  const root = mkdtempSync(join(tmpdir(), 'program-'))
  folders.push(root)
  for (const [file, text] of Object.entries({ ...WHOLE, ...changed })) {
    if (text === undefined) continue
    mkdirSync(dirname(join(root, file)), { recursive: true })
    writeFileSync(join(root, file), text)
  }
  return root
}

describe('the rules', () => {
  it('let a whole program pass', () => expect(flaws(program())).toEqual([]))

  it.each([
    ['a page without a script', { 'sub/b.js': undefined }, 'sub/b.js: missing'],
    ['a component that is not there', { 'components/k-x.wxml': undefined }, 'pages/a/a.json: the component k-x is not at components/k-x'],
    ['settings that are no JSON', { 'sub/b.json': '{' }, 'sub/b.json: not JSON'],
    ['a heavy main package', { 'big.js': ' '.repeat(2_100_000) }, 'the main package: '],
    ['a heavy package', { 'sub/big.js': ' '.repeat(2_100_000) }, 'sub: '],
    ['a place that is no page', { 'app.json': WHOLE['app.json'].replace('{', '{"tabBar":{"list":[{"pagePath":"sub/b"},{"pagePath":"pages/a/a"}]},') }, 'tabBar: sub/b'],
    ['one place alone', { 'app.json': WHOLE['app.json'].replace('{', '{"tabBar":{"list":[{"pagePath":"pages/a/a"}]},') }, 'tabBar: 1 places'],
    ['text run as code', { 'pages/a/a.js': `${PAGE};new Function('a')` }, 'pages/a/a.js: text is run as code'],
    ['a document', { 'pages/a/a.js': `${PAGE};document.querySelector('a')` }, 'pages/a/a.js: there is no document'],
    ['storage of browsers', { 'pages/a/a.js': `${PAGE};localStorage.a = 1` }, 'pages/a/a.js: there is no storage'],
    ['a picture from elsewhere', { 'pages/a/a.wxml': '<image src="https://elsewhere.invalid/a.png"/>' }, 'pages/a/a.wxml: fetches'],
    ['a tag in a component', { 'components/k-x.wxss': '.k-x view{top:0}' }, 'components/k-x.wxss: .k-x view is no class'],
    ['an id in a component', { 'components/k-x.wxss': '#a{top:0}' }, 'components/k-x.wxss: #a is no class'],
    ['an attribute in a component', { 'components/k-x.wxss': '.k-x[disabled]{top:0}' }, 'components/k-x.wxss: .k-x[disabled]'],
    ['a service that is not named', { 'app.json': '{"pages":["pages/a/a"]}' }, 'app.json: requiredPrivateInfos lacks getLocation'],
    ['somebody followed', { 'sub/b.js': `${PAGE}; const a = index => index.onLocationChange()` }, 'onLocationChange: nobody is followed'],
    ['work behind the back', { 'app.json': WHOLE['app.json'].replace('{', '{"requiredBackgroundModes":["location"],') }, 'app.json: wants location'],
  ])('find %s', (_, changed, words) => {
    expect(flaws(program(changed)).join('\n')).toContain(words)
  })
})

const RUN = fileURLToPath(new URL('run.mjs', import.meta.url))
const run = changed => spawnSync(process.execPath, [RUN, program(changed)], { encoding: 'utf8' })

describe('the run', () => {
  it('lets a whole program pass', () => {
    const { status, stdout, stderr } = run()
    expect([status, stdout.trim(), stderr]).toEqual([0, 'mini program: 2 pages and 1 components ran, 0 flaws', ''])
  })

  it.each([
    ['an app that does not start', { 'app.js': 'App({ onLaunch() { throw new Error("no start") } })' }, 'no start'],
    ['a page that registers nothing', { 'sub/b.js': '' }, 'sub/b: Error: registers nothing'],
    ['a page that shows nothing', { 'sub/b.js': 'Component({})' }, 'sub/b: Error: shows nothing'],
    ['a page that breaks when it opens', { 'sub/b.js': 'Component({ methods: { onLoad() { this.nothing.more } } })' }, 'sub/b: TypeError'],
    ['a page that breaks later', { 'sub/b.js': PAGE.replace('this.', 'Promise.reject(new Error("late")); this.') }, 'nobody caught Error: late'],
    ['a page that complains', { 'sub/b.js': PAGE.replace('this.', 'console.error("hurt"); this.') }, 'hurt'],
    ['a component that breaks', { 'components/k-x.js': 'Component({}); undefined.x' }, 'components/k-x: TypeError'],
  ])('finds %s', (_, changed, words) => {
    const { status, stderr } = run(changed)
    expect(stderr).toContain(words)
    expect(status).toBe(1)
  })
})
