// Photos that lie at the server, fetched with what every request says: an image's own address could
// carry neither a claim code nor a mini program's session.
import { spoken, Unreachable } from '@/api/client'
import { SERVER } from '@/api/server'
import { claimed } from '@/session/claims'

const got = new Map<string, Promise<string>>()

/** An address that an image can show, as long as the page is open. */
export function fetchPhoto(id: string, upload: string): Promise<string> {
  const known = got.get(upload) ?? fetched(`/api/v1/cases/${id}/uploads/${upload}`, { ...spoken(), ...claimed(id) })
  got.set(upload, known)
  known.catch(() => got.delete(upload))
  return known
}

const fetched = (path: string, header: Record<string, string>): Promise<string> =>
  new Promise((done, fail) => {
    uni.downloadFile({
      url: SERVER + path,
      header,
      success: it => (it.statusCode === 200 ? done(it.tempFilePath) : fail(new Error(`HTTP ${it.statusCode}`))),
      fail: reason => fail(new Unreachable(reason)),
    })
  })
