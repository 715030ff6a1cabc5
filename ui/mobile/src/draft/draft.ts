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
}

export const drafts = reactive({
  /** What is being written; what was handed over waits in the outbox. */
  writing: kept<Draft | undefined>('draft', undefined),
})

watch(() => drafts.writing, it => (it ? keep('draft', it) : drop('draft')), { deep: true })

/** The draft that is being written, begun if there is none. */
export function beginDraft(procedure: string): Draft {
  drafts.writing ??= { key: freshKey(), procedure, text: '', photos: [], asker: 'named', contact: '', step: 0 }
  return drafts.writing
}

export const isBlank = (draft: Draft) => !draft.text.trim() && draft.photos.length === 0

/** Throws away what is being written, with its photos. */
export async function discard(draft: Draft): Promise<void> {
  if (drafts.writing?.key === draft.key) drafts.writing = undefined
  await Promise.all(draft.photos.map(it => device.drop(it.id)))
}

/** A few words out of many, for lists: the first sentence, at most twenty characters of it. */
export function titleOf(text: string): string {
  const [first = ''] = text.trim().split(/[。！？!?\n；;，,]/)
  const all = Array.from(first.trim() || text.trim())
  return all.length > 20 ? `${all.slice(0, 19).join('')}…` : all.join('')
}
