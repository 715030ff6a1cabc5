// Debian's Chromium, driven by playwright-core; both tools are locked in the console's own lock file.
import { createRequire } from 'node:module'
import { readFileSync } from 'node:fs'

const require = createRequire(new URL('../console/package.json', import.meta.url))
const { chromium } = require('playwright-core')
const AXE = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync']

export const launch = () => chromium.launch({ executablePath: '/usr/bin/chromium', headless: true, args: ARGS })

/** A window with its own storage; `faults` gathers what must never happen on any page. */
export async function window(browser, { width = 1440, height = 900, language = 'zh-CN', preferences = {} } = {}) {
  const context = await browser.newContext({
    viewport: { width, height },
    deviceScaleFactor: 1,
    locale: language,
    timezoneId: 'Asia/Shanghai',
    hasTouch: width < 600,
    // The checks below put a script into the page; the policy itself is still told when a page breaks it.
    bypassCSP: false,
  })
  await context.addInitScript(kept => {
    if (!localStorage.getItem('jinlin.preferences')) localStorage.setItem('jinlin.preferences', kept)
  }, JSON.stringify({ language, light: 'light', ...preferences }))
  const page = await context.newPage()
  const faults = []
  // "Am I logged in?" is asked before the log-in, and its answer is 401.
  const expected = /status of 401/
  page.on('console', it => {
    if (it.type() === 'error' && !expected.test(it.text())) faults.push(`console: ${it.text().slice(0, 300)}`)
  })
  page.on('pageerror', it => faults.push(`error: ${it.message}`))
  page.on('request', it => {
    const { hostname, protocol } = new URL(it.url())
    if (protocol.startsWith('http') && hostname !== '127.0.0.1') faults.push(`another host: ${it.url()}`)
  })
  return { context, page, faults }
}

/** Serious findings of axe; evaluated by the debugger, so that the policy needs no hole. */
export async function axe(page) {
  if (!await page.evaluate(() => 'axe' in globalThis)) await page.evaluate(AXE)
  const found = await page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document, { resultTypes: ['violations'] })
    return violations.map(it => ({
      id: it.id,
      impact: it.impact,
      nodes: it.nodes.slice(0, 4).map(node => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`),
    }))
  })
  return found
}
