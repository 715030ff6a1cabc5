// Saying something: in three taps with a photo, without a name, with a part of the photo hidden, and
// without a signal.
import { picture } from './seed.mjs'
import { idOf, logIn, open, phone, press, reads } from './phone.mjs'
import { check, look, server, shots } from './tell.mjs'

const photo = hue => ({ name: 'photo.png', mimeType: 'image/png', buffer: picture(hue) })

/** Chooses a photo as from the phone's album. */
async function takePhoto(page, hue = 40) {
  const chooser = page.waitForEvent('filechooser')
  await press(page, '从相册里选')
  await (await chooser).setFiles(photo(hue))
  await page.waitForSelector('.k-photo img')
}

/** From the first page to the last look: a photo, what, where. */
async function write(page, text, { way = '在我家门口', hue } = {}) {
  await open(page, 'home')
  await press(page, '说一件事')
  await reads(page, '有照片更清楚')
  if (hue) await takePhoto(page, hue)
  await press(page, hue ? '下一步' : '不拍，下一步')
  await page.fill('textarea', text)
  await press(page, '下一步')
  await press(page, way)
  await reads(page, '在凤岗街道')
  await press(page, '下一步')
  await reads(page, '看一看，对不对')
}

const claimOf = page => page.locator('.claim-card__code').textContent()

const caseOf = async (id, claim) => {
  const answer = await fetch(`${server}/api/v1/cases/${id}`, { headers: { 'jinlin-claim': claim } })
  return answer.json()
}

/** Named, with a photo, where the phone is; the category follows from the words. */
export async function say(browser) {
  const { context, page, faults } = await phone(browser)
  await write(page, '楼下的路灯坏了三天，晚上看不见路', { way: '就在我这里', hue: 40 })
  await reads(page, '路灯不亮')
  await look(page, 'S-1-check')
  await page.locator('input[type=tel]').fill('13800001234')
  await press(page, '发出去')
  await reads(page, '收到了')
  await look(page, 'S-2-arrived')
  const claim = await claimOf(page)
  await press(page, '存在这部手机里')
  await press(page, '看办到哪里了')
  await page.waitForSelector('.case-photos img')
  await look(page, 'S-3-case')
  await page.screenshot({ path: `${shots}/S-3-case-full.png`, fullPage: true })
  const made = await caseOf(idOf(page), claim)
  check(made.matter === 'street_lights', `the matter follows from the words: ${made.matter}`)
  check(made.place?.startsWith('350405001001'), `the phone's place is found: ${made.place}`)
  check(made.fields.photos?.length === 1, 'the photo is there')
  check(made.title === '楼下的路灯坏了三天', `the title is the first sentence: ${made.title}`)
  await open(page, 'matters')
  await reads(page, '楼下的路灯坏了三天')
  check(faults.length === 0, `say: ${faults.join(' | ')}`)
  await context.close()
}

/** What a camera writes beside a picture: where it was taken, in degrees and minutes (Exif, big-endian). */
function exif([latDegrees, latMinutes], [lngDegrees, lngMinutes]) {
  const made = Buffer.alloc(10 + 128)
  made.writeUInt16BE(0xffe1, 0)
  made.writeUInt16BE(made.length - 2, 2)
  made.write('Exif', 4, 'latin1')
  const tiff = made.subarray(10)
  tiff.write('MM\0*', 0, 'latin1')
  tiff.writeUInt32BE(8, 4)
  const entry = (at, tag, value) => (tiff.writeUInt16BE(tag, at), tiff.writeUInt32BE(value, at + 8))
  tiff.writeUInt16BE(1, 8)
  entry(10, 0x8825, 26)
  tiff.writeUInt16BE(4, 26)
  const values = [[1, 0x4e000000], [2, 80], [3, 0x45000000], [4, 104]]
  for (const [at, [tag, value]] of values.entries()) entry(28 + at * 12, tag, value)
  for (const [at, shares] of [[80, [latDegrees, 1, Math.round(latMinutes * 1000), 1000, 0, 1]], [104, [lngDegrees, 1, Math.round(lngMinutes * 1000), 1000, 0, 1]]])
    for (const [n, value] of shares.entries()) tiff.writeUInt32BE(value, at + n * 4)
  return made
}

