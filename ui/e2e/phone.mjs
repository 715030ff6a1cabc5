// A phone in Chromium: its storage, its place, its way through the pages by what is written on them.
import { window } from './browser.mjs'
import { HOME } from './tell.mjs'

export const SIZES = [
  { name: 'tall', width: 390, height: 844 },
  { name: 'small', width: 360, height: 640 },
]

const PATH = [
  { code: '350405001', name: '凤岗街道', level: 'street' },
  { code: '350405001001', name: '城西居委会', level: 'community' },
  { code: '350405001001001', name: '城西社区第1网格', level: 'grid' },
  { code: '350405001001001001', name: '城西社区第1网格1号微网格', level: 'micro_grid' },
]
/** A door as the pages keep it on the device. */
export const DOOR = { code: PATH[3].code, name: PATH[3].name, path: PATH }

/** A window as large as a phone; `kept` is what the device has kept from before. */
export async function phone(browser, { size = SIZES[0], language = 'zh-CN', kept = { door: DOOR } } = {}) {
  const made = await window(browser, { ...size, language })
  await made.context.grantPermissions(['geolocation'])
  // Within the first grid of the demo.
  await made.context.setGeolocation({ longitude: 117.7336, latitude: 26.6675 })
  await made.context.addInitScript(things => {
    for (const [name, value] of Object.entries(things)) {
      if (localStorage.getItem(`jinlin.${name}`) === null) localStorage.setItem(`jinlin.${name}`, JSON.stringify(value))
    }
  }, { language, type: 'normal', ...kept })
  return made
}

// An address that differs by its hash alone would not be loaded anew.
let opened = 0

/** Opens a page by its name, as an address typed anew would. */
export async function open(page, name, query = '') {
  opened += 1
  await page.goto(`${HOME}/m/?${opened}#/pages/${name}/${name}${query}`)
  await page.waitForSelector('main')
}

/** Presses what bears these words. */
export const press = (page, words) => page.locator('button:visible, label:visible, a:visible').filter({ hasText: words }).first().click()

/** Waits until these words stand on the page. */
export const reads = (page, words) => page.locator(`text=${words}`).first().waitFor({ timeout: 10_000 })

/** Logs the resident of a number in, with the code of demos. */
export async function logIn(page, number) {
  await open(page, 'login')
  await page.locator('input').first().fill(number)
  await press(page, '发验证码')
  await reads(page, '验证码已发到')
  await page.locator('input').nth(1).fill('000000')
  await page.locator('main button').filter({ hasText: /^登录$/ }).click()
  await page.waitForFunction(() => !location.hash.includes('login'))
}

/** The address of this window's case: its id. */
export const idOf = page => /[?&]id=([^&]+)/.exec(page.url())?.[1]
