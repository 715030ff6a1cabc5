// Runs a built mini program with WeChat played by stubs, as somebody without a signal would meet it: the app
// starts, every component registers, every page registers, opens, shows something and leaves without an
// error. Usage: node run.mjs FOLDER
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import { componentsOf, open } from './program.mjs'

const root = resolve(process.argv[2] ?? '.')
const program = open(root)
const load = createRequire(join(root, 'app.js'))
const flaws = []

const nothing = () => {}
const missing = asked => setTimeout(() => asked?.fail?.({ errMsg: 'fail: played' }))
const storage = new Map()

/** What the app asks for while it starts and must be answered sensibly; any other service fails. */
const known = {
  getSystemInfoSync: () => ({ SDKVersion: '3.6.0', language: 'zh_CN', platform: 'android', windowWidth: 360 }),
  getAppBaseInfo: () => ({ SDKVersion: '3.6.0', language: 'zh_CN', host: {}, fontSizeSetting: 16 }),
  getDeviceInfo: () => ({ platform: 'android' }),
  getWindowInfo: () => ({ windowWidth: 360, windowHeight: 640, screenWidth: 360, pixelRatio: 2, safeArea: {} }),
  getLaunchOptionsSync: () => ({ path: program.pages[0], query: {} }),
  getEnterOptionsSync: () => ({ path: program.pages[0], query: {} }),
  getAccountInfoSync: () => ({ miniProgram: { appId: 'played' } }),
  getStorageSync: name => storage.get(name) ?? '',
  setStorageSync: (name, value) => void storage.set(name, value),
  removeStorageSync: name => void storage.delete(name),
  getStorageInfoSync: () => ({ keys: [...storage.keys()] }),
  canIUse: () => true,
  env: { USER_DATA_PATH: 'wxfile://usr' },
}
// The framework takes over what it finds by name; `index` is its own name for the services.
const asked = program.ending('.js').flatMap(file => [...program.read(file).matchAll(/\.index\.(\w+)/g)].map(it => it[1]))
const played = name => (/^(on|off)[A-Z]/.test(name) ? nothing : missing)
const wx = { ...Object.fromEntries(['request', ...asked].map(name => [name, played(name)])), ...known }

let app
let registered
const stack = []
const register = it => (registered = it)
Object.assign(globalThis, {
  wx,
  App: it => (app = it),
  Page: register,
  Component: register,
  Behavior: it => it,
  getApp: () => app,
  getCurrentPages: () => stack,
})

// The framework writes to the console what a page throws while it is drawn.
for (const name of ['error', 'warn']) {
  console[name] = (...words) => flaws.push(`${stack[0]?.route ?? 'app'}: ${words.map(String).join(' ').slice(0, 400)}`)
}
process.on('unhandledRejection', reason => flaws.push(`${stack[0]?.route ?? 'app'}: nobody caught ${reason?.stack ?? reason}`))

/** Loads a script and answers what it registers. */
function registration(path) {
  registered = undefined
  load(join(root, `${path}.js`))
  if (!registered) throw new Error('registers nothing')
  return registered
}

/** An instance as WeChat would make it. */
function instance(made, path) {
  const shown = {}
  const it = {
    is: path,
    route: path,
    options: {},
    data: { ...made.data },
    properties: {},
    selectComponent: () => null,
    selectAllComponents: () => [],
    triggerEvent: nothing,
    createSelectorQuery: () => ({ in: nothing, select: nothing, exec: nothing }),
    setData(data, done) {
      Object.assign(shown, data)
      done?.()
    },
    ...made.methods,
  }
  return { it, shown }
}

async function runPage(path) {
  const made = registration(path)
  const { it, shown } = instance(made, path)
  const life = { ...made, ...made.lifetimes, ...made.methods }
  stack.unshift(it)
  for (const step of ['created', 'attached', 'onLoad', 'ready', 'onReady', 'onShow']) {
    life[step]?.call(it, {})
    await new Promise(done => setTimeout(done, 20))
  }
  if (Object.keys(shown).length === 0) throw new Error('shows nothing')
  for (const step of ['onHide', 'onUnload', 'detached']) life[step]?.call(it)
}

async function attempt(name, run) {
  try {
    await run()
  } catch (error) {
    flaws.push(`${name}: ${error?.stack ?? error}`)
  } finally {
    stack.length = 0
  }
}

await attempt('app', () => {
  load(join(root, 'app.js'))
  if (!app) throw new Error('registers nothing')
  app.onLaunch?.call(app, { path: program.pages[0], query: {} })
  app.onShow?.call(app, {})
})
const components = new Set(program.ending('.json').flatMap(file => componentsOf(file, JSON.parse(program.read(file))).map(it => it.path)))
for (const path of components) await attempt(path, () => registration(path))
for (const path of program.pages) await attempt(path, () => runPage(path))

for (const it of flaws) process.stderr.write(`${it}\n`)
process.stdout.write(`mini program: ${program.pages.length} pages and ${components.size} components ran, ${flaws.length} flaws\n`)
process.exit(flaws.length > 0 ? 1 : 0)
