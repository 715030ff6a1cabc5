// What acts leave beside their cases: minutes, a ballot collected at the doors, words on a board, bookings, rows of a
// register, what comes round. The demo's pack is loaded anew with the small method in `beside/`.
import { window } from './browser.mjs'
import { loadCounty } from './packs.mjs'
import { LOOKS, SIZES } from './pages.mjs'
import { office } from './people.mjs'
import { open, phone, reads } from './phone.mjs'
import { HOME, check, failures, logIn, look, server, settled, shots } from './tell.mjs'

const TITLE = '三号楼加装电梯'
const OTHER = '楼道堆物怎么清'
const run = Date.now().toString(36)
const PLAN = `三号楼北侧加装电梯一部 ${run}`

const { call, as } = office(server)

/** A grid worker's cases: with a meeting held and its ballot open, and one that is still talked about. */
async function affair() {
  const worker = await as('grid-worker')
  const { posts } = await call('/me', worker, undefined, 'GET')
  const place = posts[0].place.code
  const open = title => call('/cases', worker, { procedure: 'stairs', title, place })
  const [made, other] = [await open(TITLE), await open(OTHER)]
  const act = (name, form, { revision }, { id } = made) => call(`/cases/${id}/actions/${name}`, worker, form, 'POST', { 'if-match': String(revision) })
  await act('submit', { lift: PLAN, lift_cost: '86000.50' }, await act('meet', {}, made))
  /** Those of the grid that were not submitted, from the list of cases. */
  const talked = async () => {
    const { items } = await call(`/cases?procedure=stairs&place=${place}&open=true&limit=200`, worker, undefined, 'GET')
    return items.filter(it => !it.done.submit).map(it => it.id)
  }
  return { ...made, other, talked, settleOther: () => act('settle', {}, other, other) }
}

const one = async (browser, account, path, how = {}) => {
  const made = await window(browser, how)
  await logIn(made.page, account)
  await made.page.goto(`${HOME}${path}`)
  await settled(made.page)
  return made
}

async function gatherings(browser, made) {
  const { context, page, faults } = await one(browser, 'grid-worker', `/cases/${made.id}`)
  await page.waitForSelector('aside a[href*="/gatherings/"]')
  for (const [kind, count] of Object.entries({ gatherings: 2, publications: 1, records: 1, bookings: 1 })) {
    check((await page.locator(`aside [data-beside=${kind}]`).count()) === count, `${count} of ${kind} stand beside the case`)
  }
  check(await page.locator('aside [data-beside=bookings]', { hasText: '86,000.50 元' }).isVisible(), 'with what was booked')
  await look(page, 'R-case')
  await page.click('aside a:has-text("楼道议事会")')
  await page.waitForSelector('li[data-case]')
  const listed = async () => (await page.locator('li[data-case]').evaluateAll(all => all.map(it => it.dataset.case))).sort().join()
  const talked = (await made.talked()).sort().join()
  check((await listed()) === talked && talked.includes(made.other.id) && !talked.includes(made.id), 'what was not submitted stands on the agenda, and nothing else')
  await look(page, 'R-agenda')
  await page.click('section .primary')
  await page.fill('section form textarea', '十二户到会,都同意表决')
  await look(page, 'R-minutes')
  await page.keyboard.press('Control+Enter')
  await page.waitForSelector('.note.good')
  check(await page.locator('dd', { hasText: '都同意表决' }).isVisible(), 'the minutes stand on the page')
  await made.settleOther()
  check(!(await made.talked()).includes(made.other.id), 'the other case goes on')
  await page.reload()
  await page.waitForSelector('li[data-case]')
  check((await listed()) === talked, 'the agenda stays as it was when the minutes were kept')
  await paper(page, made)
  await page.click(`li[data-case="${made.other.id}"] a`)
  await page.locator('h1', { hasText: OTHER }).waitFor()
  await page.goto(`${HOME}/cases/${made.id}`)
  await page.click('aside a:has-text("加装电梯表决")')
  await page.waitForSelector('[data-door]')
  const door = page.locator('[data-door]').first()
  await door.locator('button').click()
  await look(page, 'R-door')
  await page.keyboard.press('Space')
  await page.keyboard.press('Enter')
  await page.waitForSelector('.note.good')
  await settled(page)
  check(await door.locator('.tag').isVisible(), 'the door has voted')
  check((await page.locator('.figures strong').nth(1).innerText()) === '1', 'one vote is cast')
  await door.locator('button').click()
  await page.locator('[data-door] input[type=radio]').nth(1).check()
  await page.keyboard.press('Enter')
  await page.waitForSelector('.note.good')
  check((await page.locator('.figures strong').nth(1).innerText()) === '1', 'a changed vote is no second one')
  check((await page.locator('table').count()) === 0, 'no votes are told before the end')
  await context.close()
  for (const it of faults) failures.push(`gatherings: ${it}`)
}

