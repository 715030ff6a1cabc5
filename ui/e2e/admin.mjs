// Proofs, figures and administration: what is said to be proven or counted is, and each administrator has
// his own pages and no other's.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { window } from './browser.mjs'
import { LOOKS, SIZES } from './pages.mjs'
import { colleague, office } from './people.mjs'
import { rowsOf } from './sheet.mjs'
import { HOME, check, failures, logIn, look, server, settled, shots } from './tell.mjs'
import { step } from './walk.mjs'

const PACKS = new URL('../../packs', import.meta.url).pathname

/** A receipt holds and a forged one does not, logged in or not; the key noted elsewhere decides. */
async function receipts(browser) {
  const { context, page, faults } = await window(browser)
  await logIn(page, 'duty-desk')
  await page.waitForSelector('li.line')
  await page.locator('li.line a').first().click()
  await page.waitForSelector('article h1')
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('a[download^="receipt-"]')])
  const receipt = readFileSync(await download.path(), 'utf8')
  await page.click('a[href*="/receipt?case="]')
  await page.waitForSelector('li.passed')
  await settled(page)
  check((await page.locator('li.passed').count()) === 6, 'all steps of a receipt hold')
  check(await page.locator('.note.good', { hasText: '开头与回执当时的一字不差' }).isVisible(), 'and the log of today still begins with it')
  await page.fill('input[spellcheck]', JSON.parse(receipt).key)
  check(await page.locator('.word', { hasText: '已证明' }).isVisible(), 'with the key noted elsewhere it is proven')
  await look(page, 'K-receipt')
  await context.close()
  const outside = await window(browser, { ...SIZES[1], preferences: { light: 'dark' } })
  await outside.page.goto(`${HOME}/receipt`)
  const give = text => outside.page.setInputFiles('input[type=file]', { name: 'receipt.json', mimeType: 'application/json', buffer: Buffer.from(text) })
  await give(receipt.replace(/\\"at\\":1/, '\\"at\\":2'))
  await outside.page.waitForSelector('li.failed')
  check((await outside.page.locator('li.failed').innerText()).includes('记录的指纹'), 'a changed entry is told, and at which step')
  await look(outside.page, 'K-forged')
  await give(receipt)
  await outside.page.waitForSelector('.note.warn')
  check((await outside.page.locator('li.passed').count()) === 6, 'the true one holds without a log-in')
  await outside.context.close()
  for (const it of [...faults, ...outside.faults]) failures.push(`receipts: ${it}`)
}

/** The cases behind a rate are as many as the figure says. */
async function behind(browser) {
  const { context, page, faults } = await window(browser)
  await logIn(page, 'duty-desk')
  await page.goto(`${HOME}/rates?from=2026-10-01&to=2026-10-31`)
  for (const [name, part] of [['按期率', '在分母、不在分子'], ['重派率', '计入分子'], ['满意率', '在分母、不在分子']]) {
    await page.locator('.cards button', { hasText: name }).click()
    const button = page.locator('.behind .button', { hasText: part }).first()
    const said = Number((await button.locator('.digits').innerText()).replaceAll(',', ''))
    await button.click()
    await page.waitForFunction(() => document.querySelector('.behind tbody tr, .behind [role=status]'))
    const more = page.locator('.behind .foot button')
    for (await settled(page); await more.count(); await settled(page)) {
      const before = await page.locator('tr[data-case]').count()
      await more.click()
      await page.waitForFunction(n => document.querySelectorAll('tr[data-case]').length > n || !document.querySelector('.behind .foot button'), before)
    }
    const ids = await page.locator('tr[data-case]').evaluateAll(rows => rows.map(it => it.dataset.case))
    const hidden = Number(await page.locator('[data-hidden]').getAttribute('data-hidden', { timeout: 200 }).catch(() => 0))
    const told = `${name}, ${part}: the figure says ${said}, ${ids.length} cases are listed, ${hidden} are not for this post`
    check(ids.length > 0 && new Set(ids).size === ids.length && ids.length + hidden === said, told)
  }
  await look(page, 'K-behind')
  await context.close()
  for (const it of faults) failures.push(`behind: ${it}`)
}

