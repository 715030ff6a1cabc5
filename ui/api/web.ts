// The transport of browsers.
import { Unreachable, type Transport } from './index'

/** Sends by fetch; the session is the HttpOnly cookie, which no script can read. */
export const viaFetch: Transport = async wire => {
  try {
    const { method, headers, body, signal } = wire
    const answer = await fetch(wire.url, { method, headers, body, signal, credentials: 'same-origin' })
    return { status: answer.status, text: await answer.text() }
  } catch (reason) {
    if (reason instanceof DOMException && reason.name === 'AbortError') throw reason
    throw new Unreachable(reason)
  }
}
