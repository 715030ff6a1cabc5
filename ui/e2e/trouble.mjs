// What must not be left without words: no network, no server, no session, no right, nothing there.
import { window } from './browser.mjs'
import { HOME, PASSWORD, check, logIn, look, settled, shots } from './tell.mjs'

/** The session ends while somebody works; the server is gone when somebody comes. */
export async function ended(browser) {
  const { context, page } = await window(browser)
  await logIn(page, 'duty-desk')
  await page.waitForSelector('li.line')
  await context.clearCookies()
  await page.locator('.counts button').nth(1).click()
  await page.waitForSelector('input[name=account]')
  check(page.url().includes('to='), 'after the end of the session the log-in knows where one was')
  await page.fill('input[name=account]', 'duty-desk')
  await page.fill('input[name=password]', PASSWORD)
  await page.click('form .button.primary')
  await page.waitForSelector('li.line')
  check(page.url().includes('state='), 'and leads back there')
  await page.route('**/api/**', route => route.abort())
  await page.goto(`${HOME}/work`)
  await page.waitForSelector('.state button')
  await look(page, '9-unreachable')
  await context.close()
}

/** Slow, failed and offline. */
export async function trouble(browser) {
  const { context, page } = await window(browser)
  await logIn(page, 'duty-desk')
  await page.waitForSelector('li.line')
  await context.setOffline(true)
  await page.waitForSelector('.sign.offline')
  await look(page, '9-offline')
  await context.setOffline(false)
  await page.route('**/api/v1/cases?*', route => route.fulfill({ status: 503, contentType: 'application/problem+json',
    body: '{"code":"busy","detail":"服务器忙,请稍后再试","status":503}' }))
  await page.goto(`${HOME}/work?due=week`)
  await page.waitForSelector('.state button')
  await look(page, '9-failed')
  await page.unroute('**/api/v1/cases?*')
  await page.route('**/api/v1/cases?*', async route => {
    await new Promise(resolve => setTimeout(resolve, 5500))
    await route.continue().catch(() => undefined)
  })
  await page.click('.state button')
  await page.waitForTimeout(4600)
  await page.screenshot({ path: `${shots}/9-slow.png` })
  await page.waitForSelector('li.line', { timeout: 15_000 })
  await context.close()
  await ended(browser)
  const admin = await window(browser)
  await logIn(admin.page, 'system-admin')
  await look(admin.page, '9-barred')
  await admin.page.goto(`${HOME}/cases/00000000-0000-7000-8000-000000000000`)
  await settled(admin.page)
  await look(admin.page, '9-not-found')
  await admin.context.close()
}
