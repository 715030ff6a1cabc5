// Maps: drawn from the county's own outlines without another host, a place chosen on one, tree and map
// choosing for each other, posts changed by dates, a browser that cannot draw. The command screen: live,
// on walls, a telephone and paper.
import { window } from './browser.mjs'
import { LOOKS, SIZES } from './pages.mjs'
import { picture, seed } from './seed.mjs'
import { HOME, check, logIn, look, server, settled } from './tell.mjs'

const CANVAS = '.maplibregl-canvas'
/** WebGL in software talks of its speed. */
const faulty = faults => faults.filter(it => !/GPU stall|swiftshader/i.test(it))

/** A map stands: its data is drawn, not only its frame. */
async function drawn(page) {
  await page.waitForSelector(CANVAS)
  await settled(page)
  const colours = await page.evaluate(canvas => new Promise(resolve => {
    const map = document.querySelector(canvas)
    const copy = Object.assign(document.createElement('canvas'), { width: 160, height: 120 })
    requestAnimationFrame(() => {
      const context = copy.getContext('2d')
      context.drawImage(map, 0, 0, 160, 120)
      const { data } = context.getImageData(0, 0, 160, 120)
      const seen = new Set()
      for (let at = 0; at < data.length; at += 4) seen.add(`${data[at]},${data[at + 1]},${data[at + 2]}`)
      resolve(seen.size)
    })
  }), CANVAS)
  return colours
}

/** Where on the page a share of the map lies. */
async function spot(page, x, y) {
  const box = await page.locator(CANVAS).boundingBox()
  return [box.x + box.width * x, box.y + box.height * y]
}

/** Tree → map → tree; by keys too. */
async function territory(browser) {
  const { context, page, faults } = await window(browser)
  await logIn(page, 'duty-desk')
  await page.goto(`${HOME}/places`)
  await drawn(page)
  await page.locator('[role=treeitem]', { hasText: '凤岗街道' }).click()
  await page.waitForURL(/places\/350405001$/)
  await settled(page)
  await page.waitForTimeout(700)
  await page.mouse.click(...(await spot(page, 0.5, 0.5)))
  await page.waitForURL(/places\/350405001\d{3}$/)
  const code = page.url().split('/').pop()
  await page.waitForSelector(`[role=treeitem][data-code="${code}"][aria-selected=true]`)
  await look(page, 'M-territory')
  await page.goto(`${HOME}/places/350405001001`)
  await drawn(page)
  await page.waitForTimeout(700)
  await page.focus(CANVAS)
  await page.keyboard.press('+')
  await page.waitForTimeout(600)
  for (let at = 0; at < 2; at += 1) await page.keyboard.press('ArrowRight')
  await page.waitForTimeout(600)
  await look(page, 'M-territory-keys')
  await page.keyboard.press('Enter')
  await page.waitForURL(/places\/350405001001\d+$/)
  check(faulty(faults).length === 0, `territory: ${faulty(faults).join(' | ')}`)
  await context.close()
}

/** A place chosen on the map while a call is taken; the keyboard alone does it too. */
async function picked(browser) {
  const { context, page, faults } = await window(browser)
  await logIn(page, 'duty-desk')
  await page.goto(`${HOME}/call?phone=13800001299`)
  await page.waitForSelector('#call-title')
  await page.keyboard.press('Alt+g')
  await drawn(page)
  await page.waitForTimeout(500)
  await page.mouse.click(...(await spot(page, 0.5, 0.3)))
  await page.waitForFunction(() => document.querySelector('#call-place').value.length > 0)
  const byMouse = await page.inputValue('#call-place')
  await settled(page)
  await page.waitForTimeout(700)
  await look(page, 'M-pick')
  await page.focus(CANVAS)
  await page.keyboard.press('ArrowDown')
  await page.waitForTimeout(600)
  await page.keyboard.press('Enter')
  await page.waitForFunction(before => document.querySelector('#call-place').value !== before, byMouse)
  await page.fill('#call-title', '井盖松动')
  await page.fill('#call-body', '井盖松动,车一过就响,晚上睡不着')
  const [sent] = await Promise.all([page.waitForRequest(it => it.method() === 'POST' && it.url().endsWith('/api/v1/cases')), page.keyboard.press('Control+Enter')])
  const { location, place } = sent.postDataJSON()
  check(location?.datum === 'cgcs2000' && place.length > 6, `the point goes with the call: ${JSON.stringify({ location, place })}`)
  await page.waitForSelector('.number')
  await page.locator('a', { hasText: '打开办件' }).click()
  await page.waitForSelector('article h1')
  await drawn(page)
  await page.waitForTimeout(500)
  check((await page.textContent('.where')).includes('红点'), 'the case shows the point that was chosen')
  await look(page, 'M-case')
  check(faulty(faults).length === 0, `picked: ${faulty(faults).join(' | ')}`)
  await context.close()
}

