// Does the command screen grow? It stands on a wall for days: fifty events a second, its memory once a
// minute after a forced collection. Usage: node soak.mjs SERVER [MINUTES], against a demo server only.
import { readFileSync } from 'node:fs'
import { launch, window } from './browser.mjs'
import { ask, resident } from './seed.mjs'
import { HOME, logIn, server, site } from './tell.mjs'

const MINUTES = Number(process.argv[3] ?? 20)
const RATE = 50
const RESIDENTS = 8
/** Requests under way; more would measure the server's queue, not the page. */
const AT_ONCE = 40
/** So much may the last quarter have above the second, as a share. */
const MAY_GROW = 0.1

/** Opens cases at the rate, in turns of 100 ms, until told to stop; answers how many it made. */
function events(tokens) {
  const made = { done: 0, failed: 0, left_out: 0 }
  let under = 0
  const one = async () => {
    under += 1
    await ask(server, made.done, tokens[made.done % tokens.length]).then(() => (made.done += 1), () => (made.failed += 1))
    under -= 1
  }
  const turn = setInterval(() => {
    for (let at = 0; at < RATE / 10; at += 1)
      if (under < AT_ONCE) void one()
      else made.left_out += 1
  }, 100)
  return { made, stop: () => clearInterval(turn) }
}

const MIB = 1024 * 1024

/** What the page holds, and how much memory its processes have. */
async function sample(cdp, whole) {
  await cdp.send('HeapProfiler.collectGarbage')
  const { metrics } = await cdp.send('Performance.getMetrics')
  const of = name => metrics.find(it => it.name === name)?.value ?? 0
  const { processInfo } = await whole.send('SystemInfo.getProcessInfo')
  const resident = processInfo.filter(it => it.type !== 'browser').map(it => Number(readFileSync(`/proc/${it.id}/statm`, 'utf8').split(' ')[1]) * 4096)
  return { heap: of('JSHeapUsedSize') / MIB, nodes: of('Nodes'), listeners: of('JSEventListeners'), resident: resident.reduce((sum, it) => sum + it, 0) / MIB }
}

const mean = list => list.reduce((sum, it) => sum + it, 0) / list.length

/** How much more the last quarter has than the second, as a share. */
function growth(samples, name) {
  const quarter = Math.max(1, Math.floor(samples.length / 4))
  const values = samples.map(it => it[name])
  return mean(values.slice(-quarter)) / mean(values.slice(quarter, 2 * quarter)) - 1
}

const browser = await launch()
const { page, faults } = await window(browser, { width: 1920, height: 1080 })
await logIn(page, 'leader')
await page.goto(`${HOME}/screen`)
await page.waitForSelector('.maplibregl-canvas')
await page.waitForSelector('.sign.live')
const cdp = await page.context().newCDPSession(page)
const whole = await browser.newBrowserCDPSession()
await cdp.send('HeapProfiler.enable')
await cdp.send('Performance.enable')

const tokens = await Promise.all(Array.from({ length: RESIDENTS }, (_, at) => resident(server, `1900000000${at + 1}`)))
const { made, stop } = events(tokens)
const samples = []
process.stdout.write('minute   events   heap MiB   nodes   listeners   resident MiB   figure\n')
for (let minute = 1; minute <= MINUTES; minute += 1) {
  await page.waitForTimeout(60_000)
  const one = await sample(cdp, whole)
  const figure = await page.textContent('[data-figure=today-opened]')
  samples.push({ ...one, figure: Number(figure.replace(/\D/g, '')) })
  process.stdout.write(`${[minute, made.done, one.heap.toFixed(2), one.nodes, one.listeners, one.resident.toFixed(0), figure].map(it => String(it).padStart(9)).join(' ')}\n`)
}
stop()
const grown = ['heap', 'nodes', 'listeners', 'resident'].map(name => `${name} ${(growth(samples, name) * 100).toFixed(1)} %`)
process.stdout.write(`${made.done} events (${(made.done / MINUTES / 60).toFixed(1)} a second), ${made.failed} failed, ${made.left_out} left out\nlast quarter against the second: ${grown.join(', ')}\n`)
const failed = [
  growth(samples, 'heap') > MAY_GROW && 'the heap grows',
  growth(samples, 'nodes') > MAY_GROW && 'the page grows',
  growth(samples, 'listeners') > MAY_GROW && 'listeners pile up',
  samples.some((it, at) => at > 0 && it.figure <= samples[at - 1].figure) && 'the screen stood still while things happened',
  made.done < RATE * 60 * MINUTES * 0.9 && 'too few events: this machine or server cannot make them',
  faults.length > 0 && `${faults.length} faults: ${faults.slice(0, 3).join(' | ')}`,
].filter(Boolean)
for (const it of failed) process.stderr.write(`FAILED ${it}\n`)
await browser.close()
site.close()
site.closeAllConnections()
process.exitCode = failed.length ? 1 : 0
