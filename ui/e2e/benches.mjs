// The benches: many cases handed over and taken back, a round of calls, letters and replies, a change of shift.
import { writeFileSync } from 'node:fs'
import { window } from './browser.mjs'
import { newcomer } from './people.mjs'
import { HOME, PASSWORD, check, logIn, look, server, settled, shots } from './tell.mjs'

const DARK = { preferences: { light: 'dark' } }
const LARGE = { preferences: { large: true } }
const PHONE = { width: 390, height: 844 }

/** Asks the server itself, as somebody's account. */
async function asking(account) {
  const call = async (path, body, headers = {}) => {
    const answer = await fetch(`${server}/api/v1${path}`, {
      method: body ? 'POST' : 'GET',
      ...(body ? { body: JSON.stringify(body) } : {}),
      headers: { 'content-type': 'application/json', ...headers },
    })
    return { status: answer.status, json: await answer.json().catch(() => undefined) }
  }
  const { json } = await call('/sessions', { account, password: PASSWORD })
  const authorization = `Bearer ${json.token}`
  return (path, body, headers) => call(path, body, { authorization, ...headers })
}

async function opened(browser, account, path, how) {
  const made = await window(browser, how)
  await logIn(made.page, account)
  await made.page.goto(HOME + path)
  await settled(made.page)
  return made
}

/** Of a page's lines, how many say so. */
const rows = (page, words) => page.locator('.dispatched li', { hasText: words }).count()

/** A case by its number's words on the page: the link's address ends with its id. */
const idOf = async link => (await link.getAttribute('href')).split('/').pop().split('?')[0]

/** Three at once to one unit; it signs for one; the other two are taken back. */
async function batch(browser) {
  const { context, page, faults } = await opened(browser, 'dispatcher', '/dispatch')
  await page.waitForSelector('.work form[novalidate]')
  await look(page, 'F-dispatch')
  const boxes = page.locator('.list li', { hasText: '路灯晚上不亮' }).locator('input')
  for (let at = 0; at < 3; at += 1) await boxes.nth(at).check()
  await page.locator('div.tools .button').last().click()
  await page.waitForSelector('table tr.ready')
  await look(page, 'F-batch')
  check((await page.locator('tr.ready').count()) === 3, 'the summary names three')
  for (const it of await page.locator('tr.ready').all()) {
    check((await it.locator('[role=combobox]').inputValue()) !== '' && (await it.locator('td').nth(1).innerText()).length > 4, 'each with a unit and why')
    // One unit for all three, so that one clerk can sign.
    await it.locator('[role=combobox]').fill('城市管理局')
    await it.locator('[role=option]', { hasText: '区城市管理局' }).first().click()
  }
  await page.locator('.work .primary').click()
  await page.waitForFunction(() => document.querySelectorAll('tr.done').length === 3)
  await look(page, 'F-batch-done')
  const ids = []
  for (const it of await page.locator('tr.done th a').all()) ids.push(await idOf(it))
  await page.reload()
  await page.locator('.dispatched summary').click()
  await page.waitForFunction(() => document.querySelectorAll('.dispatched li .link').length === 3)
  check(true, 'what was handed over is there after a reload')

  const unit = await opened(browser, 'urban-management', `/cases/${ids[0]}`)
  await unit.page.locator('aside .open button', { hasText: '签收' }).click()
  await unit.page.click('aside form .button.primary')
  await unit.page.waitForSelector('.note.done:not(.unseen)')
  await unit.context.close()
  await page.waitForFunction(() => document.querySelectorAll('.dispatched li .link').length === 2, undefined, { timeout: 8000 })
  check((await rows(page, '办理中')) === 1, 'the one signed for says so, without being asked')

  await page.locator('.dispatched .buttons .button').first().click()
  await page.click('.dispatched form .primary')
  check(await page.locator('.dispatched form .problem').isVisible(), 'taking back asks why')
  await page.fill('.dispatched form textarea', '派错单位,改派')
  await look(page, 'F-recall')
  await page.click('.dispatched form .primary')
  await page.waitForFunction(() => document.querySelectorAll('.dispatched .back').length === 2)
  await look(page, 'F-recalled')
  const ask = await asking('dispatcher')
  const { json: seen } = await ask(`/cases/${ids[0]}`)
  const refused = await ask(`/cases/${ids[0]}/actions/recall`, { note: '太晚了' }, { 'if-match': String(seen.revision), 'idempotency-key': `late-${Date.now()}` })
  check(refused.status >= 400 && refused.status < 500, `what is signed for cannot be taken back: ${refused.status}`)
  check(faults.length === 0, `dispatch: ${faults.join(' | ')}`)
  await context.close()
  return ids[0]
}