/** A post is created, given to a new person, who goes away, is dismissed; then the post ends. */
async function posts(browser) {
  const { context, page, faults } = await window(browser)
  await logIn(page, 'system-admin')
  await page.goto(`${HOME}/places/350405001002`)
  await page.waitForSelector('section header button')
  const deed = async (name, fill, done) => {
    await page.locator('section :is(header, .deeds) button', { hasText: name }).last().click()
    await page.waitForSelector('dialog[open] form')
    await fill()
    await page.click('dialog[open] .primary')
    await page.waitForSelector(`.note.good:has-text("${done}")`)
    await settled(page)
  }
  const day = offset => new Date(Date.now() + 8 * 3_600_000 + offset * 86_400_000).toISOString().slice(0, 10)
  const name = `甲${Date.now().toString().slice(-4)}`
  await deed('设岗', () => page.selectOption('dialog select', { label: '分管领导' }), '已设岗')
  await page.locator('section :is(header, .deeds) button', { hasText: '任命' }).last().click()
  await page.click('dialog[open] .primary')
  await look(page, 'M-appoint-missing')
  check(await page.evaluate(() => document.activeElement?.getAttribute('aria-invalid') === 'true'), 'the focus goes to what is missing')
  await page.keyboard.press('Escape')
  await deed('任命', async () => {
    await page.locator('dialog .link').click()
    await page.locator('dialog input.input').first().fill(name)
  }, '已任命')
  await page.waitForSelector(`td:has-text("${name}")`)
  await page.locator('section :is(header, .deeds) button', { hasText: '登记外出' }).last().click()
  await page.locator('dialog input[inputmode=numeric]').last().fill(day(-3))
  await page.click('dialog[open] .primary')
  await page.waitForFunction(() => [...document.querySelectorAll('dialog[open] .wrong, dialog[open] .bad')].some(it => it.textContent.trim()))
  await look(page, 'M-absence-refused')
  await page.keyboard.press('Escape')
  await deed('登记外出', () => page.locator('dialog input[inputmode=numeric]').last().fill(day(3)), '已登记外出')
  await page.waitForSelector('.tag.away')
  await look(page, 'M-posts')
  await deed('免去', () => page.locator('dialog input[inputmode=numeric]').last().fill(day(0)), '已免去')
  await deed('撤岗', () => page.locator('dialog input[inputmode=numeric]').last().fill(day(1)), '已撤岗')
  check(faulty(faults).filter(it => !/422/.test(it)).length === 0, `posts: ${faults.join(' | ')}`)
  await context.close()
}

/** An old office PC: no WebGL. The places stand in a list, and choose the same. */
async function plain(browser) {
  const { context, page, faults } = await window(browser)
  await page.addInitScript(() => {
    const get = HTMLCanvasElement.prototype.getContext
    HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
      return kind.startsWith('webgl') ? null : get.call(this, kind, ...rest)
    }
  })
  await logIn(page, 'duty-desk')
  await page.goto(`${HOME}/places/350405001001`)
  await page.waitForSelector('.instead button')
  await look(page, 'M-no-webgl')
  await page.locator('.instead button').first().click()
  await page.waitForURL(/places\/350405001001001$/)
  check(faulty(faults).length === 0, `plain: ${faulty(faults).join(' | ')}`)
  await context.close()
}

/** With a key the national map lies beneath, by way of our own server; it is named. */
async function tiles(browser) {
  const { context, page, faults } = await window(browser)
  const asked = []
  await page.route('**/api/v1/county', async route => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, json: { ...(await answer.json()), tiles: ['vec', 'cva'] } })
  })
  await page.route('**/api/v1/tiles/**', route => {
    asked.push(new URL(route.request().url()).pathname)
    // Some are always missing.
    if (asked.length % 5 === 0) return route.fulfill({ status: 502, body: '' })
    return route.fulfill({ contentType: 'image/png', body: picture(90) })
  })
  await logIn(page, 'duty-desk')
  await page.goto(`${HOME}/places/350405001001`)
  await drawn(page)
  await look(page, 'M-tiles')
  for (const layer of ['vec', 'cva']) check(asked.some(it => new RegExp(`^/api/v1/tiles/${layer}/\\d+/\\d+/\\d+$`).test(it)), `${layer} is asked of our own server: ${asked[0]}`)
  check((await page.textContent('.credit')).includes('天地图'), 'whose map it is stands below')
  check(faulty(faults).filter(it => !it.includes('502')).length === 0, `tiles: ${faulty(faults).join(' | ')}`)
  await context.close()
}

