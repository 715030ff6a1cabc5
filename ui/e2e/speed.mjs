// How long the queue takes to open and to filter in a browser: milliseconds as JSON. The page itself
// tells the time, so that the debugger's own delay is not in it.
// Usage: node speed.mjs SERVER ACCOUNT PASSWORD [ROUNDS]
import { launch, window } from './browser.mjs'

const [server, account, password, rounds = '15'] = process.argv.slice(2)

/** Put into every page: the time at which its list stands still, seen by the reader. */
function watcher() {
  globalThis.shown = before =>
    new Promise((done, failed) => {
      const late = setTimeout(() => failed(new Error(`not shown: ${document.body.innerText.slice(0, 200)}`)), 20_000)
      const text = () => document.querySelector('#content')?.innerText
      const look = () => {
        const busy = document.querySelector('[aria-busy="true"]')
        const still = !busy && document.querySelector('.queue li.line, .state') && text() !== before
        if (!still) return requestAnimationFrame(look)
        clearTimeout(late)
        // Painted once more, the reader has it.
        return requestAnimationFrame(() => done(performance.now()))
      }
      look()
    })
  globalThis.filtered = async act => {
    const before = document.querySelector('#content').innerText
    const begun = performance.now()
    act()
    return (await globalThis.shown(before)) - begun
  }
}

const choose = (page, value) =>
  page.evaluate(value => globalThis.filtered(() => {
    const select = document.querySelectorAll('.filters select')[1]
    select.value = value
    select.dispatchEvent(new Event('change', { bubbles: true }))
  }), value)

async function openings(page) {
  const took = []
  for (let round = 0; round < Number(rounds); round += 1) {
    // oxlint-disable-next-line no-await-in-loop
    await page.goto(`${server}/work`, { waitUntil: 'commit' })
    // oxlint-disable-next-line no-await-in-loop
    took.push(await page.evaluate(() => globalThis.shown(undefined)))
  }
  return took
}

async function filters(page) {
  await page.goto(`${server}/cases`)
  await page.evaluate(() => globalThis.shown(undefined))
  const matters = await page.evaluate(() => [...document.querySelectorAll('.filters select')[1].options].map(it => it.value))
  const took = []
  for (let round = 0; round < Number(rounds); round += 1) {
    // Every other time all matters, so that what is shown always changes.
    const matter = round % 2 ? '' : matters[1 + (round % (matters.length - 1))]
    // oxlint-disable-next-line no-await-in-loop
    took.push(await choose(page, matter))
  }
  return took
}

const browser = await launch()
const { context, page, faults } = await window(browser)
await context.addInitScript(watcher)
await page.goto(`${server}/`)
await page.fill('input[name=account]', account)
await page.fill('input[name=password]', password)
await page.click('form .button.primary')
await page.waitForSelector('#content')
const told = { queue: await openings(page), filter: await filters(page) }
await browser.close()
if (faults.length) throw new Error(faults.join('\n'))
process.stdout.write(`${JSON.stringify(told)}\n`)
