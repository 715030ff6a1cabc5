// Who holds this phone: nobody in particular, a resident, or a member of staff. On the phone web the
// token is in an HttpOnly cookie; mini programs keep it. This store only knows what `/me` says.
import { computed, reactive } from 'vue'
import { api, ApiError, context, type Schemas } from '@/api/client'
import { drop, dropAll, keep, kept } from '@/keep/keep'

export type Me = Schemas['Me']
type Opened = Schemas['Session']

export const session = reactive({ me: undefined as Me | undefined, known: false })

export const isResident = computed(() => session.me !== undefined && session.me.posts.length === 0)
export const isStaff = computed(() => (session.me?.posts.length ?? 0) > 0)

// The cookie is for browsers; where there is none, the token itself is asked for.
let cookie = true
// #ifndef H5
cookie = false
// #endif

let asking: Promise<void> | undefined

/** Finds out who is logged in, once; an unreachable server is the caller's to tell. */
export function beginSession(): Promise<void> {
  context.onEnd = end
  context.token = kept('token', '')
  context.post = kept('post', '')
  // Until the server is heard it is whoever it was last: without a signal, work goes on in that name.
  session.me ??= kept<Me | undefined>('me', undefined)
  asking ??= refresh().finally(() => {
    if (!session.known) asking = undefined
  })
  return asking
}

export async function refresh(): Promise<void> {
  try {
    session.me = await api.get('/api/v1/me')
    keep('me', session.me)
  } catch (error) {
    if (!(error instanceof ApiError)) throw error
    await settle(error)
  }
  session.known = true
}

async function settle(error: ApiError): Promise<void> {
  session.me = undefined
  if (error.code === 'post_not_held' && context.post) {
    // The post of yesterday: begin with the first one held today.
    actAs('')
    return refresh()
  }
  if (error.status !== 401) throw error
}

type CodeSent = Schemas['CodeSent']

export const askCode = (phone: string): Promise<CodeSent> => api.post('/api/v1/residents/codes', { body: { phone } })

/** A code to the number that one wishes to have from now on; it logs nobody in. */
export const askCodeForNew = (phone: string): Promise<CodeSent> =>
  api.post('/api/v1/residents/codes', { body: { phone, to: 'new_phone' } })

/** Changes one's number; sessions on other devices end, this one goes on. */
export async function changePhone(phone: string, code: string): Promise<void> {
  await api.post('/api/v1/me/phone', { body: { phone, code } })
  // It is changed, whether or not the line holds to hear what it looks like now.
  await refresh().catch(() => undefined)
}

/** From now on this account is found by its number alone. */
export async function unbindWeChat(): Promise<void> {
  await api.delete('/api/v1/me/wechat')
  await refresh().catch(() => undefined)
}

export async function logInResident(phone: string, code: string): Promise<void> {
  await opened(await api.post('/api/v1/resident-sessions', { body: { phone, code, cookie } }))
}

export async function logInStaff(account: string, password: string, totp: string): Promise<void> {
  const body = { account, password, cookie, ...(totp ? { totp } : {}) }
  await opened(await api.post('/api/v1/sessions', { body }))
}

/** Goes on with a session just opened. */
export async function opened(answer: Opened): Promise<void> {
  actAs('')
  if (answer.token) {
    context.token = answer.token
    keep('token', answer.token)
  }
  await refresh()
}

/** As which post staff act from now on; empty: the first one held. */
export function actAs(post: string): void {
  context.post = post
  if (post) keep('post', post)
  else drop('post')
}

export async function logOut(): Promise<void> {
  // A session that is over already is what was wished for.
  await api.delete('/api/v1/sessions/current').catch(() => undefined)
  end()
  // Whatever else was fetched for this person: nothing of it stays for the next one.
  dropAll('mine.')
}

function end(): void {
  session.me = undefined
  session.known = true
  context.token = ''
  drop('token')
  drop('me')
  actAs('')
}
