// How heavy the first page is, and how soon it answers on a slow phone.
import { gzipSync } from 'node:zlib'
import { phone } from './phone.mjs'
import { HOME, check } from './tell.mjs'

/** Compressed bytes of a first visit, pages and scripts and styles together. */
const MOST = 120_000

export async function weight(browser) {
  const { context, page } = await phone(browser)
  let [bytes, files] = [0, 0]
  const counted = []
  page.on('response', it => {
    const path = new URL(it.url()).pathname
    if (path.startsWith('/m/')) counted.push(it.body().then(body => {
      // As this machine's zlib packs it; the program's own brotli is better.
      bytes += gzipSync(body, { level: 9 }).length
      files += 1
    }, () => undefined))
  })
  await page.goto(`${HOME}/m/`)
  await page.waitForSelector('.k-tile--main')
  await page.waitForTimeout(800)
  await Promise.all(counted)
  process.stdout.write(`weight of the first page: ${files} files, ${bytes} bytes compressed\n`)
  check(bytes <= MOST, `the first page weighs ${bytes} bytes`)
  await context.close()
}

/** A slow phone (a quarter of this machine) on slow 4G (1.6 Mbit/s, 150 ms): until the first press is answered. */
export async function speed(browser) {
  const { context, page } = await phone(browser)
  const cdp = await context.newCDPSession(page)
  await cdp.send('Network.enable')
  await cdp.send('Network.emulateNetworkConditions', { offline: false, latency: 150, downloadThroughput: 200_000, uploadThroughput: 93_750 })
  await cdp.send('Emulation.setCPUThrottlingRate', { rate: 4 })
  const begun = Date.now()
  await page.goto(`${HOME}/m/`, { waitUntil: 'commit' })
  await page.waitForSelector('.k-tile--main')
  const shown = Date.now() - begun
  await page.locator('.k-tile--main').click()
  await page.waitForFunction(() => location.hash.includes('say'))
  process.stdout.write(`slow phone, slow 4G: shown after ${shown} ms, answers a press after ${Date.now() - begun} ms\n`)
  check(shown < 10_000, `shown after ${shown} ms`)
  await context.close()
}
