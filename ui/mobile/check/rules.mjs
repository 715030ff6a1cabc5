// What WeChat's own tools would refuse or warn of, found without them: files that are missing, packages
// that are too big, things that a mini program cannot do. Usage: node rules.mjs FOLDER
import { fileURLToPath } from 'node:url'
import { componentsOf, open } from './program.mjs'

/** Bytes of the main package and of each other one. */
const MOST = 2 * 1024 * 1024
/** Bytes of all of them. */
const MOST_TOGETHER = 20 * 1024 * 1024
/** Services of the phone that `app.json` has to name before they may be asked. */
const PRIVATE = ['getLocation', 'chooseLocation', 'choosePoi', 'chooseAddress', 'onLocationChange', 'startLocationUpdate']
/** What we promise never to ask for, whatever `app.json` says: nobody is followed. */
const NEVER = ['startLocationUpdate', 'startLocationUpdateBackground', 'onLocationChange']

const RULES = [pages, settings, sizes, tabs, scripts, remote, selectors, services, promises]

/** One line for each thing that is wrong. */
export function flaws(root) {
  const program = open(root)
  return RULES.flatMap(rule => rule(program))
}

function pages({ pages: all, has }) {
  const missing = all.flatMap(page => ['js', 'json', 'wxml'].map(end => `${page}.${end}`)).filter(it => !has(it))
  return missing.map(it => `${it}: missing`)
}

function settings(program) {
  return program.ending('.json').flatMap(file => {
    try {
      return missingComponents(program, file, JSON.parse(program.read(file)))
    } catch {
      return [`${file}: not JSON`]
    }
  })
}

function missingComponents({ has }, file, read) {
  const whole = path => ['js', 'json', 'wxml'].every(end => has(`${path}.${end}`))
  return componentsOf(file, read)
    .filter(it => !whole(it.path))
    .map(it => `${file}: the component ${it.name} is not at ${it.path}`)
}

function sizes({ files, packages, size }) {
  const sum = list => list.reduce((bytes, file) => bytes + size(file), 0)
  const inside = ({ root }) => files.filter(it => it.startsWith(`${root.replace(/\/$/, '')}/`))
  const apart = packages.map(it => ({ name: it.root, bytes: sum(inside(it)) }))
  const whole = sum(files)
  const main = { name: 'the main package', bytes: whole - apart.reduce((bytes, it) => bytes + it.bytes, 0) }
  const heavy = [main, ...apart].filter(it => it.bytes > MOST).map(it => `${it.name}: ${it.bytes} bytes, more than ${MOST}`)
  return whole > MOST_TOGETHER ? [...heavy, `all packages: ${whole} bytes, more than ${MOST_TOGETHER}`] : heavy
}

function tabs({ app }) {
  if (!app.tabBar) return []
  const { list } = app.tabBar
  const strange = list.filter(it => !app.pages.includes(it.pagePath)).map(it => `tabBar: ${it.pagePath} is no page of the main package`)
  return list.length < 2 || list.length > 5 ? [...strange, `tabBar: ${list.length} places, not 2 to 5`] : strange
}

const CANNOT = [
  [/\beval\s*\(|\bnew Function\s*\(/, 'text is run as code'],
  [/\b(?:document|window)\.(?:createElement|querySelector|getElementById|location|addEventListener)\b/, 'there is no document'],
  [/\b(?:localStorage|sessionStorage|indexedDB)\b/, 'there is no storage of browsers'],
]

function scripts({ ending, read }) {
  return ending('.js').flatMap(file => {
    const text = read(file)
    // A parser tells a name from a word of a text; here the few that matter are looked for as they are written.
    return CANNOT.filter(([what]) => what.test(text)).map(([, why]) => `${file}: ${why}`)
  })
}

function remote({ ending, read }) {
  return ['.wxss', '.wxml'].flatMap(ending).flatMap(file => {
    const found = /https?:\/\/(?!www\.w3\.org)[^\s"')]+/.exec(read(file))
    return found ? [`${file}: fetches ${found[0]}`] : []
  })
}

/** In a component WeChat knows classes only: no tags, ids or attributes. */
const NO_CLASS = /(^|[\s>+~])(?:(?!(?:from|to)$)[a-z][\w-]*|#[\w-]+)(?=[\s>+~:.]|$)|\[[^\]]*\]/

function selectors({ ending, read, has }) {
  const isComponent = file => {
    const settings = file.replace(/wxss$/, 'json')
    return has(settings) && JSON.parse(read(settings)).component === true
  }
  return ending('.wxss').filter(isComponent).flatMap(file => {
    const wrong = selectorsOf(read(file)).find(it => NO_CLASS.test(it))
    return wrong ? [`${file}: ${wrong} is no class`] : []
  })
}

function selectorsOf(text) {
  const plain = text.replace(/\/\*[^]*?\*\//g, '').replace(/url\((?:"[^"]*"|[^)]*)\)/g, '')
  const found = [...plain.matchAll(/([^{};]+)\{/g)].map(it => it[1].trim())
  return found.filter(it => !it.startsWith('@') && !/^\d/.test(it)).flatMap(it => it.split(',')).map(it => it.trim())
}

function services({ app, ending, read }) {
  const text = ours(ending, read)
  const named = app.requiredPrivateInfos ?? []
  const asked = PRIVATE.filter(it => text.includes(`.${it}(`) && !named.includes(it))
  return asked.map(it => `app.json: requiredPrivateInfos lacks ${it}`)
}

function promises({ app, ending, read }) {
  const text = ours(ending, read)
  const broken = NEVER.filter(it => text.includes(`.${it}(`) || (app.requiredPrivateInfos ?? []).includes(it))
  const behind = (app.requiredBackgroundModes ?? []).map(it => `app.json: wants ${it} in the background`)
  return [...broken.map(it => `${it}: nobody is followed`), ...behind]
}

/** Everything but the framework, which names each service without asking for it. */
const ours = (ending, read) =>
  ending('.js').filter(it => !it.startsWith('common/vendor')).map(read).join('\n')

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [root] = process.argv.slice(2)
  const found = flaws(root)
  for (const it of found) process.stderr.write(`${it}\n`)
  const { files, pages: all, size } = open(root)
  const bytes = files.reduce((sum, file) => sum + size(file), 0)
  process.stdout.write(`mini program: ${all.length} pages, ${files.length} files, ${Math.ceil(bytes / 1024)} KiB\n`)
  process.exitCode = found.length > 0 ? 1 : 0
}
