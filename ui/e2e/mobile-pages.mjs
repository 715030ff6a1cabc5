// Every page at both sizes and in three sizes of type, and in English: axe, nothing too wide, a picture.
import { DOOR, SIZES, logIn, open, phone } from './phone.mjs'
import { ask, resident } from './seed.mjs'
import { check, look, server } from './tell.mjs'

const PAGES = ['home', 'say', 'matters', 'people', 'door', 'notices', 'around', 'rates', 'me', 'data', 'login']
const LOOKS = [
  { name: 'normal', kept: { type: 'normal' } },
  { name: 'large', kept: { type: 'large' } },
  { name: 'huge', kept: { type: 'huge' } },
  { name: 'english', kept: { type: 'normal' }, language: 'en' },
]
/** Whoever reads large type presses with a thumb: no smaller than this, in pixels. */
const TARGET = { normal: 44, large: 60, huge: 60, english: 44 }

export async function pages(browser) {
  for (const size of SIZES) for (const how of LOOKS) await walk(browser, size, how)
}

async function walk(browser, size, how) {
  const { context, page, faults } = await phone(browser, { size, language: how.language, kept: { door: DOOR, ...how.kept } })
  for (const [at, name] of PAGES.entries()) {
    await open(page, name)
    await seen(page, `M-${String(at).padStart(2, '0')}-${name}-${size.name}-${how.name}`, how)
  }
  check(faults.length === 0, `phone ${size.name} ${how.name}: ${faults.join(' | ')}`)
  await context.close()
}

async function seen(page, title, how) {
  await page.waitForTimeout(600)
  await look(page, title)
  for (const it of await tooSmall(page, TARGET[how.name])) check(false, `${title}: ${it}`)
}

/** The pages that want a log-in, as somebody sees them who reads the largest type on the smallest phone. */
export async function large(browser) {
  const number = '19000000090'
  const { id } = await ask(server, 7, await resident(server, number))
  const how = LOOKS[2]
  const { context, page, faults } = await phone(browser, { size: SIZES[1], kept: { door: DOOR, ...how.kept } })
  await logIn(page, number)
  const post = (await (await fetch(`${server}/api/v1/places/${DOOR.code}/service-people`)).json())[0].post
  const queries = { matters: '', case: `?id=${id}`, service: `?post=${post}&who=x`, data: '', me: '' }
  for (const [name, query] of Object.entries(queries)) {
    await open(page, name, query)
    await seen(page, `L-${name}-huge`, how)
  }
  check(faults.length === 0, `large: ${faults.join(' | ')}`)
  await context.close()
}

/** What can be pressed but is smaller than a thumb wants. */
export const tooSmall = (page, least) =>
  page.evaluate(pixels => {
    const all = [...document.querySelectorAll('button, input:not([type=radio]):not([type=checkbox]), select, textarea, label:has(input), a[href]')]
    const small = all.filter(it => it.offsetParent && it.getBoundingClientRect().height < pixels - 0.5)
    return small.map(it => `${it.tagName} “${it.textContent.trim().slice(0, 12)}” is ${Math.round(it.getBoundingClientRect().height)} px high`)
  }, least)
