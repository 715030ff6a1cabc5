// The county's method looked at: what its forms cost, why a case went where it went, and what becomes of running
// cases when a new version is loaded.
import { window } from './browser.mjs'
import { loadCounty } from './packs.mjs'
import { LOOKS, SIZES } from './pages.mjs'
import { office } from './people.mjs'
import { HOME, check, failures, logIn, look, server, settled, shots } from './tell.mjs'

const { call, as } = office(server)

const number = text => Number(text.replace(/[^\d.]/g, ''))

/** Every form is there; the sums are those of the rows; filters and headings do what they say. */
async function burden(browser) {
  const { context, page, faults } = await window(browser)
  await logIn(page, 'duty-desk')
  await page.click('nav a[href="/burden"]')
  await page.waitForSelector('tr[data-form]')
  const { forms } = await call('/burden?days=90', await as('duty-desk'), undefined, 'GET')
  const rows = page.locator('tr[data-form]')
  check((await rows.count()) === forms.length, `${forms.length} forms are listed`)
  const hours = forms.filter(it => it.staff).reduce((sum, it) => sum + it.uses * it.seconds, 0) / 3600
  const said = number(await page.locator('[data-hours=staff] dd').evaluate(it => it.firstChild.textContent))
  check(Math.abs(said - hours) <= Math.max(0.06, hours / 100), `staff's hours are ${hours}, told as ${said}`)
  const costliest = forms.reduce((most, it) => (it.uses * it.seconds > most.uses * most.seconds ? it : most))
  check((await rows.first().getAttribute('data-form')) === `${costliest.procedure}.${costliest.action}`, 'the costliest form stands first')
  const uses = async () => number((await rows.first().locator('td.figure').first().innerText()).split('\n')[0])
  await page.locator('thead button').nth(2).click()
  check((await uses()) === Math.max(...forms.map(it => it.uses)), 'a heading sorts by its column')
  await page.locator('thead button').nth(2).click()
  check((await uses()) === Math.min(...forms.map(it => it.uses)), 'and the other way round')
  await page.locator('.filters select').nth(3).selectOption('again')
  const again = forms.filter(it => it.asked.some(ask => ask.again))
  check((await rows.count()) === again.length, `${again.length} forms ask what the case holds already`)
  check((await page.locator('tr[data-form] .tag.again').count()) === again.flatMap(it => it.asked).filter(it => it.again).length, 'and each such field is marked')
  await page.reload()
  await page.waitForSelector('tr[data-form]')
  check((await rows.count()) === again.length, 'the address holds what was asked for')
  await page.fill('.filters input', '没有这种填写项吧')
  await page.waitForSelector('.state')
  check((await rows.count()) === 0, 'nothing is found by words that are nowhere')
  await page.goto(`${HOME}/burden`)
  await page.waitForSelector('tr[data-form]')
  await page.emulateMedia({ media: 'print' })
  await page.screenshot({ path: `${shots}/M-burden-print.png` })
  check(await rows.last().isVisible(), 'on paper every form stands')
  await context.close()
  for (const it of faults) failures.push(`burden: ${it}`)
}

/** Each change of owner has its rule, which leads to the same owner again; the last is who has the case now. */
async function why(browser) {
  const token = await as('duty-desk')
  const { items } = await call('/cases?open=true&limit=50', token, undefined, 'GET')
  const changes = async it => call(`/cases/${it.id}/why`, token, undefined, 'GET')
  const told = await Promise.all(items.map(async it => ({ it, changes: await changes(it) })))
  const { it: one, changes: expected } = told.reduce((most, it) => (it.changes.length > most.changes.length ? it : most))
  const { context, page, faults } = await window(browser)
  await logIn(page, 'duty-desk')
  await page.goto(`${HOME}/cases/${one.id}`)
  await page.waitForSelector('details.why')
  check((await page.locator('[data-recomputed]').count()) === 0, 'nothing is asked before somebody wants to know')
  await page.locator('aside button', { hasText: '为什么在这里' }).click()
  await page.waitForSelector('[data-recomputed]')
  await settled(page)
  const rows = page.locator('[data-recomputed]')
  check((await rows.count()) === expected.length, `${expected.length} changes of owner are told`)
  check((await page.locator('[data-recomputed=different]').count()) === 0, 'none is found otherwise when computed again')
  const { title } = expected[expected.length - 1].owner
  check((await rows.first().locator('summary b').innerText()) === title, `the newest is told first: ${title}`)
  // A post that a form named was looked for nowhere.
  const looked = page.locator('[data-recomputed]', { has: page.locator('[data-fit] .mark') }).first()
  check((await looked.locator('[data-fit] .mark').last().textContent()) === '✓', 'whoever was chosen is marked')
  check(await page.evaluate(() => document.activeElement?.tagName === 'SUMMARY'), 'the focus goes where the answer stands')
  await rows.first().scrollIntoViewIfNeeded()
  await look(page, 'M-why')
  await context.close()
  for (const it of faults) failures.push(`why: ${it}`)
}

