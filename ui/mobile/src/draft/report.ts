// What a resident wrote, as the server takes it.
import type { Schemas } from '@/api/client'
import { titleOf, type Draft } from './draft'

/** A request as the server opens it. */
export function caseOf(draft: Draft, uploads: string[]): Schemas['NewCase'] {
  const { procedure, matter, place, point, asker, text } = draft
  const contact = asker === 'anonymous' ? '' : draft.contact.trim()
  return {
    procedure,
    title: titleOf(text),
    body: text.trim(),
    asker,
    ...(matter ? { matter } : {}),
    ...(place ? { place: place.code } : {}),
    ...(point ? { location: point } : {}),
    ...(contact ? { contact } : {}),
    ...(uploads.length > 0 ? { attachments: uploads } : {}),
  }
}

/** Words of one's own, added to somebody's open request; joining takes no photos. */
export const wordsOf = ({ text }: Draft): Record<string, unknown> => ({ title: titleOf(text), body: text.trim() })
