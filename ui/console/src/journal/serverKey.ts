// The key that the server's receipts name today. Only a key noted elsewhere is beyond whoever holds the server.
import { api, fetchFile } from '@/api/client'
import { readKey, type Key } from '@/proof/key'

/** Read off the receipt of the newest case; nothing while there is none. */
export async function serverKey(): Promise<{ text: string; read: Key } | undefined> {
  const { items } = await api.get('/api/v1/cases', { query: { limit: 1 } })
  const [newest] = items
  if (!newest) return undefined
  const { blob } = await fetchFile(`/api/v1/cases/${encodeURIComponent(newest.id)}/receipt`)
  const { key } = JSON.parse(await blob.text()) as { key: string }
  return { text: key, read: readKey(key) }
}
