// The desk's other pages: a call taken by keys alone, rates that open into what they are made of, territory.
import { window } from './browser.mjs'
import { LOOKS, SIZES } from './pages.mjs'
import { picture } from './seed.mjs'
import { HOME, check, logIn, look, settled, shots } from './tell.mjs'

/** A call from the first to the last field without a mouse, until its number is shown. */
async function call(browser) {
  const { context, page, faults } = await window(browser)
  await logIn(page, 'duty-desk')
  await page.goto(`${HOME}/call?phone=13800001234`)
  await page.waitForSelector('#call-title')
  check((await page.inputValue('#call-phone')) === '13800001234', 'the telephone system fills in who calls')
  check(await page.evaluate(() => document.activeElement?.id === 'call-title'), 'the title has the focus')
  const { keyboard } = page
  await keyboard.press('Control+Enter')
  await page.waitForSelector('.problem')
  await look(page, 'E-call-missing')
  await keyboard.type('路灯不亮')
  await keyboard.press('Enter')
  await keyboard.type('城西路边的路灯不亮三天了,晚上看不见路')
  await keyboard.press('Tab')
  await keyboard.type('路灯')
  await page.waitForSelector('#call-matter-0')
  await look(page, 'E-call-matter')
  await keyboard.press('Enter')
  check((await page.inputValue('#call-matter')) === '路灯不亮', 'Enter takes the best matter')
  await page.reload()
  await page.waitForSelector('#call-title')
  check((await page.inputValue('#call-body')).startsWith('城西路边'), 'a reload loses nothing')
  for (let at = 0; at < 3; at += 1) await keyboard.press('Tab')
  check(await page.evaluate(() => document.activeElement?.id === 'call-place'), 'three tabs from the title is the place')
  await keyboard.type('城西1网格3')
  await page.waitForSelector('#call-place-0')
  await look(page, 'E-call-place')
  await keyboard.press('Tab')
  check((await page.inputValue('#call-place')).length > 0, 'Tab takes the best place')
  await keyboard.type('桥头路12号')
  await page.setInputFiles('#call-photos', { name: 'p.png', mimeType: 'image/png', buffer: picture(40) })
  await page.waitForResponse(it => it.url().endsWith('/uploads'))
  await page.waitForTimeout(900)
  await look(page, 'E-call-filled')
  await keyboard.press('Control+Enter')
  await page.waitForSelector('.number')
  await settled(page)
  check(/^\d{13}$/.test((await page.textContent('.number')).trim()), 'the number is shown')
  await look(page, 'E-call-taken')
  await keyboard.press('Alt+a')
  await keyboard.press('Enter')
  await page.waitForSelector('form textarea')
  await keyboard.type('您好,已通知管养单位今晚更换灯具。')
  await look(page, 'E-call-answer')
  await keyboard.press('Control+Enter')
  await page.waitForSelector('.taken .note.good')
  await settled(page)
  await page.screenshot({ path: `${shots}/E-call-answered.png` })
  await keyboard.press('Alt+n')
  await page.waitForSelector('#call-title')
  check((await page.inputValue('#call-title')) === '', 'the next call begins empty')
  await context.close()
  check(faults.length === 0, `call: ${faults.join(' | ')}`)
}

/** A server that lets the desk see what a number asked before is asked for it, and only then. */
async function earlier(page) {
  await page.route('**/api/v1/me', async route => {
    const answer = await route.fetch()
    await route.fulfill({ response: answer, json: { ...(await answer.json()), may: ['open_case', 'list_cases', 'show_rates', 'show_census', 'list_by_contact'] } })
  })
  await page.route('**/api/v1/cases/by-contact?*', async route => {
    const answer = await page.request.get(`${HOME}/api/v1/cases?limit=3&open=true`)
    await route.fulfill({ json: (await answer.json()).items })
  })
  await page.goto(`${HOME}/call?phone=13800001237`)
  await page.waitForSelector('aside li a')
  await look(page, 'E-call-earlier')
}

