// A method that nobody has seen is loaded as an administrator loads one, and a case goes through it from its opening on a
// resident's phone to its end: at the desk, on a worker's phone, by the clock. SEED=7 draws another method; whatever
// is pressed here is known by kind and title, never by name.
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { window } from './browser.mjs'
import { PACKS, method } from './methods.mjs'
import { office } from './people.mjs'
import { idOf, logIn as logInPhone, open, phone, press, reads } from './phone.mjs'
import { HOME, check, failures, logIn, look, server, settled } from './tell.mjs'
import { day, fillDesk, fillPhone, moment } from './unseen/fill.mjs'
import { unseen as drawn } from './unseen/pack.mjs'

const GRID = { code: '350405001001001', name: '城西社区第1网格' }
const COUNTY = '350405'
/** Of whoever holds its posts. */
const OWN = 'my-own-password-2'
/** From the start of the ballot until the clock closes it, in seconds. */
const OPEN = 25

/** The form of an act, of all that stand beside a case. */
const FORM = 'aside form[novalidate]'

const { call, as } = office(server)

/** The folder that an administrator chooses: the method, and those it begins with. */
function folderOf(it) {
  const root = mkdtempSync(join(tmpdir(), 'unseen-'))
  for (const name of ['base', 'shaxian']) cpSync(join(PACKS, name), join(root, name), { recursive: true })
  for (const [path, text] of Object.entries(it.files)) {
    mkdirSync(join(root, it.id, dirname(path)), { recursive: true })
    writeFileSync(join(root, it.id, path), text)
  }
  return root
}

/** A window at the desk of an account; its faults are told when it closes. */
async function desk(browser, account, path, password) {
  const made = await window(browser)
  await logIn(made.page, account, password)
  await made.page.goto(`${HOME}${path}`)
  await settled(made.page)
  return made
}

/** What is refused on purpose is an error of the browser's console, and none of ours. */
async function close({ context, faults }, name, refused = false) {
  for (const it of faults.filter(one => !(refused && /status of 4(09|22)/.test(one)))) failures.push(`unseen ${name}: ${it}`)
  await context.close()
}

async function load(browser, it) {
  const folder = folderOf(it)
  const made = await desk(browser, 'system-admin', '/pack')
  const { page } = made
  await page.setInputFiles('input[type=file]', folder)
  await page.locator('.which select').selectOption(it.id)
  await page.locator('.padded > .note.good', { hasText: it.id }).waitFor()
  await look(page, 'U-load')
  await page.click('.padded .button.primary')
  await page.click('dialog[open] .button.primary')
  await page.locator('tr:has(td .tag)', { hasText: it.id }).waitFor()
  rmSync(folder, { recursive: true })
  await close(made, 'load')
}

/** Somebody for each of its roles, each with an account; `held` takes accounts by role, and the posts. */
async function staff(it, { accounts, posts }) {
  const [system, security] = [await as('system-admin'), await as('security-admin')]
  for (const [role, place] of [['doer', GRID.code], ['chief', COUNTY]]) {
    const { ids: [person] } = await call('/people', system, [{ name: it.roles[role].title }])
    await call('/posts', system, [{ role: it.roles[role].id, place }])
    const [post] = await call(`/posts?role=${it.roles[role].id}`, system, undefined, 'GET')
    await call(`/posts/${post.post}/holders`, system, { person })
    posts.push(post.post)
    accounts[role] = `${role}-${Date.now().toString(36)}`
    await call('/accounts', security, { name: accounts[role], password: 'first-password-1', person })
    const { token } = await call('/sessions', undefined, { account: accounts[role], password: 'first-password-1' })
    await call('/me/password', token, { present: 'first-password-1', new: OWN })
  }
}

/** The resident finds it among what can be asked for, and asks. */
async function ask(browser, it, how) {
  const made = await phone(browser, how)
  const { page } = made
  await logInPhone(page, `190000${String(10_000 + (Date.now() % 80_000))}`)
  await open(page, 'home')
  await press(page, '还能办的事')
  await press(page, it.procedure.title)
  await reads(page, it.fields.text.title)
  await page.locator('.k-page__foot button').click()
  check((await page.locator('main [role=alert]').count()) > 0, 'unseen: a blank form says what it wants')
  await look(page, 'U-phone-blank')
  await fillPhone(page.locator('main'), it.asks.open)
  await look(page, 'U-phone-form')
  await page.screenshot({ path: `${process.argv[3] ?? 'shots'}/U-phone-form-full.png`, fullPage: true })
  await page.locator('.k-page__foot button').click()
  await press(page, '看办到哪里了')
  await reads(page, it.stages[0])
  await look(page, 'U-phone-case')
  return { made, id: idOf(page) }
}

