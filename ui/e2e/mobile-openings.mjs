// Whatever residents may ask for, as the server lists it: each is in the list or behind the three taps, its form opens
// in large type and in English, can be filled in by its kinds alone, and is taken.
import { office } from './people.mjs'
import { DOOR, SIZES, logIn, open, phone, reads } from './phone.mjs'
import { tooSmall } from './mobile-pages.mjs'
import { check, failures, look, server } from './tell.mjs'
import { fillPhone } from './unseen/fill.mjs'

const LOOKS = [
  { name: 'huge', kept: { type: 'huge' }, least: 60 },
  { name: 'english', language: 'en', kept: { type: 'large' }, least: 60 },
]
const { call } = office(server)
const LANGUAGES = ['zh-CN', 'en']
/** What the county offers, by language. */
const offered = async () => Object.fromEntries(await Promise.all(LANGUAGES.map(async it => [it, await call('/openings', undefined, undefined, 'GET', { 'accept-language': it })])))
const form = page => page.locator('main')
const asksOf = it => it.asks.filter(ask => ask.field !== 'contact').map(ask => ({ ...ask, id: ask.field, choices: Object.keys(ask.choices).length > 0 ? ask.choices : undefined }))

/** Chinese words on an English page; only what places are called stays as it is. */
const untold = page =>
  page.evaluate(door => {
    const texts = [...document.querySelectorAll('main *, header *')].flatMap(it => [...it.childNodes].filter(one => one.nodeType === Node.TEXT_NODE).map(one => one.textContent.trim()))
    const parts = texts.flatMap(text => text.match(/\p{Script=Han}[^a-zA-Z]*\p{Script=Han}|\p{Script=Han}/gu) ?? [])
    return parts.flatMap(part => part.split(/[›:,·()（）\s]+/)).filter(part => /\p{Script=Han}/u.test(part) && !door.includes(part))
  }, JSON.stringify(DOOR))

async function listed(browser, all, how) {
  const { context, page, faults } = await phone(browser, { language: how.language, kept: { door: DOOR, ...how.kept } })
  await open(page, 'open')
  await page.locator('.k-row').first().waitFor()
  const rows = await page.locator('.k-row__title').allInnerTexts()
  const missing = all.filter(it => !rows.includes(it.title))
  // One is for whatever has no name: it has a tile of its own.
  check(missing.length === 1 && missing[0].matters, `all but the three taps are in the list: ${missing.map(it => it.title).join(' ')}`)
  await look(page, `O-list-${how.name}`)
  for (const it of faults) failures.push(`openings ${how.name}: ${it}`)
  await context.close()
}

async function opened(browser, all, how) {
  const { context, page, faults } = await phone(browser, { size: SIZES[0], language: how.language, kept: { door: DOOR, ...how.kept } })
  for (const it of all) {
    const name = `O-${it.procedure}-${how.name}`
    await open(page, 'open', `?procedure=${it.procedure}`)
    // The app has words of its own for what every form asks.
    await (how.language ? page.locator('.k-page__foot button').first().waitFor() : reads(page, asksOf(it)[0].title))
    await look(page, name)
    for (const flaw of await tooSmall(page, how.least)) check(false, `${name}: ${flaw}`)
    if (how.language === 'en') for (const words of await untold(page)) check(false, `${name} says in Chinese: ${words}`)
  }
  for (const it of faults) failures.push(`openings ${how.name}: ${it}`)
  await context.close()
}

/** Each is filled in and sent, by a resident who has never been here and reads the largest type. */
async function sent(browser, all) {
  const { context, page, faults } = await phone(browser, { kept: { door: DOOR, type: 'huge' } })
  await logIn(page, `18${String(Date.now() % 1e9).padStart(9, '0')}`)
  for (const it of all) {
    await open(page, 'open', `?procedure=${it.procedure}`)
    await reads(page, asksOf(it)[0].title)
    const matter = form(page).locator('.k-select select').first()
    if (it.matters) await matter.selectOption({ index: 1 })
    await fillPhone(form(page), asksOf(it))
    await page.locator('.k-page__foot button').click()
    const answer = page.locator('.k-card--good, .k-note--bad, main [role=alert]').first()
    await answer.waitFor()
    const words = await answer.innerText()
    check(await page.locator('.k-card--good').isVisible(), `${it.title} is taken: ${words}`)
    await page.locator('.k-card--good').waitFor({ timeout: 1000 }).catch(() => page.screenshot({ path: `${process.argv[3] ?? 'shots'}/O-${it.procedure}-refused.png` }))
  }
  for (const it of faults) failures.push(`openings sent: ${it}`)
  await context.close()
}

export async function openings(browser) {
  const county = await offered()
  const all = county['zh-CN']
  check(all.length > 5, `the county offers something: ${all.length}`)
  for (const how of LOOKS) await listed(browser, county[how.language ?? 'zh-CN'], how)
  for (const how of LOOKS) await opened(browser, county[how.language ?? 'zh-CN'], how)
  await sent(browser, all)
}
