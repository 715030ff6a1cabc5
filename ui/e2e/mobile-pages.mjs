// Every page at both sizes and in three sizes of type, and in English: axe, nothing too wide, a picture.
import { DOOR, SIZES, open, phone } from './phone.mjs'
import { check, look } from './tell.mjs'

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
    await page.waitForTimeout(600)
    const title = `M-${String(at).padStart(2, '0')}-${name}-${size.name}-${how.name}`
    await look(page, title)
    for (const it of await tooSmall(page, TARGET[how.name])) check(false, `${title}: ${it}`)
  }
  check(faults.length === 0, `phone ${size.name} ${how.name}: ${faults.join(' | ')}`)
  await context.close()
}

/** What can be pressed but is smaller than a thumb wants. */
const tooSmall = (page, least) =>
  page.evaluate(pixels => {
    const all = [...document.querySelectorAll('button, input:not([type=radio]):not([type=checkbox]), select, textarea, label:has(input), a[href]')]
    const small = all.filter(it => it.offsetParent && it.getBoundingClientRect().height < pixels - 0.5)
    return small.map(it => `${it.tagName} “${it.textContent.trim().slice(0, 12)}” is ${Math.round(it.getBoundingClientRect().height)} px high`)
  }, least)
