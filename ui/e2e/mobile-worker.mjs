// A grid worker's day: looked at in every size, then without a signal and back — noted, the phone put out
// and on, one act made stale by somebody else meanwhile, each of the others sent once.
import { newcomer, office } from './people.mjs'
import { SIZES, phone, press, reads } from './phone.mjs'
import { picture, resident } from './seed.mjs'
import { HOME, PASSWORD, check, look, server, shots } from './tell.mjs'

const GRID = '350405001001001'

let opened = 0

/** Opens a page of the workers' part as an address typed anew would. */
async function open(page, path) {
  opened += 1
  await page.goto(`${HOME}/m/?w${opened}#/pages-worker/${path}`)
  await page.waitForSelector('main')
}

async function fillIn(page, account, password) {
  await page.locator('input').nth(0).fill(account)
  await page.locator('input').nth(1).fill(password)
  await page.locator('main button').filter({ hasText: /^登录$|^Log in$/ }).click()
}

async function enter(page) {
  await open(page, 'enter/enter')
  await fillIn(page, 'grid-worker', PASSWORD)
  await page.waitForFunction(() => location.hash.includes('today'))
  await fetched(page)
}

/** The day lies on the phone. */
const fetched = page => page.waitForFunction(() => (localStorage.getItem('jinlin.mine.day') ?? '').includes('lines'), undefined, { timeout: 20_000 })

/** Acts on a case as it is now. */
async function act(id, action, token, body) {
  const path = `${server}/api/v1/cases/${id}`
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const { revision } = await (await fetch(path, { headers })).json()
  const sent = { method: 'POST', body: JSON.stringify(body), headers: { ...headers, 'if-match': String(revision) } }
  const answer = await fetch(`${path}/actions/${action}`, sent)
  if (!answer.ok) throw new Error(`${action}: ${answer.status} ${await answer.text()}`)
}

/** The app's own files lie on the phone. */
const appKept = page => page.evaluate(() => navigator.serviceWorker.ready.then(() => true))

/** Requests that a grid worker has to look at on the spot; answers their ids. */
async function toVerify(count) {
  const { call, as } = office(server)
  const [token, dispatcher] = [await resident(server, '19000000001'), await as('dispatcher')]
  const made = []
  for (let at = 0; at < count; at += 1) {
    const title = `第${Date.now() % 100_000}${at}处垃圾没人清`
    const body = { procedure: 'appeal', matter: 'garbage', title, body: '垃圾桶满了好几天。', place: GRID, contact: '13800001234', asker: 'named' }
    const { id } = await call('/cases', token, body)
    await act(id, 'verify', dispatcher, {})
    made.push({ id, title })
  }
  return made
}

const LOOKS = [
  { name: 'normal', kept: { type: 'normal' } },
  { name: 'large', kept: { type: 'large' } },
  { name: 'huge', kept: { type: 'huge' } },
  { name: 'english', kept: { type: 'normal' }, language: 'en' },
]

/** Every page of the workers' part: axe, nothing too wide, a picture. */
export async function workerPages(browser) {
  const [one] = await toVerify(1)
  for (const size of SIZES) for (const how of LOOKS) await walk(browser, one, { size, how })
}

async function walk(browser, one, { size, how }) {
  const { context, page, faults } = await phone(browser, { size, language: how.language, kept: how.kept })
  const see = async (name, path, words) => {
    if (path) await open(page, path)
    if (words) await reads(page, words)
    await page.waitForTimeout(500)
    await look(page, `W-${name}-${size.name}-${how.name}`)
  }
  await see('0-enter', 'enter/enter')
  await enter(page)
  await see('1-today')
  await page.screenshot({ path: `${shots}/W-1-today-full-${size.name}-${how.name}.png`, fullPage: true })
  await see('2-case', `case/case?id=${one.id}`, one.title)
  await page.locator('.k-card .k-button').first().click()
  await see('3-form')
  await see('4-open', 'open/open')
  await page.locator('.k-row').nth(1).click()
  await see('5-finding')
  await see('6-visits', 'visits/visits')
  await see('7-waiting', 'waiting/waiting')
  await see('8-phone', 'phone/phone')
  check(faults.length === 0, `worker ${size.name} ${how.name}: ${faults.join(' | ')}`)
  await context.close()
}