/** Agenda and minutes print, and nothing of the page around them. */
async function paper(page, { other }) {
  await page.emulateMedia({ media: 'print' })
  check(await page.locator(`li[data-case="${other.id}"]`).isVisible(), 'the agenda stands on paper')
  check(await page.locator('dd', { hasText: '都同意表决' }).isVisible(), 'and the minutes')
  check(!(await page.locator('nav').first().isVisible()), 'and no navigation')
  await page.screenshot({ path: `${shots}/R-agenda-print.png`, fullPage: true })
  await page.emulateMedia({ media: 'screen' })
}

async function registers(browser) {
  const { context, page, faults } = await one(browser, 'supervisor', '/registers/lamps')
  await page.click('.head .primary')
  await page.locator('section form textarea').first().fill(`老旧小区楼道照明排查 ${run}`)
  await page.locator('section form input').first().fill('1200.5')
  await page.keyboard.press('Control+Enter')
  await page.waitForURL(/\/records\//)
  await page.click('.head .primary')
  await page.waitForSelector('section form')
  check((await page.locator('section form input').first().inputValue()) === '1200.5', 'the form begins with what stands there')
  await page.locator('section form input').first().fill('1300')
  await page.keyboard.press('Control+Enter')
  await page.waitForSelector('.note.good')
  check((await page.locator('main section ol li').count()) === 2, 'both writings are in its history')
  await look(page, 'R-record')
  await page.goto(`${HOME}/registers/lamps`)
  await page.fill('main form.filters input', run)
  await page.keyboard.press('Enter')
  await settled(page)
  check((await page.locator('tbody tr').count()) === 2, 'the row by hand and the row of the act are found')
  await context.close()
  for (const it of faults) failures.push(`registers: ${it}`)
}

async function rest(browser) {
  const { context, page, faults } = await one(browser, 'grid-worker', '/ledgers/stairs')
  await page.waitForSelector('tr[data-account]')
  const balances = await page.locator('tr[data-account] td.figure').allInnerTexts()
  const cents = balances.map(it => Number(it.replace(/,/g, '').replace('−', '-')) * 100)
  check(balances.includes('86,000.50') && Math.round(cents.reduce((sum, it) => sum + it, 0)) === 0, `what one account has another lacks: ${balances.join(' ')}`)
  await look(page, 'R-ledgers')
  await page.goto(`${HOME}/cycles`)
  await page.waitForSelector('[data-cycle=stairs_year]')
  await look(page, 'R-cycles')
  const resident = await phone(browser)
  await open(resident.page, 'boards')
  await reads(resident.page, PLAN)
  await look(resident.page, 'R-phone-boards')
  await page.goto(`${HOME}/boards/stairs`)
  const words = page.locator('[data-publication]', { hasText: PLAN })
  await words.locator('button').click()
  await page.fill('dialog[open] input', '方案有误,改后再公示')
  await page.click('dialog[open] .primary')
  await page.waitForSelector('.note.good')
  await settled(page)
  check((await words.count()) === 0, 'what was taken off is gone')
  await open(resident.page, 'boards')
  await resident.page.waitForTimeout(800)
  check((await resident.page.locator(`text=${PLAN}`).count()) === 0, 'for residents too')
  await resident.context.close()
  await context.close()
  for (const it of [...faults, ...resident.faults]) failures.push(`beside: ${it}`)
}

async function looks(browser) {
  for (const size of SIZES) {
    for (const how of LOOKS) {
      const { context, page, faults } = await one(browser, 'supervisor', '/gatherings', { ...size, ...how })
      for (const path of ['gatherings', 'registers', 'registers/lamps', 'boards/stairs', 'ledgers/stairs', 'cycles']) {
        await page.goto(`${HOME}/${path}`)
        await look(page, `R-${path.replace('/', '-')}-${size.name}-${how.name}`)
      }
      for (const it of faults) failures.push(`beside ${size.name} ${how.name}: ${it}`)
      await context.close()
    }
  }
}

export async function beside(browser) {
  await loadCounty({ call, as })
  const made = await affair()
  await gatherings(browser, made)
  await registers(browser)
  await rest(browser)
  await looks(browser)
}
