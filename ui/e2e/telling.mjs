// What the desk tells everybody and shows on a wall: a notice published and taken back, a screen opened by a
// code where nobody is logged in, both in every look; and what it did not manage to tell whoever asked.
import { window } from './browser.mjs'
import { office } from './people.mjs'
import { HOME, check, logIn, look, server, settled } from './tell.mjs'
import { LOOKS, SIZES } from './pages.mjs'

const GRID = '350405001001001'
const { call, as } = office(server)

/** Numbers in a notice are looked at by a person before everybody may read them. */
async function notice(browser) {
  const { context, page, faults } = await window(browser)
  const title = `停水通知 ${Date.now().toString(36)}`
  const first = page.locator('li.card').first()
  const publish = () => page.click('form.card .button.primary')
  await logIn(page, 'duty-desk')
  await page.goto(`${HOME}/notices`)
  await settled(page)
  await page.fill('#notice-title', title)
  await page.fill('#notice-body', '因管网检修停水,咨询 0598-5822345')
  await publish()
  await page.locator('form.card input[type=checkbox]').check()
  await look(page, 'N-numbers')
  await publish()
  await first.locator('h3', { hasText: title }).waitFor()
  await first.locator('button').click()
  await page.fill('dialog[open] input', '时间有变')
  await page.click('dialog[open] .button.primary')
  await page.locator('h3', { hasText: title }).waitFor({ state: 'detached' })
  const told = faults.filter(it => !it.includes('status of 422'))
  check(told.length === 0, `notices: ${told.join(' | ')}`)
  await context.close()
}

/** The wall's own window knows nothing but the code, and may see nothing but the screen. */
async function door(browser) {
  const desk = await window(browser)
  await logIn(desk.page, 'supervisor')
  await desk.page.goto(`${HOME}/screen`)
  await desk.page.locator('button', { hasText: '在大屏上打开' }).click()
  await desk.page.fill('dialog[open] input[name=name]', `东墙 ${Date.now().toString(36)}`)
  await desk.page.click('dialog[open] .button.primary')
  const [code] = await desk.page.waitForFunction(() => /[0-9A-Z]{5}-[0-9A-Z]{5}/.exec(document.querySelector('dialog[open]').innerText)).then(it => it.jsonValue())
  await look(desk.page, 'N-code')
  const wall = await window(browser, { width: 1920, height: 1080 })
  await wall.page.goto(`${HOME}/wall`)
  await wall.page.fill('input[name=code]', code)
  await wall.page.click('form .button.primary')
  await wall.page.waitForSelector('[data-figure=today-opened]')
  await look(wall.page, 'N-wall')
  const seen = await wall.page.evaluate(() => fetch('/api/v1/cases').then(it => it.status))
  check(seen === 403, `a wall that asks for cases is told no: ${seen}`)
  await ended(desk.page, wall.page)
  await desk.context.close()
  await wall.context.close()
}

/** A wall that came to its end says why and what to do; a wrong code is another matter, and said beside it. */
async function ended(desk, wall) {
  await desk.locator('dialog[open] li button', { hasText: '停止' }).first().click()
  await wall.waitForTimeout(500)
  const end = why => wall.waitForSelector(`[data-over=${why}]`)
  await wall.goto(`${HOME}/screen`)
  await end('stopped')
  await look(wall, 'N-wall-stopped')
  await wall.evaluate(() => localStorage.setItem('jinlin.wall', JSON.stringify({ until: '2020-01-01T00:00:00Z' })))
  await wall.goto(`${HOME}/screen`)
  await end('days_over')
  await look(wall, 'N-wall-over')
  await wall.fill('input[name=code]', '22222-22222')
  await wall.click('form .button.primary')
  await wall.waitForSelector('input[aria-invalid=true]')
  await look(wall, 'N-wall-wrong')
}

/** A short message that did not arrive asks for a call, and leads to the number. The gateway's failure is made up:
    a real one takes five hours. */
async function unreached(browser, size, how) {
  const { context, page, faults } = await window(browser, { ...size, ...how })
  const at = minutes => new Date(Date.now() - minutes * 60_000).toISOString()
  const message = (kind, state, minutes, tries) => ({ kind, state, tries, made_at: at(minutes), changed_at: at(minutes - 1) })
  const told = [message('accepted', 'sent', 600, 1), message('paused', 'overtaken', 500, 0), message('answered', 'failed', 400, 6)]
  await page.route('**/api/v1/cases/*/messages', it => it.fulfill({ json: told }))
  await logIn(page, 'duty-desk')
  const asked = { procedure: 'appeal', matter: 'garbage', title: '垃圾桶满了', body: '满了好几天。', place: GRID, contact: '13800001234', asker: 'named' }
  const { id } = await call('/cases', await as('duty-desk'), asked)
  await page.goto(`${HOME}/cases/${id}`)
  await page.waitForSelector('[data-state=failed]')
  await look(page, `N-unreached-${size.name}-${how.name}`)
  await page.locator('section:has([data-state=failed]) .note button').click()
  await page.waitForSelector('dialog[open] input')
  check(faults.length === 0, `unreached: ${faults.join(' | ')}`)
  await context.close()
}

async function looks(browser) {
  for (const size of SIZES) for (const how of LOOKS) {
    const { context, page, faults } = await window(browser, { ...size, ...how })
    const name = part => `N-${part}-${size.name}-${how.name}`
    await page.goto(`${HOME}/wall`)
    await look(page, name('wall'))
    await page.goto(`${HOME}/wall?over`)
    await look(page, name('over'))
    await logIn(page, 'grid-worker')
    await page.goto(`${HOME}/notices`)
    await look(page, name('notices'))
    check(faults.length === 0, `${name('faults')}: ${faults.join(' | ')}`)
    await context.close()
    await unreached(browser, size, how)
  }
}

export async function telling(browser) {
  await notice(browser)
  await door(browser)
  await looks(browser)
}