async function take(page, opener) {
  await page.click(opener)
  await page.fill('dialog[open] input', '端到端测试')
  const [download] = await Promise.all([page.waitForEvent('download'), page.click('dialog[open] .primary')])
  check(download.suggestedFilename().endsWith('.xlsx'), `${download.suggestedFilename()} is a spreadsheet`)
  return rowsOf(readFileSync(await download.path()))
}

/** A list taken away holds what was seen: who, why, how many, and as many rows; every cell is text. */
async function exports(browser) {
  const { context, page, faults } = await window(browser)
  await logIn(page, 'duty-desk')
  await page.goto(`${HOME}/cases?q=%E8%B7%AF%E7%81%AF`)
  await page.waitForSelector('li.line')
  const { call, as } = office(server)
  const token = await as('duty-desk')
  let [count, after] = [0, '']
  do {
    const found = await call(`/cases?q=%E8%B7%AF%E7%81%AF&open=true&limit=200${after && `&after=${after}`}`, token, undefined, 'GET')
    count += found.items.length
    after = found.next
  } while (after)
  const rows = await take(page, '.export .button')
  const head = rows.findIndex(row => row.some(it => /^\d{13}$/.test(it.text)))
  const said = rows.slice(0, head).flat().map(it => it.text).join('\n')
  check(/端到端测试/.test(said) && /林宇宁|值班/.test(said), `the head names reason and reader:\n${said}`)
  check(said.includes(String(count)), `the head says ${count} rows`)
  check(rows.length - head === count, `${count} cases are listed, ${rows.length - head} rows exported`)
  check(rows.slice(head).every(row => row.slice(1).every(it => it.isText || it.text === '')), 'every cell but the running number is text')
  await page.goto(`${HOME}/rates?from=2026-10-01&to=2026-10-31`)
  await page.waitForSelector('.cards li')
  const figures = (await take(page, '.export .button')).flat().map(it => it.text)
  const { on_time: rate } = await call('/rates?from=2026-10-01&to=2026-10-31', token, undefined, 'GET')
  const wanted = ['凤岗街道', String(rate.numerator), String(rate.denominator)]
  check(figures.some(it => it.includes('端到端测试')) && wanted.every(it => figures.includes(it)), `figures are exported with ${wanted.join(', ')}:\n${figures.join(' ')}`)
  await context.close()
  for (const it of faults) failures.push(`exports: ${it}`)
}

/** A pack with a problem is refused at its line; without, it could be loaded. */
async function packs(browser) {
  const { context, page } = await window(browser)
  const folder = mkdtempSync(join(tmpdir(), 'packs-'))
  try {
    cpSync(PACKS, folder, { recursive: true })
    const file = join(folder, 'base/procedures/appeal.toml')
    const lines = readFileSync(file, 'utf8').split('\n')
    const line = lines.findIndex(it => it.startsWith('sign '))
    await logIn(page, 'system-admin')
    await page.goto(`${HOME}/pack`)
    await page.waitForSelector('table')
    await page.setInputFiles('input[type=file]', folder)
    await page.waitForSelector('.padded > .note.good')
    check(await page.locator('.padded .button.primary').isVisible(), 'a sound pack is offered to be loaded')
    writeFileSync(file, lines.map((it, at) => (at === line ? it.replace('to = "handling"', 'to = "nowhere"') : it)).join('\n'))
    await page.setInputFiles('input[type=file]', folder)
    await page.waitForSelector('.padded > .note.bad')
    const told = await page.locator('table.problems tbody tr').allInnerTexts()
    check(told.some(it => it.includes('base/procedures/appeal.toml') && it.split('\t').includes(String(line + 1))), `the problem is told at line ${line + 1}: ${told.join(' | ')}`)
    check(!(await page.locator('.padded .button.primary').count()), 'and it cannot be loaded')
    await look(page, 'K-pack-refused')
  } finally {
    rmSync(folder, { recursive: true })
    await context.close()
  }
}

