// A walk: one step after another in one browser, then what failed. What stops a step is told with what
// stood on its pages; it is then walked once more, because a machine may be busy, and that is told too.
import { mkdirSync } from 'node:fs'
import { basename } from 'node:path'
import { launch } from './browser.mjs'
import { failures, shots, site } from './tell.mjs'

const MUCH = 1500
/** Whose steps these are: walks go side by side. */
const WALK = basename(process.argv[1], '.mjs')

/** Each page that is open: its address, its words, a picture; then it is closed. */
async function leave(browser, name) {
  const pages = browser.contexts().flatMap(it => it.pages())
  for (const [at, page] of pages.entries()) {
    await page.screenshot({ path: `${shots}/stopped-${name}-${at}.png` }).catch(() => undefined)
    const words = await page.innerText('body', { timeout: 2000 }).catch(() => '(nothing can be read)')
    process.stdout.write(`  ${page.url()}: ${words.replaceAll(/\s+/g, ' ').slice(0, MUCH)}\n`)
  }
  for (const it of browser.contexts()) await it.close()
}

/** The lines of the walk itself in an error's stack. */
const where = error => [...error.stack.matchAll(/(\w+\.mjs:\d+)/g)].map(it => it[1]).slice(0, 3).join(' < ')

export async function step(browser, name, go, again = true) {
  const begun = Date.now()
  try {
    await go(browser)
    process.stdout.write(`${WALK} ${name}: done in ${Math.round((Date.now() - begun) / 1000)} s\n`)
  } catch (error) {
    process.stdout.write(`${WALK} ${name} stopped at ${where(error)}: ${error.message}\n`)
    await leave(browser, name)
    if (again) return step(browser, name, go, false)
    failures.push(`${name} stopped twice: ${error.message}`)
  }
}

/** All of `steps`, or those that ONLY names, by name. */
export async function walk(steps) {
  mkdirSync(shots, { recursive: true })
  const browser = await launch()
  for (const name of process.env.ONLY?.split(',') ?? Object.keys(steps)) await step(browser, name, steps[name])
  await browser.close()
  site.close()
  site.closeAllConnections()
  for (const it of failures) process.stderr.write(`FAILED ${WALK} ${it}\n`)
  process.stdout.write(failures.length ? `${WALK}: ${failures.length} failed\n` : `${WALK}: all well\n`)
  process.exitCode = failures.length ? 1 : 0
}