/** One of four is refused, and somebody stops in between: what is left goes on, what was refused says why. */
async function stopped(browser) {
  const { context, page, faults } = await opened(browser, 'dispatcher', '/dispatch')
  let sent = 0
  await page.route('**/actions/*', async route => {
    sent += 1
    if (sent === 2) return route.fulfill({ status: 409, contentType: 'application/problem+json', body: '{"code":"stale","detail":"此件刚有变动","status":409}' })
    await new Promise(resolve => setTimeout(resolve, 700))
    await route.continue().catch(() => undefined)
  })
  const boxes = page.locator('.list li', { hasText: '路灯晚上不亮' }).locator('input')
  for (let at = 0; at < 4; at += 1) await boxes.nth(at).check()
  await page.keyboard.press('Tab')
  await page.locator('div.tools .button').last().click()
  await page.waitForSelector('table tr.ready')
  await page.locator('.work .primary').click()
  await page.locator('.work .buttons .button', { hasText: '停下' }).click()
  await page.waitForSelector('.work .buttons .primary')
  check((await page.locator('tr.waiting').count()) === 3, 'a batch that is stopped leaves the rest waiting')
  await look(page, 'F-stopped')
  await page.locator('.work .buttons .primary').click()
  await page.waitForFunction(() => document.querySelectorAll('tr.done').length === 3)
  check((await page.locator('tr.failed').innerText()).includes('此件刚有变动'), 'what was refused stays with the words of the server')
  await look(page, 'F-failed')
  await page.unroute('**/actions/*')
  await page.locator('.work .buttons .button', { hasText: '重读' }).click()
  await page.waitForSelector('tr.ready')
  await page.locator('.work .primary').click()
  await page.waitForFunction(() => document.querySelectorAll('tr.done').length === 1)
  const told = faults.filter(it => !it.includes('status of 409'))
  check(told.length === 0, `stopped: ${told.join(' | ')}`)
  await context.close()
}

/** By the suggestion's number and Enter; by dragging onto a unit; both can be seen in the list afterwards. */
async function single(browser) {
  const { context, page, faults } = await opened(browser, 'dispatcher', '/dispatch')
  await page.waitForSelector('.work ol li button')
  await page.waitForSelector('.work form[novalidate]')
  await page.evaluate(() => document.activeElement?.blur())
  const first = await page.locator('.work h2').first().innerText()
  await page.keyboard.press('1')
  await page.waitForTimeout(200)
  await page.keyboard.press('Enter')
  await page.waitForSelector('.dispatched')
  check((await page.locator('.dispatched summary').innerText()).includes(first), 'one key and Enter hand a case over')
  await page.waitForTimeout(1500)
  const line = await page.locator('.list li').nth(1).boundingBox()
  const title = await page.locator('.list li .title').nth(1).innerText()
  await page.mouse.move(line.x + 200, line.y + 20)
  await page.mouse.down()
  await page.mouse.move(line.x + 230, line.y + 30, { steps: 4 })
  await page.waitForSelector('.work .held ol li')
  await page.waitForFunction(it => document.querySelector('.work h2')?.textContent.trim() === it, title)
  const unit = await page.locator('.work ol li').first().boundingBox()
  await page.mouse.move(unit.x + 60, unit.y + 20, { steps: 6 })
  await page.screenshot({ path: `${shots}/F-drag.png` })
  await page.mouse.up()
  await page.waitForFunction(it => document.querySelector('.dispatched summary')?.textContent.includes(it), title)
  check(faults.length === 0, `dispatch one: ${faults.join(' | ')}`)
  await context.close()
}