/** An account is opened, used elsewhere, and its session ended. */
async function accounts(browser) {
  const name = `测${Date.now().toString(36).slice(-4)}`
  await colleague(server, name, ['dispatcher'])
  const { context, page, faults } = await window(browser)
  await logIn(page, 'security-admin')
  await page.goto(`${HOME}/accounts`)
  await page.waitForSelector('table.accounts')
  await page.click('.head .primary')
  await page.fill('dialog[open] [role=combobox]', name)
  await page.locator('dialog[open] li[role=option]', { hasText: name }).click()
  const account = `t.${Date.now().toString(36)}`
  await page.fill('dialog[open] input[name=new-account]', account)
  await look(page, 'K-account-form')
  await page.click('dialog[open] .primary')
  const password = await page.locator('dialog[open] code.password').innerText()
  await look(page, 'K-account-password')
  await page.click('dialog[open] .primary')
  const other = await window(browser)
  await other.page.goto(`${HOME}/`)
  await other.page.fill('input[name=account]', account)
  await other.page.fill('input[name=password]', password)
  await other.page.click('form .button.primary')
  await other.page.waitForSelector('input[autocomplete=new-password]')
  for (const it of await other.page.locator('input[autocomplete=new-password]').all()) await it.fill('my-own-password-2')
  await other.page.click('form .button.primary')
  await other.page.waitForSelector('#content')
  await page.fill('.filters input', account)
  await page.click('.filters .button')
  await page.waitForFunction(() => document.querySelectorAll('tr[data-account]').length === 1)
  check((await page.locator('tr[data-account]').innerText()).includes(name), 'the account is found by its name')
  await page.locator('h2 .button').click()
  await page.locator('table.sessions tr', { hasText: account }).locator('button').click()
  await page.click('dialog[open] .primary')
  await page.waitForFunction(it => !document.querySelector('table.sessions').innerText.includes(it), account)
  await other.page.locator('nav a', { hasText: '办件查询' }).click()
  await other.page.waitForSelector('input[name=account]')
  await other.context.close()
  await context.close()
  for (const it of faults) failures.push(`accounts: ${it}`)
}

/** All posts of one person go to another from today on. */
async function handOver(browser) {
  const [from, to] = ['移', '接'].map(it => `${it}${Date.now().toString(36).slice(-4)}`)
  await colleague(server, from, ['dispatcher', 'leader'])
  const successor = await colleague(server, to, [])
  const { context, page, faults } = await window(browser)
  await logIn(page, 'system-admin')
  await page.goto(`${HOME}/hand-over`)
  const choose = async (field, name) => {
    await field.fill(name)
    await page.locator('li[role=option]:visible', { hasText: name }).click()
  }
  await choose(page.locator('.filters [role=combobox]'), from)
  check((await page.locator('li[data-post]').count()) === 2, 'both posts are listed')
  await choose(page.locator('.form > .who [role=combobox]'), to)
  await look(page, 'K-hand-over')
  await page.click('.form > .button')
  check((await page.locator('dialog[open] .summary li').count()) === 2, 'both are summed up before')
  await page.click('dialog[open] .primary')
  await page.waitForSelector('.sign')
  await look(page, 'K-hand-over-list')
  await page.emulateMedia({ media: 'print' })
  await page.screenshot({ path: `${shots}/K-hand-over-print.png`, fullPage: true })
  const { call, as } = office(server)
  const posts = await call('/posts?place=350405', await as('system-admin'), undefined, 'GET')
  const held = posts.filter(it => it.holders.some(one => one.person === successor)).map(it => it.role).sort()
  check(held.join() === 'dispatcher,leader', `the successor holds ${held.join() || 'nothing'}`)
  check(!posts.some(it => it.holders.some(one => one.name === from)), 'who moved holds none of them')
  await context.close()
  for (const it of faults) failures.push(`hand-over: ${it}`)
}

/** A backup is made and a verification run, each to its end. */
async function works(browser) {
  const { context, page, faults } = await window(browser)
  await logIn(page, 'system-admin')
  await page.goto(`${HOME}/backups`)
  await settled(page)
  const before = await page.locator('tr[data-state]').count()
  await page.click('.head .primary')
  await page.waitForFunction(n => document.querySelectorAll('tr[data-state=done]').length > n, await page.locator('tr[data-state=done]').count(), { timeout: 180_000 })
  check((await page.locator('tr[data-state]').count()) === before + 1, 'one backup more')
  check(Number((await page.locator('tr[data-state=done] td.figure').first().innerText()).replaceAll(',', '')) > 1000, 'and all entries are in it')
  await look(page, 'K-backup')
  await context.close()
  const audit = await window(browser)
  await logIn(audit.page, 'audit-admin')
  await audit.page.goto(`${HOME}/journal`)
  await audit.page.waitForSelector('table.entries')
  await audit.page.click('h2 .button.primary')
  await audit.page.waitForSelector('.runs [data-state=done], .runs [data-state=differs], .runs [data-state=failed]', { timeout: 300_000 })
  const run = audit.page.locator('.runs li').first()
  check((await run.getAttribute('data-state')) === 'done', `the tables agree with the journal: ${await run.innerText()}`)
  await look(audit.page, 'K-verified')
  await audit.context.close()
  for (const it of [...faults, ...audit.faults]) failures.push(`works: ${it}`)
}