/** Opens a case of the list, fills in its form and notes it. */
async function verify(page, { id, title }, words, { photo = false } = {}) {
  await open(page, `case/case?id=${id}`)
  await reads(page, title)
  await press(page, '报核实结果')
  await page.locator('.k-sheet textarea').first().fill(words)
  if (photo) {
    const chooser = page.waitForEvent('filechooser')
    await press(page, '从相册里选')
    await (await chooser).setFiles({ name: 'photo.png', mimeType: 'image/png', buffer: picture(90) })
    await page.waitForSelector('.k-photo img')
  }
  await press(page, '确认报核实结果')
  await reads(page, '已记下')
}

/** What the server did, by action; with the words that were written. */
async function done(id) {
  const { call, as } = office(server)
  const history = await call(`/cases/${id}/history`, await as('dispatcher'), undefined, 'GET')
  return history.map(it => ({ action: it.action, words: Object.values(it.texts).join(' '), photos: it.facts.some(fact => fact.kind === 'photo') }))
}

/** A day without a signal, and back. */
export async function workerDay(browser) {
  const [first, second, lost] = await toVerify(3)
  const { context, page, faults } = await phone(browser, { kept: { type: 'normal' } })
  await enter(page)
  await reads(page, lost.title)
  await appKept(page)
  await open(page, 'visits/visits')
  await reads(page, '101室')
  await context.setOffline(true)
  await open(page, 'today/today')
  await reads(page, '照样可以办')
  await look(page, 'W-d-1-offline')
  await verify(page, first, '桶已满溢，周围有积水。', { photo: true })
  await verify(page, second, '现场没有发现。')
  await verify(page, lost, '已看过，属实。')
  await look(page, 'W-d-2-noted')
  const found = await finding(page)
  const address = await visit(page)
  // The phone goes out and on again, still without a signal.
  await page.close()
  const again = await context.newPage()
  await open(again, 'today/today')
  await reads(again, '6 件在手机里')
  await look(again, 'W-d-3-restarted')
  await act(lost.id, 'comment', await resident(server, '19000000001'), { words: '今天有人来清过了，还剩一半。' })
  await context.setOffline(false)
  await reads(again, '1 件要您决定')
  await look(again, 'W-d-4-back')
  await arrived(first, second, found)
  await visited(address)
  await conflict(again, lost)
  check(faults.filter(it => !it.includes('ERR_INTERNET_DISCONNECTED')).length === 0, `worker's day: ${faults.join(' | ')}`)
  await context.close()
}

/** Something found on the round, settled on the spot, both without a signal; answers its title. */
async function finding(page) {
  await open(page, 'open/open')
  await press(page, '巡查发现')
  const title = `井盖移位${Date.now() % 100_000}`
  await page.locator('input[type=text]').first().fill(title)
  await press(page, '上报发现')
  await open(page, 'today/today')
  await press(page, title)
  await reads(page, '这一件还在手机里')
  await press(page, '当场办结')
  await page.locator('.k-sheet textarea').first().fill('已复位并加固。')
  await press(page, '确认当场办结')
  await reads(page, '已记下')
  return title
}

/** A door whose people were away, noted on the stairs; answers its address. */
async function visit(page) {
  await open(page, 'visits/visits')
  await reads(page, '为什么走访')
  const door = page.locator('.k-card').filter({ hasText: '101室' }).first()
  const address = (await door.locator('.k-row__title').textContent()).trim()
  await door.locator('button').filter({ hasText: '记走访' }).click()
  await page.locator('.k-sheet label').filter({ hasText: '不在家' }).click()
  await look(page, 'W-d-6-visit')
  await page.locator('.k-sheet button').filter({ hasText: '记走访' }).click()
  await reads(page, '已记下，待发送')
  return address
}