/** One act at the desk: its button, its form, and what became of it. */
async function act(page, action, asks, given) {
  await page.locator('aside .open button', { hasText: action.title }).click()
  await page.locator(FORM).waitFor()
  await fillDesk(page.locator(FORM), asks, given)
  await page.click(`${FORM} .button.primary`)
}

const acted = async page => {
  await page.waitForSelector('.note.done:not(.unseen)')
  await settled(page)
}

/** One act of the asker on the phone. */
async function answer(page, id, action, asks, given) {
  await open(page, 'case', `?id=${id}`)
  await press(page, action.title)
  await fillPhone(page.locator('[role=dialog]'), asks, given)
  await page.locator('[role=dialog] button', { hasText: action.title }).last().click()
  await page.locator('[role=dialog]').waitFor({ state: 'detached' })
}

/** A row of its register, by hand. */
async function row(page, it, key) {
  await page.goto(`${HOME}/registers/${it.register.id}`)
  await page.click('.head .primary')
  await fillDesk(page.locator('section form'), [it.fields.key], { [it.fields.key.id]: key })
  await page.click('section form .primary')
  await page.waitForURL(/\/records\//)
}

/** Something begun at the desk, at one of the doors of the post's ground; then closed. */
async function visit(page, it, given) {
  await page.goto(`${HOME}/open`)
  await page.click(`main a:has-text("${it.round.title}")`)
  await page.locator('main form').waitFor()
  await fillDesk(page.locator('main form'), it.asks.visit, given)
  await look(page, 'U-desk-open')
  await page.click('main form .button.primary')
  await page.click('main .note.good + .buttons a')
  await act(page, it.action.close, [], given)
  await acted(page)
}

/** The same case on the worker's own phone. */
async function note(browser, it, account, id, given) {
  const made = await phone(browser)
  const { page } = made
  await page.goto(`${HOME}/m/?u#/pages-worker/enter/enter`)
  await page.locator('input').nth(0).fill(account)
  await page.locator('input').nth(1).fill(OWN)
  await page.locator('main button').filter({ hasText: /^登录$/ }).click()
  await page.waitForFunction(() => (localStorage.getItem('jinlin.mine.day') ?? '').includes('lines'))
  await page.goto(`${HOME}/m/?v#/pages-worker/case/case?id=${id}`)
  await press(page, it.action.note.title)
  await page.locator('[role=dialog]').waitFor()
  // Places of the post's own ground stand before the rest of the form.
  const [place, ...rest] = it.asks.note
  await page.locator('[role=dialog] select').first().selectOption({ label: given.place })
  await fillPhone(page.locator('[role=dialog]'), rest, given)
  check(place.kind === 'place', 'unseen: the place comes first')
  await look(page, 'U-worker-form')
  await page.locator('[role=dialog] button', { hasText: it.action.note.title }).last().click()
  await page.locator('[role=dialog]').waitFor({ state: 'detached' })
  await page.waitForFunction(async at => (await (await fetch(`/api/v1/cases/${at}/history`)).json()).length > 3, id, { timeout: 15_000 })
  await look(page, 'U-worker-case')
  await close(made, 'worker')
}

/** A bound and a guard refuse, in words; then a meeting is held and the ballot opened. */
async function go(page, it, id, given) {
  const { meet, go: onward } = it.action
  const refusals = page.locator('aside details')
  await page.goto(`${HOME}/cases/${id}`)
  await act(page, meet, it.asks.meet, given)
  await acted(page)
  await refusals.locator('summary').click()
  const bound = await refusals.locator(`dt:has-text("${meet.title}") + dd`).innerText()
  check(bound.length > 4, `unseen: a bound is told in words: ${bound}`)
  await page.click(`aside a:has-text("${it.meeting.title}")`)
  await page.click('section .primary')
  await fillDesk(page.locator('section form'), [it.fields.share], given)
  await page.click('section form .primary')
  await page.locator('dd', { hasText: '没有问题' }).waitFor()
  await page.goto(`${HOME}/cases/${id}`)
  await act(page, onward, it.asks.go, { ...given, money: String(it.most + 1), [it.fields.closes.id]: moment(600) })
  const guard = await page.locator(`${FORM} [role=alert]`).innerText()
  check(guard.length > 4, `unseen: a guard is told in words: ${guard}`)
  await look(page, 'U-guard')
  await fillDesk(page.locator(FORM), it.asks.go.slice(0, 2), { ...given, [it.fields.closes.id]: moment(OPEN) })
  await page.click(`${FORM} .button.primary`)
  await acted(page)
}

/** The ballot stands with the child; one door says yes, and the clock counts. */
async function vote(page, it, id) {
  await page.goto(`${HOME}/cases/${id}`)
  await page.locator('aside li', { hasText: it.child.title }).locator('a').click()
  await page.click(`aside a:has-text("${it.ballot.title}")`)
  await page.locator('[data-door] button').first().click()
  await page.locator('[data-door] input[type=radio]').first().check()
  await page.keyboard.press('Enter')
  await page.waitForSelector('.note.good')
  await look(page, 'U-ballot')
}

/** Waits until the case is in a state of this title. */
async function until(token, id, title) {
  for (let tries = 0; tries < 90; tries += 1) {
    const { state_title: now } = await call(`/cases/${id}`, token, undefined, 'GET')
    if (now === title) return
    await new Promise(resolve => setTimeout(resolve, 500))
  }
  failures.push(`unseen: the case never came to ${title}`)
}

/** What needs an approval waits for it, and is done when it is given. */
async function finish(browser, it, id, accounts) {
  const chief = await desk(browser, accounts.chief, `/cases/${id}`, OWN)
  await look(chief.page, 'U-desk-chief')
  await act(chief.page, it.action.finish, it.asks.finish, {})
  await acted(chief.page)
  const request = await chief.page.locator('aside li:has(.tag)').filter({ hasNotText: it.child.title }).locator('a').first().getAttribute('href')
  await close(chief, 'chief')
  const leader = await desk(browser, 'leader', '/work')
  await look(leader.page, 'U-desk-leader')
  await leader.page.click(`li.line a[href*="${request.split(/[/?]/)[2]}"]`)
  await leader.page.locator('aside .open button', { hasText: '同意' }).first().click()
  await leader.page.click(`${FORM} .button.primary`)
  await acted(leader.page)
  await close(leader, 'leader')
}

async function through(browser, it, { accounts }) {
  const given = { place: GRID.name, org: '城市管理局', person: it.roles.doer.title, post: it.roles.doer.title, record: `${it.title}一`, household: '号' }
  const { made: resident, id } = await ask(browser, it)
  const doer = await desk(browser, accounts.doer, `/cases/${id}`, OWN)
  const { page } = doer
  await look(page, 'U-desk-case')
  await act(page, it.action.ask, it.asks.ask, given)
  await acted(page)
  await answer(resident.page, id, it.action.answer, it.asks.answer, given)
  await row(page, it, given.record)
  await visit(page, it, given)
  await note(browser, it, accounts.doer, id, given)
  await go(page, it, id, { ...given, case: (await call(`/cases/${id}`, await as(accounts.doer, OWN), undefined, 'GET')).number })
  await vote(page, it, id)
  const token = await as(accounts.doer, OWN)
  await until(token, id, it.state.tried.title)
  await page.goto(`${HOME}/cases/${id}`)
  await look(page, 'U-desk-counted')
  await finish(browser, it, id, accounts)
  await until(token, id, it.state.judged.title)
  await answer(resident.page, id, it.action.yes, it.asks.yes, given)
  await reads(resident.page, '您说好了')
  await look(resident.page, 'U-phone-end')
  const { end } = await call(`/cases/${id}`, token, undefined, 'GET')
  check(end === 'solved', `unseen: it ends as solved: ${end}`)
  await close(resident, 'resident')
  await close(doer, 'doer', true)
}

/** The county goes on by its own method, and nobody holds a post of the other. */
async function restore({ posts }) {
  const system = await as('system-admin')
  for (const post of posts) await call(`/posts/${post}/end`, system, { until: day(1) })
  await call('/packs', system, { id: 'shaxian', files: { ...method('base'), ...method('shaxian') } })
}

export async function unseen(browser) {
  const it = drawn(Number(process.env.SEED_OF_METHOD ?? Date.now() % 1_000_000))
  const held = { accounts: {}, posts: [] }
  try {
    await load(browser, it)
    await staff(it, held)
    await through(browser, it, held)
  } finally {
    await restore(held).catch(error => failures.push(`unseen, putting back: ${error.message}`))
  }
}