/** The pack's figure of requests solved, counted from the list of cases opened from a day on. */
async function solved(token, place, from) {
  const seen = []
  let next
  do {
    const page = await call(`/cases?procedure=appeal&place=${place}&limit=200${next ? `&after=${next}` : ''}`, token, undefined, 'GET')
    seen.push(...page.items)
    next = page.next
  } while (next)
  const cases = seen.filter(it => it.opened_at >= from && !it.done.exclude)
  const judged = cases.filter(it => it.done.satisfied || it.done.unsatisfied || it.done.dispute)
  const left = seen.filter(it => it.opened_at >= from && it.done.exclude)
  return [judged.filter(it => it.done.satisfied).length, judged.length, left.length]
}

/** What the pack counts is what the cases say, of the county, of a place and of a day on which nothing was opened. */
async function indicators(browser) {
  const token = await as('supervisor')
  const { context, page, faults } = await window(browser)
  await logIn(page, 'supervisor')
  await page.click('nav a[href="/indicators"]')
  const one = page.locator('[data-indicator=appeals_solved]')
  const counts = async () => (await one.locator('[data-count] strong').allInnerTexts()).map(number)
  await one.locator('tr[data-place]').first().waitFor()
  const rows = await one.locator('tr[data-place]').evaluateAll(all => all.map(it => [...it.querySelectorAll('td')].slice(1).map(cell => Number(cell.textContent.replace(/,/g, '')))))
  check(rows.length > 1 && [0, 1, 2].map(at => rows.reduce((sum, it) => sum + it[at], 0)).join() === (await counts()).join(), 'the places and the rest are the whole')
  // The smallest place, so that its cases are a few pages.
  await one.locator('thead button').nth(3).click()
  const few = one.locator('tr[data-place]:not([data-place=""])').first()
  const place = await few.getAttribute('data-place')
  check(number(await few.locator('td').nth(2).innerText()) === Math.min(...rows.slice(0, -1).map(it => it[1]), rows[rows.length - 1][1]), 'a heading sorts by its column')
  await few.locator('button').click()
  await page.waitForURL(new RegExp(`place=${place}`))
  await page.waitForFunction(it => document.querySelectorAll('[data-indicator=appeals_solved] tr[data-place]').length === 1 && document.querySelector(`tr[data-place="${it}"]`), place)
  const from = new URL(page.url()).searchParams.get('from')
  const expected = await solved(token, place, new Date(`${from}T00:00:00+08:00`).toISOString())
  check((await counts()).join() === expected.join() && expected[1] > 0, `solved, judged, left out are ${expected}, told as ${await counts()}`)
  const share = number(await one.locator('.value').innerText())
  check(Math.abs(share - (expected[0] * 100) / expected[1]) <= 0.005 + 1e-9, `the share of them is told as ${share}`)
  await page.goto(`${HOME}/indicators?from=2001-01-01&to=2001-01-01`)
  await one.waitFor()
  check((await counts()).join() === '0,0,0' && (await one.locator('.value').innerText()) === '–' && (await one.locator('table').count()) === 0, 'nothing has no share')
  await page.locator('form[role=search] input.day').first().fill('2001-02-30')
  await page.locator('form[role=search] button', { hasText: '查看' }).click()
  check(await page.locator('form[role=search] [role=alert]').isVisible(), 'a day that is none is refused')
  await look(page, 'M-indicators-none')
  await page.goto(`${HOME}/indicators`)
  await one.locator('tr[data-place]').first().waitFor()
  await page.emulateMedia({ media: 'print' })
  await page.screenshot({ path: `${shots}/M-indicators-print.png`, fullPage: true })
  check(await one.locator('tr[data-place]').nth(rows.length - 1).isVisible(), 'on paper every place stands')
  await context.close()
  for (const it of faults) failures.push(`indicators: ${it}`)
}