/** A photo that says where it was taken: offered as the place, and not sent along otherwise. */
export async function taken(browser) {
  const { context, page, faults } = await phone(browser, { kept: {} })
  await open(page, 'say')
  const drawn = await page.evaluate(() => document.createElement('canvas').toDataURL('image/jpeg').split(',')[1])
  const plain = Buffer.from(drawn, 'base64')
  const buffer = Buffer.concat([plain.subarray(0, 2), exif([26, 40.05], [117, 44.016]), plain.subarray(2)])
  const chooser = page.waitForEvent('filechooser')
  await press(page, '从相册里选')
  await (await chooser).setFiles({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer })
  await page.waitForSelector('.k-photo img')
  await press(page, '下一步')
  await page.fill('textarea', '护栏松了，孩子靠着危险')
  await press(page, '下一步')
  await press(page, '照片拍的地方')
  await reads(page, '在凤岗街道 城西')
  await look(page, 'S-9-taken')
  await press(page, '下一步')
  const sent = page.waitForRequest(it => it.url().endsWith('/uploads'))
  await press(page, '发出去')
  const bytes = (await sent).postDataBuffer()
  check(bytes.length > 200 && !bytes.includes('Exif'), 'what is sent says nothing of where it was taken')
  await reads(page, '收到了')
  check(faults.length === 0, `taken: ${faults.join(' | ')}`)
  await context.close()
}

/** The map is loaded when it is wanted; taps go deeper until there is nothing deeper, and that is the place. */
export async function map(browser) {
  const { context, page, faults } = await phone(browser, { kept: {} })
  const outlines = []
  page.on('request', it => it.url().includes('/outlines') && outlines.push(it.url()))
  await open(page, 'say')
  await press(page, '不拍，下一步')
  await page.fill('textarea', '村口的桥栏杆断了一截')
  await press(page, '下一步')
  check(outlines.length === 0, 'no outline is loaded before the map is wanted')
  await press(page, '在地图上点')
  await page.waitForSelector('.k-map img')
  for (let deeper = 1; deeper <= 5 && (await page.locator('.k-map').count()) > 0; deeper += 1) {
    const { x, y, width, height } = await page.locator('.k-map').boundingBox()
    await page.mouse.click(x + width * 0.47, y + height * 0.52)
    await page.waitForTimeout(900)
    await look(page, `S-10-map-${deeper}`)
  }
  await reads(page, '在富口镇')
  check(outlines.length >= 2, `one level after the other: ${outlines.length}`)
  check(faults.length === 0, `map: ${faults.join(' | ')}`)
  await context.close()
}

/** Without a name, although somebody is logged in: no session goes along, and a code comes back. */
export async function anonymous(browser) {
  const { context, page, faults } = await phone(browser)
  await logIn(page, '19000000001')
  const sent = []
  page.on('request', it => it.method() === 'POST' && sent.push(it))
  await write(page, '有人在河边倒垃圾', { hue: 90 })
  await page.locator('label').filter({ hasText: '匿名' }).click()
  check(await page.locator('input[type=tel]').count() === 0, 'without a name, no number is asked for')
  await press(page, '发出去')
  await reads(page, '收到了')
  for (const it of sent) {
    const headers = await it.allHeaders()
    check(!headers.cookie && !headers.authorization, `no session goes along with ${it.url()}`)
  }
  check(sent.length === 2, `a photo and a case were sent: ${sent.length}`)
  const claim = await claimOf(page)
  await look(page, 'S-4-claim')
  await open(page, 'matters')
  await page.locator('input[maxlength="20"]').fill(claim.toLowerCase())
  await press(page, /^查$/)
  await reads(page, '谁也不知道是您')
  check(faults.length === 0, `anonymous: ${faults.join(' | ')}`)
  await context.close()
}

/** A tap hides a part; the server says that it has, or nothing is sent. */
export async function hide(browser) {
  const { context, page } = await phone(browser)
  await open(page, 'say')
  await takePhoto(page)
  await page.locator('.k-photo').first().click()
  await reads(page, '有人脸、车牌要遮住')
  await page.locator('.k-photo--large').click({ position: { x: 80, y: 80 } })
  await reads(page, '已标出 1 处')
  await look(page, 'S-5-hide')
  await press(page, '好了')
  await press(page, '下一步')
  await page.fill('textarea', '有车停在消防通道上')
  await press(page, '下一步')
  await press(page, '在我家门口')
  await press(page, '下一步')
  const answer = page.waitForResponse(it => it.url().endsWith('/uploads'))
  await press(page, '发出去')
  const { hidden } = await (await answer).json()
  if (hidden === 1) await reads(page, '收到了')
  else await reads(page, '没有遮住')
  check(hidden === 1, 'the server hides what was marked')
  await context.close()
}

