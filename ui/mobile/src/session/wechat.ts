// Logging in by WeChat: its code goes to the server, which asks WeChat whose it is. Somebody it does not
// know yet lends it the phone number once, by WeChat's own button.
import { api, ApiError } from '@/api/client'
import { askCounty } from '@/county/county'
import { opened } from './session'

/** Whether the county takes log-ins by WeChat. */
export async function takesWeChat(): Promise<boolean> {
  return (await askCounty()).wechat
}

const wechatCode = (): Promise<string> =>
  new Promise((told, fail) => uni.login({ provider: 'weixin', success: it => told(it.code), fail }))

/** Logs in, or answers the ticket with which the phone number is lent. */
export async function logInByWeChat(): Promise<string | undefined> {
  try {
    const body = { code: await wechatCode() }
    await opened(await api.post('/api/v1/resident-sessions/wechat', { body }))
    return undefined
  } catch (error) {
    const ticket = error instanceof ApiError ? error.problem.ticket : undefined
    if (!ticket) throw error
    return ticket
  }
}

/** `code` is that of WeChat's phone button. */
export async function lendPhone(ticket: string, code: string): Promise<void> {
  await opened(await api.post('/api/v1/resident-sessions/wechat/phone', { body: { ticket, code } }))
}
