// Acting: by keys, on a case that somebody else changes, with every form of some cases, on a first day.
import { window } from './browser.mjs'
import { LOOKS, SIZES } from './pages.mjs'
import { newcomer, totp } from './people.mjs'
import { picture } from './seed.mjs'
import { HOME, check, logIn, look, server, settled, shots } from './tell.mjs'

/** One act, by keys as far as keys go: from the queue to the case, its form, and back. */
export async function act(browser) {
  const { context, page, faults } = await window(browser)
  await logIn(page, 'duty-desk')
  await page.waitForSelector('li.line')
  const before = await page.locator('li.line').count()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  check((await page.locator('li.line.selected').count()) === 1, 'j selects one line')
  await page.keyboard.press('Enter')
  await page.waitForSelector('aside .open button')
  await page.locator('aside .open button', { hasText: '当场答复' }).first().click()
  await page.click('aside form .button.primary')
  check(await page.locator('aside form .problem').isVisible(), 'an empty answer is refused by the form')
  await page.fill('aside form textarea', '您好,已通知管养单位今晚更换灯具,更换后请您看看是否亮了。')
  await page.screenshot({ path: `${shots}/7-act-form.png` })
  await page.click('aside form .buttons .button:not(.primary)')
  await page.locator('aside .open button', { hasText: '当场答复' }).first().click()
  check((await page.inputValue('aside form textarea')).startsWith('您好'), 'what was typed is there again')
  await page.click('aside form .button.primary')
  await page.waitForSelector('.note.done:not(.unseen)')
  await settled(page)
  await page.screenshot({ path: `${shots}/7-act-done.png`, fullPage: true })
  await page.keyboard.press('u')
  await page.waitForSelector('li.line')
  check((await page.locator('li.line').count()) >= before - 1, 'the queue is there after going back')
  check(faults.length === 0, `act: ${faults.join(' | ')}`)
  await context.close()
}

/** A look behind the mask, a refusal told by its rule, and another's act while a form stands open. */
export async function conflict(browser) {
  const one = await window(browser)
  const two = await window(browser)
  await logIn(one.page, 'duty-desk')
  await logIn(two.page, 'duty-desk')
  const line = one.page.locator('li.line', { hasText: '第2处路灯' }).filter({ hasText: '待派单' }).last()
  const address = await line.locator('a').getAttribute('href')
  await one.page.goto(HOME + address)
  await two.page.goto(HOME + address)
  await one.page.locator('aside button', { hasText: '查看原文' }).click()
  await one.page.fill('dialog input', '回访核实')
  await look(one.page, '8-reveal')
  await one.page.locator('dialog .primary').click()
  await one.page.waitForSelector('aside button:has-text("收起")')
  await one.page.locator('aside .open button', { hasText: '派单' }).first().click()
  await one.page.waitForSelector('aside form')
  await two.page.locator('aside .open button', { hasText: '要求核实' }).first().click().catch(() => undefined)
  await two.page.click('aside form .button.primary')
  await two.page.waitForSelector('.note.done:not(.unseen)')
  await one.page.waitForSelector('aside .note.warn', { timeout: 8000 })
  await one.page.click('aside form .button.primary')
  await one.page.waitForSelector('aside .note.bad')
  await look(one.page, '8-stale')
  await one.context.close()
  await two.context.close()
}

/** Every action of some cases opens as a form made from the pack; axe on each, in light and dark. */
export async function forms(browser) {
  const cases = [['urban-management', '办理中', 'light'], ['urban-management', '办理中', 'dark'], ['duty-desk', '待回访', 'light'],
    ['duty-desk', '待派单', 'light']]
  for (const [account, state, light] of cases) {
    const { context, page, faults } = await window(browser, { preferences: { light } })
    await logIn(page, account)
    await page.locator('.counts button', { hasText: state }).click()
    await page.locator('li.line', { hasText: state }).first().locator('a').click()
    await page.waitForSelector('aside .open button')
    await settled(page)
    const titles = await page.locator('aside .open button').allInnerTexts()
    for (const title of titles) {
      const name = title.split(/\s/)[0]
      await page.locator('aside .open button', { hasText: name }).first().click()
      await page.waitForSelector('aside form')
      await look(page, `C-${account}-${light}-${name}`)
      const picker = page.locator('aside form .el-input__inner, aside form [role=combobox]').first()
      if (await picker.count()) {
        await picker.click()
        await page.waitForTimeout(500)
        await look(page, `C-${account}-${light}-${name}-open`)
        await page.keyboard.press('Escape')
      }
      await page.click('aside form .buttons .button:not(.primary)')
      await page.waitForSelector('aside .open')
    }
    check(faults.length === 0, `forms ${account}: ${faults.join(' | ')}`)
    await context.close()
  }
}

