// The plain pages with JavaScript switched off: a request with a photo from the first word to the
// verdict, notices, service people; then axe, two sizes of window, both languages.
// Usage: node lite.mjs SERVER [FOLDER OF SCREENSHOTS], against a demo's server.
import { axe } from './browser.mjs'
import { office } from './people.mjs'
import { picture } from './seed.mjs'
import { check, failures, server, shots } from './tell.mjs'
import { walk } from './walk.mjs'

/** What a page may weigh as it is read; its style is fetched once. */
const MOST = 15 * 1024
const GRID = '350405001001001'
const { call, as } = office(server)

async function window(browser, javaScriptEnabled, size = { width: 390, height: 844 }) {
  const context = await browser.newContext({ viewport: size, javaScriptEnabled, locale: 'zh-CN' })
  const page = await context.newPage()
  page.on('request', it => check(it.url().startsWith(server), `another address: ${it.url()}`))
  page.on('response', async it => {
    if (it.request().resourceType() !== 'document' || it.status() >= 300) return
    const size = (await it.body().catch(() => '')).length
    check(size <= MOST, `${it.url()}: ${size} bytes`)
  })
  return page
}

/** The newest request with this text, answered by the desk. */
async function answered(text) {
  const token = await as('duty-desk')
  const { items } = await call('/cases?open=true&limit=5', token, undefined, 'GET')
  const line = items.find(it => text.startsWith(it.title))
  const headers = { 'content-type': 'application/json', authorization: `Bearer ${token}`, 'if-match': `${line.revision}` }
  const body = JSON.stringify({ words: '已安排更换,当晚恢复。' })
  const answer = await fetch(`${server}/api/v1/cases/${line.id}/actions/answer_now`, { method: 'POST', headers, body })
  check(answer.ok, `answer_now: ${answer.status}`)
}

async function loop(browser) {
  const page = await window(browser, false)
  const text = `楼道灯不亮已经三天,老人上下楼看不清 ${Date.now().toString(36)}`
  await page.goto(`${server}/lite/`)
  await page.click('text=说一件事')
  await page.fill('#q', '城西社区第1网格')
  await page.click('button')
  await page.screenshot({ path: `${shots}/lite-places.png` })
  await page.locator('.choices a').first().click()
  await page.fill('#body', text)
  await page.setInputFiles('#photo', { name: 'a.png', mimeType: 'image/png', buffer: picture(120) })
  await page.fill('#contact', '19000010077')
  await page.screenshot({ path: `${shots}/lite-report.png`, fullPage: true })
  await page.click('button')
  const code = await page.textContent('.code')
  await page.screenshot({ path: `${shots}/lite-sent.png` })
  await page.click('button')
  check((await page.textContent('main')).includes(text.slice(0, 20)), 'the case shows what was said')
  await answered(text)
  await page.goto(`${server}/lite/track`)
  await page.fill('#code', code)
  await page.click('button')
  check((await page.textContent('main')).includes('当晚恢复'), 'the answer is read')
  await page.screenshot({ path: `${shots}/lite-verdict.png`, fullPage: true })
  const verdict = page.locator('form', { has: page.locator('h2', { hasText: '未解决' }) })
  await verdict.locator('textarea').first().fill('昨晚还是不亮')
  await verdict.locator('button').click()
  check((await page.textContent('main')).includes('昨晚还是不亮'), 'an unhappy verdict opens it again')
  await page.goto(`${server}/lite/track`)
  await page.fill('#code', 'NOTACODE00')
  await page.click('button')
  check((await page.textContent('[role=alert]')).includes('查询码'), 'a wrong code is told')
}

async function reading(browser) {
  const title = `停水通知 ${Date.now().toString(36)}`
  const notice = { place: GRID, title, body: '因管网检修,周三8时至18时停水。\n请提前储水。' }
  await call('/notices', await as('grid-worker'), notice)
  const page = await window(browser, true)
  for (const [name, path, mark] of [
    ['home', '/lite/', '说一件事'],
    ['notices', `/lite/notices?place=${GRID}`, title],
    ['people', `/lite/people?place=${GRID}001`, '网格长'],
    ['report', `/lite/report?place=${GRID}`, '什么事'],
    ['track', '/lite/track', '查询码'],
    ['trouble', '/lite/people?place=0', '没有办成'],
  ]) {
    for (const [size, width, height] of [['phone', 390, 844], ['small', 360, 640], ['desk', 1440, 900]]) {
      await page.setViewportSize({ width, height })
      await page.goto(`${server}${path}`)
      check((await page.textContent('main')).includes(mark), `${name} lacks ${mark}`)
      for (const it of await axe(page)) failures.push(`axe ${name}: ${it.impact} ${it.id} ${it.nodes.join(' ')}`)
      const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
      check(wide <= 0, `${name} ${size}: ${wide} px wider than the window`)
      await page.screenshot({ path: `${shots}/lite-${name}-${size}.png` })
    }
  }
  await page.goto(`${server}/lite/`)
  await page.click('text=English')
  check((await page.textContent('main')).includes('Report something'), 'English is chosen on the page')
}

await walk({ loop, reading })