/** A case let go on another cell of the map is moved there; the suggestions are asked for again. */
async function moved(browser) {
  const { context, page, faults } = await opened(browser, 'dispatcher', '/dispatch')
  await page.waitForSelector('.work figure')
  // A map is drawn when it comes into sight.
  await page.locator('.work figure').scrollIntoViewIfNeeded()
  await page.waitForSelector('.work .maplibregl-canvas')
  await page.waitForSelector('.work figure[aria-busy="false"]')
  await page.waitForTimeout(1500)
  const before = await page.locator('.work section:has(figure) h2 span').innerText()
  await page.locator('.work figure').scrollIntoViewIfNeeded()
  const map = await page.locator('.work .maplibregl-canvas').boundingBox()
  const line = await page.locator('.list li.chosen, .list li[aria-current="true"], .list li').first().boundingBox()
  await page.mouse.move(line.x + 200, line.y + 20)
  await page.mouse.down()
  await page.mouse.move(line.x + 230, line.y + 30, { steps: 4 })
  let wanted
  // Wherever the cell lies itself, another one is near.
  for (const [x, y] of [[0.3, 0.5], [0.6, 0.5], [0.45, 0.3], [0.45, 0.7]]) {
    await page.mouse.move(map.x + map.width * x, map.y + map.height * y, { steps: 6 })
    await page.mouse.up()
    await page.waitForTimeout(300)
    wanted = await page.locator('.work section:has(figure) .note .button').count()
    if (wanted) break
    await page.mouse.move(line.x + 200, line.y + 20)
    await page.mouse.down()
    await page.mouse.move(line.x + 230, line.y + 30, { steps: 4 })
  }
  check(wanted, 'a case let go on another cell is asked about')
  await page.screenshot({ path: `${shots}/F-map.png` })
  await page.locator('.work section:has(figure) .note .button').first().click()
  await page.waitForFunction(it => document.querySelector('.work figure')?.closest('section').querySelector('h2 span')?.textContent !== it, before)
  check(faults.length === 0, `moved: ${faults.join(' | ')}`)
  await context.close()
}

/** A round: one does not answer, one says it is solved; by keys alone, and the history says who and when. */
async function callBacks(browser) {
  const { context, page, faults } = await opened(browser, 'duty-desk', '/call-backs')
  await page.waitForSelector('.work [aria-keyshortcuts="n"]')
  await look(page, 'G-call-backs')
  const titles = await page.locator('.list li .title').allInnerTexts()
  const { keyboard } = page
  await keyboard.press('v')
  await page.waitForSelector('dialog[open]')
  check((await page.inputValue('dialog input')).length > 2, 'the purpose of a call back stands there')
  await look(page, 'G-reveal')
  await keyboard.press('Enter')
  await page.waitForSelector('aside button:has-text("收起"), .work button:has-text("收起")')
  await page.evaluate(() => document.activeElement?.blur())
  await keyboard.press('n')
  await page.waitForSelector('.work form[novalidate]')
  await keyboard.press('Enter')
  await page.waitForFunction(it => document.querySelector('.work h2')?.textContent.trim() === it, titles[1])
  await settled(page)
  check((await page.locator('.list li', { hasText: titles[0] }).first().innerText()).includes('未接通 1'), 'the list counts attempts')
  await page.evaluate(() => document.activeElement?.blur())
  await page.waitForSelector('.work [aria-keyshortcuts="n"]')
  await keyboard.press('1')
  await page.waitForSelector('.work form[novalidate]')
  await look(page, 'G-verdict')
  await keyboard.press('Space')
  await keyboard.press('Control+Enter')
  await page.waitForFunction(() => document.querySelector('.round')?.textContent.includes('已拨 2'))
  await settled(page)
  await page.locator('.list summary').click()
  await look(page, 'G-called')
  check((await page.locator('.list details li').count()) === 2, 'both calls of today are listed')
  await page.locator('.list details li', { hasText: '已解决' }).locator('a').click()
  await page.waitForSelector('.history')
  const told = await page.locator('.history li', { hasText: '已解决' }).last().innerText()
  check(/\d\d:\d\d/.test(told) && told.includes('值班长') && told.includes('代录'), `the history says who and when: ${told}`)
  await page.goto(`${HOME}/call-backs`)
  await page.waitForSelector('.list li')
  await page.locator('.round select').selectOption('10')
  await page.waitForFunction(() => /抽到 \d+ \/ \d+/.test(document.querySelector('.round')?.textContent ?? ''))
  await look(page, 'G-sample')
  check(faults.length === 0, `call-backs: ${faults.join(' | ')}`)
  await context.close()
}