/** A new colleague with two posts: another password first, then the post to begin in, then a second factor. */
export async function firstDay(browser) {
  const { context, page, faults } = await window(browser)
  const account = await newcomer(server)
  await page.goto(`${HOME}/work?due=week`)
  await page.fill('input[name=account]', account)
  await page.fill('input[name=password]', 'wrong-password-1')
  await page.click('form .button.primary')
  await page.waitForSelector('.note.bad')
  await look(page, 'D-wrong')
  await page.fill('input[name=password]', 'first-password-1')
  await page.click('form .button.primary')
  await page.waitForSelector('input[autocomplete=new-password]')
  await look(page, 'D-password')
  for (const it of await page.locator('input[autocomplete=new-password]').all()) await it.fill('my-own-password-2')
  await page.click('form .button.primary')
  await page.waitForSelector('main li button')
  await look(page, 'D-post')
  await page.locator('main li button').last().click()
  await page.waitForSelector('#content')
  check(page.url().endsWith('/work?due=week'), 'after the log-in one is where one wanted to go')
  await settled(page)
  await look(page, 'D-empty')
  const { secret } = await page.evaluate(async () => (await fetch('/api/v1/me/totp', { method: 'POST', body: '{}',
    headers: { 'content-type': 'application/json' } })).json())
  await page.evaluate(confirm => fetch('/api/v1/me/totp', { method: 'POST', body: JSON.stringify({ confirm }),
    headers: { 'content-type': 'application/json' } }), totp(secret))
  await page.click('header .menu button')
  await page.click('.panel .out')
  await page.waitForSelector('input[name=account]')
  await page.fill('input[name=account]', account)
  await page.fill('input[name=password]', 'my-own-password-2')
  await page.click('form .button.primary')
  await page.waitForSelector('input[name=totp]')
  await look(page, 'D-totp')
  await page.fill('input[name=totp]', totp(secret, 1))
  await page.click('form .button.primary')
  await page.waitForSelector('#content')
  check(faults.length === 0, `first day: ${faults.join(' | ')}`)
  await context.close()
}

/** A photo of a call, its original kept sealed because somebody asked for it: still there after a reload. */
export async function evidence(browser) {
  for (const size of SIZES) for (const how of LOOKS) {
    const { context, page, faults } = await window(browser, { ...size, ...how })
    const name = part => `P-${part}-${size.name}-${how.name}`
    await logIn(page, 'duty-desk')
    await page.goto(`${HOME}/call`)
    await page.waitForSelector('#call-title')
    const sealed = async deed => {
      const answer = page.waitForResponse(it => it.url().endsWith('/uploads') && it.ok())
      await deed()
      return (await (await answer).json()).sealed
    }
    const buffer = picture(40)
    check(!(await sealed(() => page.setInputFiles('#call-photos', { name: 'p.png', mimeType: 'image/png', buffer }))), 'no original is kept unless it is asked for')
    check(await sealed(() => page.locator('.evidence input').check()), 'the photo is sent again, with its original')
    await look(page, name('evidence'))
    await page.locator('form.card').screenshot({ path: `${shots}/${name('evidence-form')}.png` })
    await page.reload()
    await page.waitForSelector('#call-photos')
    check((await page.locator('form.card li').count()) === 1, 'a reload loses no photo')
    check(faults.length === 0, `evidence: ${faults.join(' | ')}`)
    await context.close()
  }
}
