// What somebody is saying: written down on the device with every keystroke, so that a closed page or a
// lost signal takes nothing away.
import { reactive, watch } from 'vue'
import { drop, keep, kept } from '@/keep/keep'
import { freshKey } from '@/keep/key'
import type { Photo } from '@/photo/photo'
import { device } from '@/photo/device'
import type { Point } from '@/place/locate'

export type Asker = 'named' | 'confidential' | 'anonymous'

export interface Draft {
  /** Sent with it, so that the server takes it once however often it is sent. */
  key: string
  procedure: string
  text: string
  photos: Photo[]
  /** Chosen by the person; else the server's suggestion goes. */
  matter?: string
  place?: { code: string; name: string }
  point?: Point
  asker: Asker
  contact: string
  /** The case it is added to instead of being one of its own. */
  joins?: string
  /** Which of the pages of the report was open. */
  step: number
  /** Whether it may have reached the server: from then on it can only be sent again as it is. */
  tried?: boolean
  /** Why the server would not take it, in words. */
  refused?: string
}

/** What has reached the server while nobody looked, until somebody has. */
export interface Arrived {
  id: string
  number: string
  title: string
  /** Of what was said without a log-in: the only way back. */
  claim?: string
}

export const drafts = reactive({
  /** What is being written. */
  writing: kept<Draft | undefined>('draft', undefined),
  /** What waits for a signal, the oldest first. */
  waiting: kept<Draft[]>('waiting', []),
  arrived: kept<Arrived[]>('arrived', []),
})

watch(() => drafts.writing, it => (it ? keep('draft', it) : drop('draft')), { deep: true })
watch(() => drafts.waiting, it => keep('waiting', it), { deep: true })
watch(() => drafts.arrived, it => keep('arrived', it), { deep: true })

/** The draft that is being written, begun if there is none. */
export function beginDraft(procedure: string): Draft {
  drafts.writing ??= { key: freshKey(), procedure, text: '', photos: [], asker: 'named', contact: '', step: 0 }
  return drafts.writing
}

export const isBlank = (draft: Draft) => !draft.text.trim() && draft.photos.length === 0

/** Throws a draft away with its photos. */
export async function discard(draft: Draft): Promise<void> {
  if (drafts.writing?.key === draft.key) drafts.writing = undefined
  drafts.waiting = drafts.waiting.filter(it => it.key !== draft.key)
  await Promise.all(draft.photos.map(it => device.drop(it.id)))
}

/** Takes back what waits, to be changed; what may have arrived stays as it is. */
export function takeBack(draft: Draft): boolean {
  if (draft.tried || drafts.writing) return false
  drafts.waiting = drafts.waiting.filter(it => it.key !== draft.key)
  drafts.writing = draft
  return true
}

/** A few words out of many, for lists: the first sentence, at most twenty characters of it. */
export function titleOf(text: string): string {
  const [first = ''] = text.trim().split(/[。！？!?\n；;，,]/)
  const all = Array.from(first.trim() || text.trim())
  return all.length > 20 ? `${all.slice(0, 19).join('')}…` : all.join('')
}