async function visited(address) {
  const { call, as } = office(server)
  const doors = await call(`/doors?place=${GRID}&procedure=visit`, await as('grid-worker'), undefined, 'GET')
  const { last } = doors.find(it => it.address === address)
  check(last?.facts.some(it => it.text === '不在家'), `the visit is there: ${JSON.stringify(last)}`)
}

/** Each is there, once, with its photo. */
async function arrived(first, second, found) {
  for (const [it, words] of [[first, '积水'], [second, '没有发现']]) {
    const acts = (await done(it.id)).filter(one => one.action === 'found')
    check(acts.length === 1 && acts[0].words.includes(words), `${it.title} is there once: ${JSON.stringify(acts)}`)
  }
  check((await done(first.id)).some(it => it.action === 'found' && it.photos), 'the photo came with it')
  const { call, as } = office(server)
  const { items } = await call('/cases?procedure=finding&limit=20', await as('grid-worker'), undefined, 'GET')
  check(items.filter(it => it.title === found && it.end === 'solved').length === 1, `the finding was opened and settled once: ${JSON.stringify(items)}`)
}

/** Who did what meanwhile is told; the worker does it again, on the case as it is now. */
async function conflict(page, lost) {
  check(!(await done(lost.id)).some(it => it.action === 'found'), 'what came too late was not done')
  await open(page, `case/case?id=${lost.id}`)
  await reads(page, '别人已经办过这一件')
  await reads(page, '来访人：补充')
  await look(page, 'W-d-5-conflict')
  await page.screenshot({ path: `${shots}/W-d-5-conflict-full.png`, fullPage: true })
  await press(page, '重新办这一步')
  await page.waitForFunction(() => document.querySelector('.k-sheet textarea')?.value.includes('属实'))
  await press(page, '确认报核实结果')
  await page.waitForFunction(async id => (await (await fetch(`/api/v1/cases/${id}`)).json()).state !== 'verifying', lost.id)
  const acts = (await done(lost.id)).filter(it => it.action === 'found')
  check(acts.length === 1 && acts[0].words.includes('属实'), `done once after the decision: ${JSON.stringify(acts)}`)
}

/** The first log-in of somebody with two posts: another password, then the other post. */
export async function workerEnter(browser) {
  const account = await newcomer(server)
  const { context, page, faults } = await phone(browser, { kept: { type: 'normal' } })
  await open(page, 'enter/enter')
  await fillIn(page, account, 'wrong')
  await reads(page, '账号')
  await page.locator('.k-note--bad').waitFor()
  await fillIn(page, account, 'first-password-1')
  await reads(page, '请换一个自己的密码')
  await look(page, 'W-e-1-change')
  await page.locator('input').first().fill('second-password-2')
  await press(page, '换好并登录')
  await page.waitForFunction(() => location.hash.includes('today'))
  await press(page, '周明')
  const other = page.locator('.k-sheet label:not(.k-choice__one--on)')
  const words = (await other.textContent()).slice(0, 3)
  await other.click()
  await page.locator('.k-row').filter({ hasText: '周明' }).filter({ hasText: words }).waitFor()
  check(faults.length === 0, `first log-in: ${faults.join(' | ')}`)
  await context.close()
}

/** The session ends while something waits: it goes out after the log-in, once, and under nobody else's name. */
export async function workerEnded(browser) {
  const [one] = await toVerify(1)
  const { context, page } = await phone(browser, { kept: { type: 'normal' } })
  await enter(page)
  await reads(page, one.title)
  await appKept(page)
  await context.setOffline(true)
  await verify(page, one, '属实。')
  await context.clearCookies()
  await context.setOffline(false)
  await open(page, 'today/today')
  await reads(page, '网格员请先登录')
  await look(page, 'W-e-2-ended')
  check(!(await done(one.id)).some(it => it.action === 'found'), 'nothing is sent without a session')
  await enter(page)
  await page.waitForFunction(async id => (await (await fetch(`/api/v1/cases/${id}`)).json()).state !== 'verifying', one.id)
  check((await done(one.id)).filter(it => it.action === 'found').length === 1, 'it went out once after the log-in')
  await context.close()
}
