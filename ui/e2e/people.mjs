// A new colleague of a demo county, and the codes of his second factor.
import { createHmac } from 'node:crypto'

const PASSWORD = 'jinlin-demo'

/** The server without pages: calls with a token, and tokens by account. */
export function office(server) {
  const call = async (path, token, body, method = 'POST', more = {}) => {
    const answer = await fetch(`${server}/api/v1${path}`, {
      method,
      ...(body ? { body: JSON.stringify(body) } : {}),
      headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}), ...more },
    })
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`)
    return answer.status === 204 ? undefined : answer.json()
  }
  const as = async (account, password = PASSWORD) => (await call('/sessions', undefined, { account, password })).token
  return { call, as }
}

/** A person of that name with deputies' seats in posts of these roles of the county; answers the id. */
export async function colleague(server, name, roles) {
  const { call, as } = office(server)
  const token = await as('system-admin')
  const { ids: [person] } = await call('/people', token, [{ name }])
  const posts = await call('/posts?place=350405', token, undefined, 'GET')
  for (const role of roles) {
    const post = posts.find(it => it.role === role)
    await call(`/posts/${post.post}/holders`, token, { person, rank: 1 + Math.floor(Math.random() * 1000) })
  }
  return person
}

/** Adds a person with these posts of the county and an account whose password must be changed; answers the account. */
export async function newcomer(server, roles = ['dispatcher', 'leader']) {
  const { call, as } = office(server)
  const person = await colleague(server, '周明', roles)
  const account = `new-${Date.now().toString(36)}`
  await call('/accounts', await as('security-admin'), { name: account, password: 'first-password-1', person })
  return account
}

/** A code of RFC 6238, of the present half minute or a later one. */
export function totp(secret, later = 0) {
  const bits = [...secret.replace(/=+$/, '')].map(it => 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(it).toString(2).padStart(5, '0')).join('')
  const key = Buffer.from(bits.match(/.{8}/g).map(it => Number.parseInt(it, 2)))
  const counter = Buffer.alloc(8)
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + later))
  const hash = createHmac('sha1', key).update(counter).digest()
  const at = hash[19] & 15
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, '0')
}
