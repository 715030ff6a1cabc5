// Every page in both sizes and all looks; other posts; the order of focus.
import { window } from './browser.mjs'
import { office } from './people.mjs'
import { HOME, check, logIn, look, server, shots } from './tell.mjs'

export const SIZES = [
  { name: 'desk', width: 1440, height: 900 },
  { name: 'phone', width: 390, height: 844 },
]
export const LOOKS = [
  { name: 'light', preferences: { light: 'light' } },
  { name: 'dark', preferences: { light: 'dark' } },
  { name: 'large', preferences: { light: 'light', large: true } },
  { name: 'english', language: 'en', preferences: { light: 'light' } },
]

export async function pages(browser, size, how) {
  const { context, page, faults } = await window(browser, { ...size, ...how })
  const name = part => `${part}-${size.name}-${how.name}`
  await page.goto(`${HOME}/`)
  await page.waitForSelector('input[name=account]')
  await look(page, name('1-log-in'))
  await logIn(page, 'duty-desk')
  await page.waitForSelector('li.line')
  await look(page, name('2-queue'))
  const photos = page.locator('li.line', { hasText: '第1处路灯' }).filter({ hasText: /待派单|To be dispatched/ })
  await (await photos.count() ? photos.last() : page.locator('li.line').first()).locator('a').click()
  await page.waitForSelector('article h1')
  await look(page, name('3-case'))
  await page.screenshot({ path: `${shots}/${name('3-case-full')}.png`, fullPage: true })
  await page.locator('aside .open button', { hasText: /派单|Dispatch/ }).first().click()
  await page.waitForSelector('aside form')
  await look(page, name('4-form'))
  await page.goto(`${HOME}/cases?q=%E8%B7%AF%E7%81%AF`)
  await page.waitForSelector('li.line')
  await look(page, name('5-search'))
  await page.goto(`${HOME}/cases?q=%E6%B2%A1%E6%9C%89%E8%BF%99%E7%A7%8D%E4%BA%8B%E6%83%85%E5%90%A7`)
  await look(page, name('6-nothing'))
  check(faults.length === 0, `${name('faults')}: ${faults.join(' | ')}`)
  await context.close()
}

/** Calls are offered to whoever may open what a call asks for; the last entry can be reached, however low the window. */
async function navigation(page, account) {
  const { call, as } = office(server)
  const offered = await call('/openings', await as(account), undefined, 'GET')
  const calls = offered.some(it => it.procedure === 'appeal') ? 1 : 0
  check((await page.locator('nav a[href="/call"]').count()) === calls, `${account} is ${calls ? '' : 'not '}offered calls`)
  await page.setViewportSize({ width: 1440, height: 480 })
  await page.evaluate(() => window.scrollTo(0, 0))
  const last = page.locator('nav .entry').last()
  await last.focus()
  const { y, height } = await last.boundingBox()
  check(y >= 0 && y + height <= 480 && (await page.evaluate(() => scrollY)) === 0, `${account} reaches the last entry of the navigation at ${y}`)
  await page.setViewportSize({ width: 1440, height: 900 })
}

/** Other posts: a clock that stands, a case that is late, a long history, on paper too. */
export async function roles(browser) {
  for (const [account, light] of [['urban-management', 'light'], ['supervisor', 'dark'], ['grid-worker', 'light']]) {
    const { context, page, faults } = await window(browser, { preferences: { light } })
    await logIn(page, account)
    await page.waitForSelector('li.line')
    await look(page, `A-queue-${account}`)
    await navigation(page, account)
    await page.locator('li.line a').last().click()
    await page.waitForSelector('article h1')
    await look(page, `A-case-${account}`)
    await page.screenshot({ path: `${shots}/A-case-full-${account}.png`, fullPage: true })
    if (account === 'supervisor') {
      await page.emulateMedia({ media: 'print' })
      await page.screenshot({ path: `${shots}/A-print.png`, fullPage: true })
    }
    check(faults.length === 0, `${account}: ${faults.join(' | ')}`)
    await context.close()
  }
}

/** The keyboard's way through a page: the skip link first, then navigation, bar, content. */
export async function focus(browser) {
  const { context, page } = await window(browser)
  await logIn(page, 'duty-desk')
  await page.waitForSelector('li.line')
  const seen = []
  for (let at = 0; at < 14; at += 1) {
    await page.keyboard.press('Tab')
    seen.push(await page.evaluate(() => {
      const it = document.activeElement
      return `${it?.tagName.toLowerCase()} ${(it?.getAttribute('aria-label') ?? it?.textContent ?? '').trim().slice(0, 14)}`
    }))
    if (at === 0) await page.screenshot({ path: `${shots}/B-skip.png` })
  }
  process.stdout.write(`focus: ${seen.join(' → ')}\n`)
  check(seen[0] === 'a 跳到正文', 'the skip link comes first')
  await page.click('header .menu button')
  await look(page, 'B-post-menu')
  await context.close()
  await passing(browser)
}

/** Whoever goes through a form by keys alone leaves nothing in it, and sees where a date is being chosen. */
async function passing(browser) {
  const { call, as } = office(server)
  const offered = await call('/openings', await as('duty-desk'), undefined, 'GET')
  const { procedure } = offered.find(it => it.asks.some(ask => ask.kind === 'time'))
  const { context, page, faults } = await window(browser)
  await logIn(page, 'duty-desk')
  await page.goto(`${HOME}/open/${procedure}`)
  const date = page.locator('.el-date-editor input').first()
  await date.waitFor()
  await page.locator('main form').locator('input, textarea, select').first().focus()
  const controls = await page.locator('main form').locator('input, textarea, select, button').count()
  let passed = false
  for (let at = 0; at < controls + 2; at += 1) {
    passed ||= await date.evaluate(it => it === document.activeElement)
    await page.keyboard.press('Tab')
  }
  check(passed, 'the date is on the way')
  check((await date.inputValue()) === '' && (await page.locator('.el-picker__popper:visible').count()) === 0, 'passing through a date writes and opens nothing')
  await date.focus()
  await page.keyboard.press('ArrowDown')
  const day = page.locator('.el-picker__popper:visible td:focus')
  await day.waitFor()
  check((await day.evaluate(it => getComputedStyle(it).outlineStyle)) === 'solid', 'the day that the keyboard is at is seen')
  await page.keyboard.press('Enter')
  check((await date.inputValue()) !== '', 'and taken by Enter')
  check(faults.length === 0, `passing: ${faults.join(' | ')}`)
  await context.close()
}
