// Requests for a queue worth looking at: many, long ones, one with photos. Against a demo server only.
import { deflateSync, crc32 } from 'node:zlib'

const LONG = '小区南门外的人行道被施工围挡占了大半,老人推车、孩子上学只能走机动车道,已经三个多月,问过几次都说快了,请问到底哪天能恢复通行'

const STREETS = ['001', '002', '100', '101', '102', '103', '104', '105', '200'].map(it => `350405${it}`)
const MATTERS = ['street_lights', 'garbage', 'pothole', 'street_vending', 'oil_smoke', 'greening']

async function post(server, path, body, token) {
  const answer = await fetch(`${server}/api/v1${path}`, {
    method: 'POST',
    body: body instanceof FormData ? body : JSON.stringify(body),
    headers: {
      ...(body instanceof FormData ? {} : { 'content-type': 'application/json' }),
      ...(token ? { authorization: `Bearer ${token}` } : {}),
    },
  })
  if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
  return answer.json()
}

/** Logs a resident in; answers the token. */
export const resident = async (server, phone) => (await post(server, '/resident-sessions', { phone, code: '000000' })).token

/** A short request, somewhere in the county. */
export function ask(server, at, token) {
  const words = { title: `第${at + 1}处`, body: '楼下的路灯坏了好几天,晚上走路看不见。' }
  const asked = { procedure: 'appeal', matter: MATTERS[at % MATTERS.length], ...words, contact: '13800001234', asker: 'named' }
  return post(server, '/cases', { ...asked, place: STREETS[at % STREETS.length] }, token)
}

export async function seed(server, count) {
  const call = (path, body, token) => post(server, path, body, token)
  const token = await resident(server, '19000000001')
  const photos = []
  for (const hue of [40, 120]) {
    const form = new FormData()
    form.append('file', new Blob([picture(hue)], { type: 'image/png' }), 'photo.png')
    photos.push((await call('/uploads', form, token)).id)
  }
  for (let at = 0; at < count; at += 1) {
    const long = at % 9 === 4
    await call(
      '/cases',
      {
        procedure: 'appeal',
        matter: MATTERS[at % MATTERS.length],
        title: long ? LONG.slice(0, 46) : `第${at + 1}处路灯晚上不亮`,
        body: long ? `${LONG}。\n\n${LONG}。\n${LONG}。` : '楼下的路灯坏了好几天,晚上走路看不见,麻烦安排人来修一下。',
        location: { lng: 117.79, lat: 26.4, datum: 'wgs84' },
        contact: '13800001234',
        asker: at % 7 === 3 ? 'confidential' : 'named',
        ...(at === 0 ? { attachments: photos } : {}),
      },
      token,
    )
  }
}

/** A small PNG, made here so that the tests carry no binary files. */
export function picture(hue) {
  const [width, height] = [320, 240]
  const rows = Buffer.alloc((width * 3 + 1) * height)
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) {
      const at = y * (width * 3 + 1) + 1 + x * 3
      rows[at] = (hue + x / 4) & 255
      rows[at + 1] = (90 + y / 3) & 255
      rows[at + 2] = (130 + (x ^ y) / 8) & 255
    }
  const header = Buffer.alloc(13)
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  header.set([8, 2, 0, 0, 0], 8)
  return Buffer.concat([
    Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(rows)),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

function chunk(name, data) {
  const body = Buffer.concat([Buffer.from(name), data])
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)]
  length.writeUInt32BE(data.length)
  sum.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, sum])
}