/** Nothing of what was hidden is kept, unless somebody asked for it: then sealed. */
export async function evidence(browser) {
  const { context, page, faults } = await phone(browser)
  await open(page, 'say')
  await takePhoto(page)
  const [no, yes] = [page.locator('label').filter({ hasText: /^不用/ }), page.locator('label').filter({ hasText: /^需要/ })]
  check(await no.locator('input').isChecked(), 'no original is kept unless it is asked for')
  await look(page, 'S-10-evidence')
  await yes.click()
  await takePhoto(page, 200)
  await press(page, '下一步')
  await page.fill('textarea', '有车堵住消防通道，要看清车牌')
  await press(page, '下一步')
  await press(page, '在我家门口')
  await press(page, '下一步')
  const sealed = []
  page.on('response', async it => it.url().endsWith('/uploads') && sealed.push((await it.json()).sealed))
  await press(page, '发出去')
  await reads(page, '收到了')
  check(String(sealed) === 'true,true', `both originals are sealed: ${sealed}`)
  check(faults.length === 0, `evidence: ${faults.join(' | ')}`)
  await context.close()
}

/** No signal: kept on the device, over a closed page; sent once when the signal returns, and said so. */
export async function offline(browser) {
  const { context, page, faults } = await phone(browser)
  await write(page, '小区门口的井盖松了，一踩就响', { hue: 140 })
  const cdp = await context.newCDPSession(page)
  const signal = on => cdp.send('Network.emulateNetworkConditions', { offline: !on, latency: 0, downloadThroughput: -1, uploadThroughput: -1 })
  await signal(false)
  await press(page, '发出去')
  await reads(page, '没有信号，先存在手机里')
  await look(page, 'S-6-waits')
  await press(page, '回首页')
  await reads(page, '等有信号就发')
  await look(page, 'S-7-waits-home')
  await page.close()
  faults.length = 0 // what failed while there was no signal

  const again = await context.newPage()
  const opened = []
  again.on('response', it => it.request().method() === 'POST' && it.url().endsWith('/cases') && opened.push(it))
  // The page is there, but its first attempt is lost after the server has taken it.
  let lost = 0
  let arrived
  const tried = new Promise(resolve => { arrived = resolve })
  await again.route('**/api/v1/cases', async route => {
    if (route.request().method() !== 'POST' || lost > 0) return route.continue()
    lost += 1
    await route.fetch()
    arrived()
    return route.abort()
  })
  await open(again, 'home')
  await Promise.race([tried, again.waitForTimeout(15_000)])
  check(lost === 1, 'it is sent by itself when the page is opened')
  await press(again, '现在再发一次')
  await reads(again, '已经送到')
  await look(again, 'S-8-arrived-home')
  const number = /编号 (\d+)/.exec(await again.locator('main').textContent())?.[1]
  const claim = await claimOf(again)
  const answers = await Promise.all(opened.map(it => it.json()))
  check(answers.every(it => it.number === number), `sent twice, taken once: ${answers.map(it => it.number)}`)
  await press(again, '看进展')
  await again.waitForSelector('.case-photos img')
  const made = await caseOf(idOf(again), claim)
  check(made.fields.photos?.length === 1, 'the photo waited with it')
  await open(again, 'home')
  check(await again.locator('text=等有信号就发').count() === 0, 'and nothing waits any more')
  await context.close()
}


/** What a page before this one kept until there was a signal: sent by the outbox, under its own key, once. */
export async function earlier(browser) {
  const key = `earlier${Date.now()}`
  const place = { code: '350405001001001001', name: '凤岗街道 城西' }
  const kept = { key, procedure: 'appeal', text: '桥头的护栏松了，孩子靠着危险', photos: [], asker: 'anonymous', contact: '', step: 3, place, tried: true }
  const seen = [{ id: '019a8318-5000-7c47-a666-1353f55b9473', number: '2026010100001', title: '井盖松了', claim: 'OLDCLAIM' }]
  const { context, page, faults } = await phone(browser, { kept: { waiting: [kept], arrived: seen } })
  const sent = page.waitForRequest(it => it.method() === 'POST' && it.url().endsWith('/cases'))
  await open(page, 'home')
  check((await (await sent).headerValue('idempotency-key')) === key, 'it goes under the key it had')
  await reads(page, '“桥头的护栏松了”已经送到')
  await reads(page, 'OLDCLAIM')
  await look(page, 'S-11-earlier')
  const left = await page.evaluate(() => [localStorage.getItem('jinlin.waiting'), localStorage.getItem('jinlin.arrived')])
  check(left.every(it => it === null), 'nothing is left in the lists of before')
  check(faults.length === 0, `earlier: ${faults.join(' | ')}`)
  await context.close()
}
