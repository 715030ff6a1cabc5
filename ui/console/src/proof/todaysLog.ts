// The log that the server shows today, held against an older checkpoint of it.
import { api, fetchFile } from '@/api/client'
import { openCheckpoint, type Checkpoint } from './checkpoint'
import { Flaw, type FlawName } from './flaw'
import type { Key } from './key'
import { hashOf, verifyConsistency } from './tree'

/** `grown`: begins with what the older one held; `elsewhere`: the server keeps another log. */
export type Today = { is: 'grown'; size: number } | { is: 'elsewhere'; log: string } | { is: 'flawed'; flaw: FlawName }

export const fetchCheckpoint = async (): Promise<string> => (await fetchFile('/api/v1/journal/checkpoint')).blob.text()

/** Compares with today's log; an unreachable server is the caller's to tell. */
export async function compareToday(older: Checkpoint, key: Key): Promise<Today> {
  const { log } = await api.get('/api/v1/county')
  if (log !== older.origin) return { is: 'elsewhere', log: log ?? '' }
  const note = await fetchCheckpoint()
  try {
    const newer = openCheckpoint(note, key)
    await proveGrowth(older, newer)
    return { is: 'grown', size: newer.size }
  } catch (error) {
    if (error instanceof Flaw) return { is: 'flawed', flaw: error.flaw }
    throw error
  }
}

/** The server proves that the older log stands at the beginning of the newer one; we check. */
export async function proveGrowth(older: Checkpoint, newer: Checkpoint): Promise<void> {
  if (older.size > newer.size) throw new Flaw('shrinks')
  const { hashes } = await api.get('/api/v1/journal/consistency', { query: { from: older.size, to: newer.size } })
  verifyConsistency(older, newer, hashes.map(hashOf))
}