/** An earlier checkpoint stands at the beginning of today's log; a changed one does not. */
async function checkpoints(browser) {
  const { context, page } = await window(browser)
  const earlier = await (await fetch(`${server}/api/v1/journal/checkpoint`)).text()
  await colleague(server, '后来的人', [])
  await logIn(page, 'audit-admin')
  await page.goto(`${HOME}/journal`)
  await page.waitForFunction(() => document.querySelector('form textarea + *, input[spellcheck][autocomplete=off]')?.value !== '')
  await page.waitForFunction(() => [...document.querySelectorAll('input[autocomplete=off]')].some(it => it.value.includes('+')))
  const compare = async text => {
    await page.fill('textarea', text)
    await page.locator('form .primary').last().click()
    await page.waitForTimeout(900)
  }
  await compare(earlier.trimEnd())
  check(await page.locator('.note.good', { hasText: '一字未改' }).isVisible(), 'an earlier checkpoint agrees')
  await compare(earlier.replace(/\n(\d)/, (_, digit) => `\n${digit === '1' ? 2 : 1}`))
  check(await page.locator('.note.bad', { hasText: '以前的检查点不成立' }).isVisible(), 'a changed one does not')
  await context.close()
}

/** Who may open what: route → the accounts to which it is offered. */
const OFFERED = {
  'posts': ['system-admin'],
  'hand-over': ['system-admin'],
  'pack': ['system-admin'],
  'calendar': ['system-admin'],
  'accounts': ['security-admin'],
  'journal': ['audit-admin'],
  'backups': ['system-admin', 'audit-admin'],
  'administrators': ['system-admin', 'security-admin', 'audit-admin'],
  'procedures': ['duty-desk', 'system-admin', 'security-admin', 'audit-admin'],
  'burden': ['duty-desk', 'system-admin', 'security-admin', 'audit-admin'],
  'reports': ['duty-desk', 'system-admin', 'security-admin', 'audit-admin'],
}

async function barred(browser) {
  for (const account of ['duty-desk', 'system-admin', 'security-admin', 'audit-admin']) {
    const { context, page } = await window(browser)
    await logIn(page, account)
    const shown = await page.locator('nav a.entry').evaluateAll(links => links.map(it => new URL(it.href).pathname.slice(1)))
    for (const [route, whom] of Object.entries(OFFERED)) {
      check(shown.includes(route) === whom.includes(account), `${route} is ${shown.includes(route) ? '' : 'not '}offered to ${account}`)
    }
    await context.close()
  }
}

/** Each page in both sizes and all looks. */
async function sizes(browser, size, how) {
  for (const [account, routes] of [['duty-desk', ['reports', 'procedures']], ['system-admin', ['posts', 'hand-over', 'administrators', 'pack', 'calendar?year=2027', 'backups']],
    ['security-admin', ['accounts']], ['audit-admin', ['journal']]]) {
    const { context, page, faults } = await window(browser, { ...size, ...how })
    await logIn(page, account)
    for (const route of routes) {
      await page.goto(`${HOME}/${route}`)
      await page.waitForSelector('h1')
      await look(page, `K-${route.split('?')[0]}-${size.name}-${how.name}`)
    }
    await context.close()
    for (const it of faults) failures.push(`${account} ${size.name} ${how.name}: ${it}`)
  }
}

const everySize = async browser => {
  for (const size of SIZES) for (const how of LOOKS) await sizes(browser, size, how)
}
const PARTS = { receipts, behind, exports, packs, accounts, handOver, checkpoints, works, barred, sizes: everySize }

/** ONLY=admin runs all; PART=packs,works chooses. */
export async function admin(browser) {
  for (const name of process.env.PART?.split(',') ?? Object.keys(PARTS)) await step(browser, `admin ${name}`, PARTS[name])
}