/** A new version with another limit: the change is told, the trial changes nothing, and what can go over goes. */
async function versions(browser) {
  const sign = `${5 + Math.floor(Math.random() * 90)} wh`
  const { hash } = await loadCounty({ call, as }, files => {
    const path = 'shaxian/procedures/appeal.toml'
    return { ...files, [path]: files[path].replace(/sign = "[^"]*"/, `sign = "${sign}"`) }
  })
  const token = await as('system-admin')
  const tried = () => call(`/packs/${hash}/moves`, token, undefined, 'GET')
  const sums = ({ counts }) => counts.reduce(([can, cannot], it) => [can + it.can, cannot + it.cannot], [0, 0])
  const [can, cannot] = sums(await tried())
  const { context, page, faults } = await window(browser)
  await logIn(page, 'system-admin')
  await page.goto(`${HOME}/pack`)
  await page.click(`tbody a[href="/pack/${hash}"]`)
  await page.waitForSelector('[data-change]')
  await page.locator('[role=group] button', { hasText: '时限与次数' }).click()
  const change = page.locator('[data-change="procedures.appeal.limits.sign"]')
  check((await change.innerText()).includes(`${sign.split(' ')[0]} 个工作小时`), `the change is told in words: ${await change.innerText()}`)
  await look(page, 'M-changes')
  await page.click('section .primary')
  await page.waitForSelector('[data-can]')
  await settled(page)
  const told = await page.locator('[data-can]').evaluate(it => [Number(it.dataset.can), Number(it.dataset.cannot)])
  check(told.join() === [can, cannot].join() && can > 0, `${can} can go and ${cannot} cannot, told as ${told}`)
  check(sums(await tried()).join() === [can, cannot].join(), 'trying changes nothing')
  const different = await page.locator('[data-difference]').evaluateAll(all => all.map(it => it.dataset.difference))
  // Cases of a pack that was used once, whose procedures this one lacks, go to nobody now.
  const known = (await call('/procedures', token, undefined, 'GET')).map(it => it.id)
  const sent = different.filter(it => known.includes(it))
  check(sent.every(it => it === 'appeal'), `only what was changed may send a case to somebody else: ${different}`)
  const runs = async () => (await call('/pack-moves', token, undefined, 'GET')).filter(it => it.state === 'done')
  const before = await runs()
  await page.waitForFunction(count => document.querySelectorAll('[data-run=done]').length === count, before.length)
  await page.locator('.padded .primary', { hasText: '移过来' }).click()
  await page.fill('dialog[open] input', '端到端测试:改签收时限')
  await look(page, 'M-moves-reason')
  await page.click('dialog[open] .primary')
  await page.waitForFunction(count => document.querySelectorAll('[data-run=done]').length > count, before.length, { timeout: 120_000 })
  await settled(page)
  const { id, moved } = (await runs()).find(it => !before.some(one => one.id === it.id))
  const line = page.locator(`[data-run=done][data-id="${id}"] strong`)
  // Joined requests, which cannot go by themselves, go with the case they follow; the county's clock goes on meanwhile.
  check(number(await line.innerText()) === moved && moved > can * 0.95, `${can} could go and ${moved} went over, told as ${await line.innerText()}`)
  const left = sums(await tried())[0]
  check(left < can / 20, `afterwards none is left that could go, but for what the clock did meanwhile: ${left}`)
  await page.locator('[data-run=done]').first().scrollIntoViewIfNeeded()
  await look(page, 'M-moved')
  await context.close()
  for (const it of faults) failures.push(`versions: ${it}`)
  return hash
}

async function sizes(browser, account, routes, { size, how }) {
  const { context, page, faults } = await window(browser, { ...size, ...how })
  await logIn(page, account)
  for (const route of routes) {
    await page.goto(`${HOME}/${route}`)
    await page.waitForSelector('.records table, [data-change]')
    await settled(page)
    await look(page, `M-${route.includes('/') ? 'version' : route}-${size.name}-${how.name}`)
  }
  await context.close()
  for (const it of faults) failures.push(`method ${size.name} ${how.name}: ${it}`)
}

export async function method(browser) {
  await burden(browser)
  await why(browser)
  await indicators(browser)
  const hash = await versions(browser)
  for (const size of SIZES) {
    for (const how of LOOKS) {
      await sizes(browser, 'system-admin', ['burden', 'procedures', 'pack', `pack/${hash}`], { size, how })
      await sizes(browser, 'supervisor', ['indicators'], { size, how })
    }
  }
}
