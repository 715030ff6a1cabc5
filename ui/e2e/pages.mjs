// Every page in both sizes and all looks; other posts; the order of focus.
import { window } from './browser.mjs'
import { HOME, check, logIn, look, shots } from './tell.mjs'

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
  const photos = page.locator('li.line', { hasText: '第1处路灯' }).filter({ hasText: '待派单' })
  await (await photos.count() ? photos.last() : page.locator('li.line').first()).locator('a').click()
  await page.waitForSelector('article h1')
  await look(page, name('3-case'))
  await page.screenshot({ path: `${shots}/${name('3-case-full')}.png`, fullPage: true })
  await page.locator('aside .open button', { hasText: '派单' }).first().click()
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

/** Other posts: a clock that stands, a case that is late, a long history, on paper too. */
export async function roles(browser) {
  for (const [account, light] of [['urban-management', 'light'], ['supervisor', 'dark'], ['grid-worker', 'light']]) {
    const { context, page, faults } = await window(browser, { preferences: { light } })
    await logIn(page, account)
    await page.waitForSelector('li.line')
    await look(page, `A-queue-${account}`)
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
}
