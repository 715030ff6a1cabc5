// The phone's one client. It knows language, session and post from what is set here, not from the
// stores, so that the stores may use it themselves.
import { createApi, Unreachable, type Api, type Schemas, type Transport } from '@jinlin/api'
import { freshKey } from '@/keep/key'
import { SERVER } from './server'
// #ifdef H5
import { viaFetchUnnamed } from './unnamed'
// #endif

export type { Schemas }
export { ApiError, Unreachable } from '@jinlin/api'

/** What every request says besides its own words. */
export const context = {
  language: 'zh-CN',
  /** In mini programs, which keep no cookies. */
  token: '',
  /** As which of their posts staff act. */
  post: '',
  /** Called when the session is over, wherever that is noticed. */
  onEnd: () => {},
}

/** Language, session, post: what every request carries, uploads too. */
export function spoken(): Record<string, string> {
  const said: Record<string, string> = { 'accept-language': context.language }
  if (context.token) said['authorization'] = `Bearer ${context.token}`
  if (context.post) said['jinlin-post'] = context.post
  return said
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'

/** Sends by uni.request; on the phone web the session is the HttpOnly cookie of the same origin. */
const viaUni: Transport = wire =>
  new Promise((answer, fail) => {
    uni.request({
      url: wire.url,
      method: wire.method as Method,
      header: wire.headers,
      // Without a body uni-app would send the word "undefined".
      ...(wire.body === undefined ? {} : { data: wire.body }),
      dataType: 'text',
      responseType: 'text',
      timeout: 30_000,
      success: got => answer({ status: got.statusCode, text: typeof got.data === 'string' ? got.data : JSON.stringify(got.data) }),
      fail: reason => fail(new Unreachable(reason)),
    })
  })

const send: Transport = async wire => {
  if (wire.method !== 'GET') wire.headers['idempotency-key'] ??= freshKey()
  const answer = await viaUni(wire)
  if (answer.status === 401 && answer.text.includes('"unauthenticated"')) context.onEnd()
  return answer
}

export const api: Api = createApi(send, { base: SERVER, headers: spoken })

/** What a request says whose sender is nobody. */
export const unnamedWords = () => ({ 'accept-language': context.language })

let viaNobody = viaUni
// #ifdef H5
// A browser sends its cookie with whatever uni.request asks of our own server; fetch can leave it out.
viaNobody = viaFetchUnnamed
// #endif

/** The same client as if nobody were logged in, for what is said without a name. */
export const unnamed: Api = createApi(
  wire => {
    if (wire.method !== 'GET') wire.headers['idempotency-key'] ??= freshKey()
    return viaNobody(wire)
  },
  { base: SERVER, headers: unnamedWords },
)
