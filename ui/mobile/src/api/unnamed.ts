// Requests of nobody, for browsers: without the cookie of whoever is logged in.
import { Unreachable, type Transport } from '@jinlin/api'

/** A request without cookies; its answer's body is text. */
export async function askUnnamed(url: string, init: RequestInit): Promise<Response> {
  try {
    return await fetch(url, { ...init, credentials: 'omit' })
  } catch (reason) {
    throw new Unreachable(reason)
  }
}

export const viaFetchUnnamed: Transport = async ({ url, method, headers, body }) => {
  const answer = await askUnnamed(url, { method, headers, body })
  return { status: answer.status, text: await answer.text() }
}
