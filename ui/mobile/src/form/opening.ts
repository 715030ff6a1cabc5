// A new case out of the form of its procedure: some fields have a place of their own there.
import type { Schemas } from '@/api/client'
import { pointOf } from './form'

const OWN = ['title', 'body', 'contact', 'place'] as const

export type Hiding = NonNullable<Schemas['NewCase']['asker']>

/** Where it lies is told by its place, or by the point. */
export function newCase(procedure: string, form: Record<string, unknown>, asker: Hiding): Schemas['NewCase'] {
  const { point, photos, ...rest } = form
  const own = OWN.filter(it => rest[it] !== undefined).map(it => [it, rest[it]] as const)
  const others = Object.entries(rest).filter(([field]) => !OWN.some(it => it === field))
  return {
    procedure,
    asker,
    ...Object.fromEntries(own),
    ...(point ? { location: pointOf(String(point)) } : {}),
    ...(Array.isArray(photos) && photos.length > 0 ? { attachments: photos as string[] } : {}),
    fields: Object.fromEntries(others),
  }
}