async function sizes(browser) {
  for (const size of SIZES)
    for (const how of LOOKS) {
      const { context, page, faults } = await window(browser, { ...size, ...how })
      await logIn(page, 'duty-desk')
      await page.goto(`${HOME}/places/350405001001`)
      await page.waitForSelector('.figures li')
      await page.locator('.stage').scrollIntoViewIfNeeded()
      await drawn(page)
      await look(page, `M-places-${size.name}-${how.name}`)
      check(faulty(faults).length === 0, `map ${size.name} ${how.name}: ${faulty(faults).join(' | ')}`)
      await context.close()
    }
}

const WALLS = [
  { name: 'wall', width: 1920, height: 1080 },
  { name: 'wide', width: 3840, height: 1080 },
  { name: 'phone', width: 390, height: 844 },
]

/** The command screen on walls and on paper; what happens comes onto it by itself, and how soon is told. */
async function screen(browser) {
  for (const wall of WALLS) {
    const { context, page, faults } = await window(browser, wall)
    await logIn(page, 'leader')
    await page.goto(`${HOME}/screen`)
    const colours = await drawn(page)
    check(wall.name === 'phone' || colours > 3, `the map of the ${wall.name} is drawn: ${colours} colours`)
    await look(page, `N-screen-${wall.name}`)
    await page.locator('.sights button').last().click()
    await page.waitForTimeout(400)
    await look(page, `N-screen-late-${wall.name}`)
    if (wall.name === 'wall') await paper(page)
    check(faulty(faults).length === 0, `screen ${wall.name}: ${faulty(faults).join(' | ')}`)
    await context.close()
  }
}

async function paper(page) {
  for (const format of ['A4', 'A3']) {
    const pdf = await page.pdf({ format, landscape: true })
    const sheets = /\/Count (\d+)/.exec(pdf.toString('latin1'))?.[1]
    check(sheets === '1', `the screen prints on one sheet ${format}, not ${sheets}`)
  }
  await page.goto(`${HOME}/screen?print`)
  await drawn(page)
  await look(page, 'N-screen-print')
}

/** Nobody stands before a wall to press a button: it says that it cannot read, and goes on by itself. */
async function lost(browser) {
  const { context, page } = await window(browser, WALLS[0])
  await logIn(page, 'leader')
  await page.route('**/api/v1/screen*', route => route.fulfill({ status: 503, contentType: 'application/problem+json',
    body: '{"code":"busy","detail":"服务器忙,请稍后再试","status":503}' }))
  await page.goto(`${HOME}/screen`)
  await page.waitForSelector('.state button')
  await look(page, 'N-screen-failed')
  await page.unroute('**/api/v1/screen*')
  await page.waitForSelector('.sign.live')
  await seed(server, 1)
  await drawn(page)
  await context.close()
}

/** From the server's answer to a new case until its figure stands on the wall, in milliseconds. */
async function delay(browser) {
  const { context, page } = await window(browser, WALLS[0])
  await logIn(page, 'leader')
  await page.goto(`${HOME}/screen`)
  await drawn(page)
  await page.waitForSelector('.sign.live')
  const seen = []
  for (let at = 0; at < 8; at += 1) {
    const before = await page.textContent('[data-figure=today-opened]')
    const begun = Date.now()
    await seed(server, 1)
    await page.waitForFunction(before => document.querySelector('[data-figure=today-opened]').textContent !== before, before, { timeout: 20_000, polling: 20 })
    seen.push(Date.now() - begun)
    await page.waitForTimeout(300 + at * 130)
  }
  seen.sort((a, b) => a - b)
  process.stdout.write(`act to figure on the screen: ${seen.join(', ')} ms (with the act itself), median ${seen[4]} ms\n`)
  const place = () => page.evaluate(() => [...document.querySelectorAll('.part, [data-figure]')].map(it => JSON.stringify(it.getBoundingClientRect())).join())
  const [first] = [await place()]
  await seed(server, 1)
  await page.waitForTimeout(1500)
  check((await place()) === first, 'nothing moves when figures change')
  await page.context().setOffline(true)
  await page.waitForTimeout(500)
  const before = await page.textContent('[data-figure=today-opened]')
  await seed(server, 1)
  await page.context().setOffline(false)
  await page.waitForFunction(before => document.querySelector('[data-figure=today-opened]').textContent !== before, before, { timeout: 15_000 })
  await context.close()
}

export async function maps(browser) {
  await territory(browser)
  await picked(browser)
  await posts(browser)
  await plain(browser)
  await tiles(browser)
  await sizes(browser)
}

export async function wall(browser) {
  await screen(browser)
  await lost(browser)
  await delay(browser)
}
