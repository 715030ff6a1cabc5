// What becomes of it: joining a neighbour's matter, following one's own, a verdict that opens it again,
// asking for a service, and what is held about oneself.
import { readFileSync } from 'node:fs'
import { ask, resident } from './seed.mjs'
import { DOOR, idOf, logIn, open, phone, press, reads } from './phone.mjs'
import { PASSWORD, check, look, server, shots } from './tell.mjs'

async function call(path, token, { body, headers = {} } = {}) {
  const answer = await fetch(`${server}/api/v1${path}`, {
    method: body ? 'POST' : 'GET',
    ...(body ? { body: JSON.stringify(body) } : {}),
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers },
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

/** Somebody who has never been here. */
const somebody = () => `19${String(Date.now() % 1e9).padStart(9, '0')}`

const staff = async account => (await call('/sessions', '', { body: { account, password: PASSWORD } })).token

/** Does an action as staff, on the case as it is now. */
async function act(id, action, body, account) {
  const token = await staff(account)
  const { revision } = await call(`/cases/${id}`, token)
  return call(`/cases/${id}/actions/${action}`, token, { body, headers: { 'if-match': `"${revision}"` } })
}

async function withdraw(id, token) {
  const { revision } = await call(`/cases/${id}`, token)
  await call(`/cases/${id}/actions/withdraw`, token, { body: {}, headers: { 'if-match': `"${revision}"` } })
}

/** A neighbour's matter is offered, and joined with words of one's own. */
export async function join(browser) {
  const number = somebody()
  const neighbour = await resident(server, '19000000077')
  const words = { title: '柚香园三号楼的下水道堵了', body: '柚香园三号楼的下水道堵了，污水漫到路上' }
  await call('/cases', neighbour, { body: { procedure: 'appeal', ...words, place: DOOR.code, asker: 'named' } })
  const { context, page, faults } = await phone(browser)
  await logIn(page, number)
  await open(page, 'say')
  await press(page, '不拍，下一步')
  await page.fill('textarea', '柚香园三号楼下水道堵了，污水漫到路上')
  await press(page, '下一步')
  await press(page, '在我家门口')
  await press(page, '下一步')
  await reads(page, '附近有人说过类似的事')
  await look(page, 'T-1-similar')
  const offered = await page.locator('.k-card--warm').textContent()
  check(!offered.includes('漫到路上'), 'another person’s words are never shown')
  await page.locator('.k-card--warm .k-row').first().click()
  await reads(page, '是同一件事吗')
  await look(page, 'T-2-join')
  await press(page, '我也加入')
  await reads(page, '收到了')
  await press(page, '看办到哪里了')
  await reads(page, '当时说的')
  const mine = await call(`/cases/${idOf(page)}`, await resident(server, number))
  check(mine.parent?.link === 'joined', `joined: ${JSON.stringify(mine.parent)}`)
  check(faults.length === 0, `join: ${faults.join(' | ')}`)
  await context.close()
}

/** Followed, urged, answered, judged unsolved with stars and words, and open again; with its receipt. */
export async function follow(browser) {
  const number = somebody()
  const { id } = await ask(server, 3, await resident(server, number))
  const { context, page, faults } = await phone(browser)
  await logIn(page, number)
  await open(page, 'matters')
  await page.locator('.k-row').filter({ hasText: '第4处' }).first().click()
  await reads(page, '现在由他们办')
  await press(page, '催办')
  await press(page, '确定催办')
  await reads(page, '“催办”已记下')
  await act(id, 'answer_now', { words: '已通知路灯所，今晚修好。' }, 'duty-desk')
  await open(page, 'case', `?id=${id}`)
  await reads(page, '您看解决了吗')
  await look(page, 'T-3-answered')
  await press(page, '未解决')
  await press(page, '确定未解决')
  await reads(page, '这一项要填')
  await page.locator('[role=dialog] textarea').fill('还是不亮')
  await page.locator('.k-stars__one').nth(1).click()
  await look(page, 'T-4-verdict')
  await press(page, '确定未解决')
  await reads(page, '“未解决”已记下')
  await look(page, 'T-5-reopened')
  await page.screenshot({ path: `${shots}/T-5-reopened-full.png`, fullPage: true })
  const now = await call(`/cases/${id}`, await resident(server, number))
  check(now.state === 'received', `open again: ${now.state}`)
  const saved = page.waitForEvent('download')
  await press(page, '保存回执')
  const receipt = JSON.parse(readFileSync(await (await saved).path(), 'utf8'))
  check(receipt.layout === 'jinlin-receipt-1', 'the receipt is the server’s')
  check(faults.length === 0, `follow: ${faults.join(' | ')}`)
  await context.close()
}

/** One of my service people is asked to come, by the county's own form. */
export async function service(browser) {
  const number = somebody()
  const { context, page, faults } = await phone(browser)
  await logIn(page, number)
  await open(page, 'people')
  await reads(page, '我的家庭医生')
  await look(page, 'T-6-people')
  await page.locator('.k-card').filter({ hasText: '我的家庭医生' }).locator('button').filter({ hasText: '请他服务' }).click()
  await reads(page, '到这里来')
  await page.locator('input').first().fill('量血压')
  await page.locator('textarea').first().fill('老人行动不便，想请医生上门量血压')
  await look(page, 'T-7-service')
  await press(page, /^呼叫$/)
  await reads(page, '已经通知您的服务者')
  await press(page, '看办到哪里了')
  await reads(page, '已通知您的服务者')
  const made = await call(`/cases/${idOf(page)}`, await resident(server, number))
  check(made.procedure === 'service_call' && Boolean(made.fields.server), `a call for a service: ${made.procedure}`)
  check(faults.length === 0, `service: ${faults.join(' | ')}`)
  await context.close()
}

/** What is held, who looked at it, taken along, deleted. */
export async function mine(browser) {
  const number = somebody()
  const { id } = await ask(server, 5, await resident(server, number))
  const desk = await staff('duty-desk')
  await call(`/cases/${id}/reveal`, desk, { body: { fields: ['contact'], purpose: '回访核实地点' } })
  const { context, page, faults } = await phone(browser)
  await logIn(page, number)
  await open(page, 'data')
  await reads(page, '回访核实地点')
  await look(page, 'T-8-data')
  const saved = page.waitForEvent('download')
  await press(page, '把我的信息带走')
  const all = JSON.parse(readFileSync(await (await saved).path(), 'utf8'))
  check(all.cases.some(it => it.case.id === id) && all.data.looks.length === 1, 'all that is held is in the file')
  await press(page, '删除我的信息')
  await reads(page, '删了找不回来')
  await look(page, 'T-9-erase')
  await page.locator('[role=dialog] input[type=checkbox]').check()
  await press(page, /^删除$/)
  await reads(page, '还有未办结的诉求')
  await withdraw(id, await resident(server, number))
  await press(page, /^删除$/)
  await reads(page, '说一件事')
  const left = await call('/me/data', await resident(server, number))
  // Whoever logs in again is found by that number, and has it from then on.
  check(left.values.every(it => it === 'phone'), `nothing is left but the number of this log-in: ${JSON.stringify(left)}`)
  const unexpected = faults.filter(it => !it.includes('409')) // the refusal above
  check(unexpected.length === 0, `mine: ${unexpected.join(' | ')}`)
  await context.close()
}

/** Another number: the same account and its matters, and no log-in left elsewhere. */
export async function renumber(browser) {
  const old = somebody()
  const fresh = old.replace(/^19/, '18')
  const elsewhere = await resident(server, old)
  const { id } = await ask(server, 6, elsewhere)
  const { context, page, faults } = await phone(browser)
  const field = page.locator('[role=dialog] input')
  await logIn(page, old)
  await open(page, 'data')
  await press(page, '换手机号')
  await field.fill(fresh)
  await page.locator('[role=dialog] button').filter({ hasText: '发验证码' }).click()
  await reads(page, '验证码已发到')
  await field.fill('111111')
  await press(page, '换成这个号码')
  await reads(page, '验证码不正确')
  await look(page, 'T-12-number')
  await field.fill('000000')
  await press(page, '换成这个号码')
  await reads(page, '换好了')
  await reads(page, `${fresh.slice(0, 3)}****${fresh.slice(7)}`)
  const left = await fetch(`${server}/api/v1/me`, { headers: { authorization: `Bearer ${elsewhere}` } })
  check(left.status === 401, `a log-in elsewhere is over: ${left.status}`)
  const held = await call('/me/data', await resident(server, fresh))
  check(held.cases.includes(id), 'the new number finds the matters of the old one')
  const other = await call('/me/data', await resident(server, old))
  check(other.cases.length === 0, 'the old number is somebody else')
  check(faults.length === 0, `renumber: ${faults.join(' | ')}`)
  await context.close()
}

/** A notice of the county stands on the first page of a door in it, and is read there. */
export async function notices(browser) {
  const title = `停水检修 ${Date.now() % 1e6}`
  const body = { place: '350405', title, body: '周四 8:00 到 18:00 停水。\n请提前储水。', confirmed: true }
  await call('/notices', await staff('duty-desk'), { body })
  const { context, page, faults } = await phone(browser)
  await logIn(page, '19000000091')
  await open(page, 'home')
  await press(page, title)
  await reads(page, '未读')
  await look(page, 'T-10-notices')
  await press(page, title)
  await reads(page, '请提前储水')
  await look(page, 'T-11-notice')
  await page.waitForTimeout(500)
  await open(page, 'notices')
  await reads(page, title)
  const line = page.locator('.k-row').filter({ hasText: title })
  check(!(await line.textContent()).includes('未读'), 'what was opened is read')
  check(faults.length === 0, `notices: ${faults.join(' | ')}`)
  await context.close()
}