/** What is late gets a letter; a unit under supervision replies, and its reply is seen beside the letter. */
async function supervision(browser, signed) {
  const { context, page, faults } = await opened(browser, 'supervisor', '/supervision')
  await page.waitForSelector('.work .buttons .button')
  await look(page, 'H-supervision')
  check((await page.locator('.list li', { hasText: '逾期' }).count()) > 0, 'the late ones say by how much')
  await letter(page, 's')
  await page.waitForSelector('.sheet')
  await look(page, 'H-letter')
  await page.emulateMedia({ media: 'print' })
  const pdf = await page.pdf({ format: 'A4' })
  writeFileSync(`${shots}/H-letter.pdf`, pdf)
  check(pdf.length > 10_000, 'the letter prints')
  const sheet = await page.locator('.sheet').innerText()
  check(/督办〔\d{4}〕\d{13}-1 号/.test(sheet) && sheet.includes('盖章') && sheet.includes('应于'), 'number, seal and the day it was due stand on it')
  check(sheet.includes('智慧治理服务中心') && !sheet.includes('system'), 'the office that prints it signs what the clock sent')
  check(!(await page.locator('nav').first().isVisible()), 'and nothing of the page around it')
  await page.emulateMedia({ media: 'screen' })

  await page.goto(`${HOME}/supervision?case=${signed}`)
  await page.waitForSelector('.work .buttons .button')
  await page.evaluate(() => document.activeElement?.blur())
  await letter(page, 's')
  await page.waitForSelector('.sheet')
  const unit = await opened(browser, 'urban-management', `/cases/${signed}`)
  await unit.page.locator('aside .open button', { hasText: '书面说明' }).click()
  await unit.page.fill('aside form textarea', '配件缺货,已改用备件,明天上午更换完毕。')
  await unit.page.click('aside form .button.primary')
  await unit.page.waitForSelector('.note.done:not(.unseen)')
  await unit.context.close()
  await page.waitForSelector('aside:has-text("配件缺货")', { timeout: 8000 })
  await look(page, 'H-reply')
  check(faults.length === 0, `supervision: ${faults.join(' | ')}`)
  await context.close()
}

/** Supervises the case that is open, by key, and follows the link to its letter. */
async function letter(page, key) {
  // A second walk through the same county finds its letter written: one to a stay.
  if (await page.locator('.work .buttons button:disabled', { hasText: '督办' }).count()) return page.locator('.letter a').last().click()
  await page.keyboard.press(key)
  await page.waitForSelector('.work form[novalidate]')
  const note = page.locator('.work form[novalidate] textarea')
  if (await note.count()) await note.first().fill('请于一个工作日内办结,并书面说明逾期原因。')
  await page.keyboard.press('Control+Enter')
  await page.click('.note.good a')
}

/** One hands over, a colleague of the same desk takes it; nobody takes his own. */
async function shift(browser) {
  const { context, page, faults } = await opened(browser, 'dispatcher', '/shift')
  await page.waitForSelector('#shift-note')
  await page.keyboard.press('Tab')
  await page.click('form .primary')
  check(await page.locator('form .problem').isVisible(), 'a hand-over says something')
  const note = `夜里有暴雨,积水点已通知 ${Date.now()}`
  await page.fill('#shift-note', note)
  await look(page, 'I-shift')
  await page.keyboard.press('Control+Enter')
  await page.waitForSelector('form .note.good')
  await settled(page)
  const mine = page.locator('article', { hasText: note })
  check((await mine.locator('.primary').count()) === 0, 'whoever hands over is not offered to take it')
  const ask = await asking('dispatcher')
  const { json } = await ask('/shifts?limit=5')
  const handed = json.find(it => it.note === note)
  const own = await ask(`/shifts/${handed.id}/take`, {})
  check(own.status === 409 && own.json.code === 'own_shift', `taking one's own is refused: ${own.status} ${own.json?.code}`)

  const colleague = await window(browser)
  const account = await newcomer(server, ['dispatcher'])
  await enter(colleague.page, account)
  await colleague.page.goto(`${HOME}/shift`)
  await colleague.page.locator('article', { hasText: note }).locator('.primary').click()
  await colleague.page.waitForFunction(it => [...document.querySelectorAll('article')].some(one => one.textContent.includes(it) && one.querySelector('.taken')), note)
  await look(colleague.page, 'I-taken')
  await colleague.context.close()
  await page.reload()
  await page.waitForSelector(`article:has-text("${note}") .taken`)
  check((await page.locator('article', { hasText: note }).innerText()).includes('周明'), 'the record says who took it')
  check(faults.length === 0, `shift: ${faults.join(' | ')}`)
  await context.close()
}