/** Another call like an open one is joined to it. */
async function joined(browser) {
  const { context, page, faults } = await window(browser)
  await logIn(page, 'duty-desk')
  for (const phone of ['13800001235', '13800001236']) {
    await page.goto(`${HOME}/call?phone=${phone}`)
    await page.waitForSelector('#call-title')
    await page.keyboard.type('井盖破了')
    await page.keyboard.press('Enter')
    await page.keyboard.type('府前路口的井盖破了一个角,骑车很危险')
    await page.focus('#call-place')
    await page.keyboard.type('府前')
    await page.waitForSelector('#call-place-0')
    await page.keyboard.press('Enter')
    if (phone.endsWith('5')) await page.keyboard.press('Control+Enter')
    else {
      await page.waitForSelector('section li button')
      await look(page, 'E-call-similar')
      await page.click('section li button')
    }
    await page.waitForSelector('.number')
  }
  await look(page, 'E-call-joined')
  await page.goto(`${HOME}/call`)
  await page.waitForSelector('#call-title')
  await earlier(page)
  await page.route('**/api/v1/cases', route => route.fulfill({ status: 422, contentType: 'application/problem+json',
    body: '{"code":"invalid","detail":"填写有误","status":422,"problems":[{"field":"contact","code":"wrong_form","detail":"号码不对"}]}' }))
  await page.fill('#call-title', '路灯')
  await page.fill('#call-body', '不亮')
  await page.focus('#call-place')
  await page.keyboard.type('府前')
  await page.waitForSelector('#call-place-0')
  await page.keyboard.press('Enter')
  await page.keyboard.press('Control+Enter')
  await page.waitForSelector('#call-phone-p')
  check(await page.evaluate(() => document.activeElement?.id === 'call-phone'), 'the focus goes to the wrong field')
  await look(page, 'E-call-refused')
  await context.close()
  check(faults.filter(it => !it.includes('422')).length === 0, `joined: ${faults.join(' | ')}`)
}

/** Every page in every size and look. */
async function sizes(browser, size, how) {
  const { context, page, faults } = await window(browser, { ...size, ...how })
  const name = part => `${part}-${size.name}-${how.name}`
  await logIn(page, 'duty-desk')
  await page.goto(`${HOME}/call?phone=13800001234`)
  await page.waitForSelector('#call-title')
  await look(page, name('F-call'))
  await page.goto(`${HOME}/rates`)
  await page.waitForSelector('.cards li')
  await page.waitForSelector('.chart svg')
  await page.locator('.cards button').nth(1).click()
  await look(page, name('G-rates'))
  await page.screenshot({ path: `${shots}/${name('G-rates-full')}.png`, fullPage: true })
  await page.goto(`${HOME}/places/350405001001`)
  await page.waitForSelector('.figures li')
  await page.waitForSelector('[role=treeitem][aria-selected=true]')
  await look(page, name('H-places'))
  await page.goto(`${HOME}/places/350405001001001001`)
  await page.waitForSelector('.figures li')
  await look(page, name('H-micro'))
  check(faults.length === 0, `${name('desk')}: ${faults.join(' | ')}`)
  await context.close()
}

/** The tree by keys; a file of what is shown; what is not there, not read, or on paper. */
async function rest(browser) {
  const { context, page, faults } = await window(browser)
  await logIn(page, 'duty-desk')
  await page.goto(`${HOME}/places`)
  await page.waitForSelector('[role=treeitem][aria-expanded=true]')
  await page.locator('[role=treeitem][tabindex="0"]').focus()
  for (const key of ['ArrowDown', 'ArrowRight', 'ArrowDown']) {
    await page.keyboard.press(key)
    await settled(page)
  }
  await page.keyboard.press('Enter')
  await page.waitForURL(/places\/350405001001$/)
  await page.waitForSelector('h2.title:has-text("城西")')
  await page.goto(`${HOME}/places/nowhere`)
  await settled(page)
  await look(page, 'I-places-none')
  await page.goto(`${HOME}/rates?from=2026-10-01&to=2026-10-31&place=350405001`)
  await page.waitForSelector('.cards li')
  await page.emulateMedia({ media: 'print' })
  await page.screenshot({ path: `${shots}/I-rates-print.png`, fullPage: true })
  await page.emulateMedia({ media: 'screen' })
  await page.route('**/api/v1/rates?*', route => route.fulfill({ status: 503, contentType: 'application/problem+json',
    body: '{"code":"busy","detail":"服务器忙,请稍后再试","status":503}' }))
  await page.goto(`${HOME}/rates?place=350405001`)
  await page.waitForSelector('.state button')
  await look(page, 'I-rates-failed')
  await context.close()
  check(faults.filter(it => !/404|503/.test(it)).length === 0, `rest: ${faults.join(' | ')}`)
}

export async function desk(browser) {
  await rest(browser)
  await call(browser)
  await joined(browser)
  for (const size of SIZES) for (const how of LOOKS) await sizes(browser, size, how)
}
