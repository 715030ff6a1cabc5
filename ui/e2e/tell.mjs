// What every step needs: the site, the log-in, and what each page must be.
import { axe } from './browser.mjs'
import { serve } from './serve.mjs'

export const [server = 'http://127.0.0.1:8311', shots = 'shots'] = process.argv.slice(2)
export const PASSWORD = 'jinlin-demo'
export const failures = []

export const site = await serve(Number(process.env.PORT ?? 0), server)
export const HOME = `http://127.0.0.1:${site.address().port}`

export function check(holds, what) {
  if (!holds) failures.push(what)
}

export async function settled(page) {
  // The event stream never ends, so the network is never idle: wait for the page's own word instead.
  await page.waitForFunction(() => !document.querySelector('[aria-busy="true"]'))
  await page.waitForTimeout(350)
}

/** What every page must be: nothing serious for axe, nothing wider than the window. */
export async function look(page, name) {
  await settled(page)
  for (const it of await axe(page)) {
    const serious = it.impact === 'serious' || it.impact === 'critical'
    process.stdout.write(`axe ${name}: ${it.impact} ${it.id}\n   ${it.nodes.join('\n   ')}\n`)
    if (serious) failures.push(`axe ${name}: ${it.id}`)
  }
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  check(wide <= 0, `${name}: ${wide} px wider than the window`)
  await page.screenshot({ path: `${shots}/${name}.png` })
}

export async function logIn(page, account, password = PASSWORD) {
  await page.goto(`${HOME}/`)
  await page.fill('input[name=account]', account)
  await page.fill('input[name=password]', password)
  await page.click('form .button.primary')
  await page.waitForSelector('#content')
  await settled(page)
}