/** The first log-in of a new account, which begins with another password. */
async function enter(page, account) {
  await page.goto(`${HOME}/`)
  await page.fill('input[name=account]', account)
  await page.fill('input[name=password]', 'first-password-1')
  await page.click('form .button.primary')
  await page.waitForSelector('input[autocomplete=new-password]')
  for (const it of await page.locator('input[autocomplete=new-password]').all()) await it.fill('my-own-password-2')
  await page.click('form .button.primary')
  await page.waitForSelector('#content')
}

/** Words of the office: added, put into an answer by keys, deleted, and back again. */
async function phrases(browser) {
  const { context, page, faults } = await opened(browser, 'duty-desk', '/phrases')
  const title = `雨天答复 ${Date.now().toString(36)}`
  await page.locator('.tools .primary').click()
  await page.keyboard.type(title)
  await page.keyboard.press('Tab')
  await page.keyboard.type('您好,您反映的“')
  await page.locator('.holes button').nth(1).click()
  await page.keyboard.type('”雨停后即处理。')
  await look(page, 'J-phrase')
  await page.keyboard.press('Control+Enter')
  await page.waitForSelector(`li:has-text("${title}")`)
  await look(page, 'J-phrases')
  await page.goto(`${HOME}/work`)
  await page.locator('li.line', { hasText: '待派单' }).first().locator('a').click()
  await page.locator('aside .open button', { hasText: '当场答复' }).click()
  await page.waitForSelector('aside form textarea')
  await page.keyboard.press('Alt+t')
  await page.waitForSelector('[role=option]')
  await look(page, 'J-pick')
  await page.keyboard.type(title.slice(-6))
  await page.waitForTimeout(500)
  await page.keyboard.press('Enter')
  const about = await page.locator('h1').innerText()
  await page.waitForFunction(() => document.querySelector('aside form textarea')?.value.includes('雨停后'))
  check((await page.inputValue('aside form textarea')).includes(`“${about}”`), 'the words name the case they are put into')
  await page.goto(`${HOME}/phrases`)
  await page.locator('li', { hasText: title }).locator('button').last().click()
  await page.waitForSelector('.note.good button')
  check((await page.locator('.list li', { hasText: title }).count()) === 0, 'a deleted phrase is gone')
  await page.click('.note.good button')
  await page.waitForSelector(`.list li:has-text("${title}")`)
  check(faults.length === 0, `phrases: ${faults.join(' | ')}`)
  await context.close()
}

/** Every bench on a phone, in the dark, in large type. */
async function looks(browser) {
  const pages = [['dispatcher', '/dispatch'], ['duty-desk', '/call-backs'], ['supervisor', '/supervision'], ['dispatcher', '/shift'], ['duty-desk', '/phrases']]
  for (const [name, how] of Object.entries({ dark: DARK, large: LARGE, phone: PHONE, english: { language: 'en', preferences: { language: 'en' } } })) {
    for (const [account, path] of pages) {
      const { context, page, faults } = await opened(browser, account, path, how)
      await look(page, `K-${name}${path.replace('/', '-')}`)
      if (name === 'phone' && (await page.locator('.list ol li button').count())) {
        await page.locator('.list ol li button').first().click()
        await settled(page)
        await look(page, `K-phone${path.replace('/', '-')}-case`)
      }
      check(faults.length === 0, `${name} ${path}: ${faults.join(' | ')}`)
      await context.close()
    }
  }
}

export async function benches(browser) {
  await single(browser)
  await stopped(browser)
  const signed = await batch(browser)
  await callBacks(browser)
  await supervision(browser, signed)
  await shift(browser)
  await phrases(browser)
  await moved(browser)
  await looks(browser)
}
