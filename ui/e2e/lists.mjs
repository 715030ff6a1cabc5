// Lists: live, kept, paged; one stream for all windows; what the first visit weighs.
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { window } from './browser.mjs'
import { HOME, check, logIn, look, settled, site } from './tell.mjs'

/** What comes in by the stream does not move what is being read. */
export async function live(browser, seedOne) {
  const { context, page } = await window(browser)
  await logIn(page, 'duty-desk')
  await page.waitForSelector('li.line')
  for (let at = 0; at < 30; at += 1) await page.keyboard.press('j')
  const selected = page.locator('li.line.selected')
  const text = await selected.innerText()
  const before = await selected.boundingBox()
  const total = await page.locator('.counts b').first().innerText()
  await seedOne()
  await page.waitForFunction(text => document.querySelector('.counts b')?.textContent !== text, total, { timeout: 8000 })
  await page.waitForTimeout(400)
  const after = await selected.boundingBox()
  check((await selected.innerText()) === text, 'the selected line stays selected')
  check(Math.abs((after?.y ?? 0) - (before?.y ?? 0)) < 2, `the selected line stays in place: ${before?.y} → ${after?.y}`)
  await context.close()
}

/** A filter stands in the address and is kept by name; further pages come; going back finds the place. */
export async function lists(browser) {
  const { context, page } = await window(browser)
  await logIn(page, 'duty-desk')
  await page.waitForSelector('li.line')
  const all = await page.locator('li.line').count()
  await page.mouse.wheel(0, 60_000)
  await page.waitForFunction(n => document.querySelectorAll('li.line').length > n, all, { timeout: 8000 })
  const place = await page.evaluate(() => scrollY)
  await page.locator('li.line a').nth(all - 3).click()
  await page.waitForSelector('article h1')
  await page.goBack()
  await page.waitForSelector('li.line')
  await page.waitForTimeout(300)
  const back = await page.evaluate(() => scrollY)
  check(Math.abs(back - place) < 600 && back > 1000, `going back finds the place: ${place} → ${back}`)
  await page.evaluate(() => scrollTo(0, 0))
  await page.locator('.counts button', { hasText: '待回访' }).click()
  await page.waitForFunction(n => document.querySelectorAll('li.line').length < n, all)
  check(page.url().includes('state='), 'the filter stands in the address')
  await page.click('.saved .link')
  await page.fill('.saved input', '要回访的')
  await page.keyboard.press('Enter')
  await page.click('.filters .plain')
  await page.waitForFunction(n => document.querySelectorAll('li.line').length >= n, all)
  await page.reload()
  await page.click('.saved a')
  await page.waitForFunction(n => document.querySelectorAll('li.line').length < n, all)
  await look(page, 'E-saved')
  await page.goto(`${HOME}/cases?ended=1`)
  await page.waitForSelector('li.line')
  await look(page, 'E-ended')
  await page.locator('li.line a').first().click()
  await page.waitForSelector('article h1')
  await look(page, 'E-ended-case')
  await context.close()
}

/**', route => route.abort())
  await page.goto(`${HOME}/work`)
  await page.waitForSelector('.state button')
  await look(page, '9-unreachable')
  await context.close()
}

/** One event stream for all windows of a browser. */
export async function streams(browser) {
  const { context, page } = await window(browser)
  const before = site.seen.feeds
  await logIn(page, 'duty-desk')
  for (let at = 0; at < 3; at += 1) {
    const other = await context.newPage()
    await other.goto(`${HOME}/work`)
    await other.waitForSelector('.sign.live')
  }
  check(site.seen.feeds - before === 1, `one stream for four windows, not ${site.seen.feeds - before}`)
  await context.close()
}

/** What the first visit of log-in and queue weighs, compressed as a server would. */
export async function weight(browser) {
  const { context, page } = await window(browser)
  const bodies = new Map()
  const reading = []
  page.on('response', it => {
    const url = it.url()
    if (/\.(js|css|svg)$|\/$/.test(new URL(url).pathname)) reading.push(it.body().then(body => bodies.set(url, body)))
  })
  await logIn(page, 'duty-desk')
  await page.waitForSelector('li.line')
  await settled(page)
  await Promise.all(reading)
  const all = [...bodies.values()]
  const sum = pack => Math.round(all.reduce((total, it) => total + pack(it).length, 0) / 102.4) / 10
  process.stdout.write(`first load of log-in and queue: ${all.length} files, ${sum(it => it)} KiB, gzip ${sum(it => gzipSync(it))} KiB, brotli ${sum(it => brotliCompressSync(it))} KiB\n`)
  check(sum(it => gzipSync(it)) < 400, 'the first load weighs 400 kB at most')
  await context.close()
}
