// Fills forms in by the kinds of their fields alone, at the desk and on the phone: what a person would do who reads
// titles. `given` holds words to look for, by kind or by field.
import { picture } from '../seed.mjs'

const two = n => String(n).padStart(2, '0')
/** A day of the county so many days from now, and a moment so many seconds from now, as they are typed. */
export const day = days => new Date(Date.now() + days * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10)
export function moment(seconds) {
  const at = new Date(Date.now() + 8 * 3_600_000 + seconds * 1000)
  return `${at.toISOString().slice(0, 10)} ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`
}
const TYPED = { text: '看过了,没有问题', int: '7', money: '86.5', hours: '1.5', point: '117.7336,26.6675' }
const file = { name: 'photo.png', mimeType: 'image/png', buffer: picture(80) }
const first = ask => Object.values(ask.choices)[0]

/** What is typed, chosen or looked for in a field. */
const answer = (ask, given) => given[ask.id] ?? given[ask.kind] ?? TYPED[ask.kind]

const DESK = {
  date: (at, ask, given) => calendar(at, given[ask.id] ?? day(9)),
  time: (at, ask, given) => calendar(at, given[ask.id] ?? moment(86_400)),
  choice: async (at, ask) => {
    const select = at.locator('select')
    if (await select.count()) return select.selectOption({ label: first(ask) })
    for (const title of Object.values(ask.choices).slice(0, ask.many ? 2 : 1)) await at.locator('label', { hasText: title }).click()
  },
  yes_no: at => at.locator('input[type=radio]').first().check(),
  stars: at => at.locator('label').nth(3).click(),
  photo: at => uploaded(at),
  file: at => uploaded(at),
  ...Object.fromEntries(['place', 'org', 'post', 'person', 'case', 'record', 'household'].map(kind => [kind, async (at, ask, given) => {
    const input = at.locator('input[role=combobox]')
    await input.click()
    await input.fill(answer(ask, given))
    await at.locator('[role=option]', { hasText: answer(ask, given) }).first().click()
  }])),
}

async function calendar(at, text) {
  await at.locator('input').fill(text)
  await at.locator('input').press('Enter')
  await at.page().keyboard.press('Escape')
}

async function uploaded(at) {
  const sent = at.page().waitForResponse(it => it.url().endsWith('/uploads') && it.ok())
  await at.locator('input[type=file]').setInputFiles(file)
  await sent
}

/** Every field of a form at the desk, by what it asks; its titles are those of the method. */
export async function fillDesk(form, asks, given = {}) {
  const fields = form.locator('.field')
  for (const [nth, ask] of asks.entries()) {
    const at = fields.nth(nth)
    if (ask.title) await at.filter({ hasText: ask.title }).waitFor()
    await (DESK[ask.kind] ?? typed)(at, ask, given)
  }
}

const typed = (at, ask, given) => at.locator('textarea, input').first().fill(answer(ask, given))

const PHONE = {
  date: (at, ask, given) => at.locator('input').fill(given[ask.id] ?? day(9)),
  time: (at, ask, given) => at.locator('input').fill((given[ask.id] ?? moment(86_400)).replace(' ', 'T').slice(0, 16)),
  choice: async (at, ask) => {
    const select = at.locator('select')
    if (await select.count()) return select.selectOption({ label: first(ask) })
    for (const title of Object.values(ask.choices).slice(0, ask.many ? 2 : 1)) await at.locator('label', { hasText: title }).click()
  },
  yes_no: at => at.locator('label').first().click(),
  stars: at => at.locator('[role=radio]').nth(3).click(),
  point: async at => {
    await at.locator('button').click()
    await at.locator('.k-note').waitFor()
  },
  photo: at => taken(at),
  file: at => taken(at),
  place: async (at, ask, given) => {
    // The asker's door stands there already.
    if (!given.place) return at.locator('.found__one').waitFor()
    await at.locator('button').last().click()
    await sought(at.page(), given.place)
  },
  ...Object.fromEntries(['org', 'post', 'person', 'case', 'record'].map(kind => [kind, async (at, ask, given) => {
    await at.locator('button').last().click()
    await sought(at.page(), answer(ask, given))
  }])),
}

/** Looks for words in the sheet that has just opened; without any, the first that is offered. */
async function sought(page, words) {
  const sheets = page.locator('[role=dialog]')
  const sheet = sheets.last()
  const others = (await sheets.count()) - 1
  if (words) await sheet.locator('input').first().fill(words)
  await sheet.locator('.k-row', words ? { hasText: words } : {}).first().click()
  await page.waitForFunction(most => document.querySelectorAll('[role=dialog]').length <= most, others)
}

async function taken(at) {
  const chooser = at.page().waitForEvent('filechooser')
  await at.locator('button', { hasText: '相册' }).click()
  await (await chooser).setFiles(file)
  await at.locator('.k-photo').first().waitFor()
}

/** The same on the phone. A worker's form names places of the ground first. */
export async function fillPhone(form, asks, given = {}) {
  for (const [nth, ask] of asks.entries()) {
    const at = form.locator('.k-form').last().locator(':scope > *').nth(nth)
    if (ask.title) await at.filter({ hasText: ask.title }).waitFor()
    await (PHONE[ask.kind] ?? typed)(at, ask, given)
  }
}
