// A new case out of the form of its procedure: some fields have a place of their own there, and who asks and the
// matter are asked beside what the procedure's own form has.
import type { Schemas } from '@/api/client'
import type { Ask } from '@/form/form'

export type Opening = Schemas['Opening']

interface Words {
  matter: string
  asker: string
  /** Of `named`, `confidential`, `anonymous`. */
  askers: (who: string) => string
}

const choice = (field: string, title: string, choices: Record<string, string>): Ask => ({ field, title, kind: 'choice', optional: true, many: false, choices, audience: 'house' })

/** The form as it is shown: a post's own place stands in it, matters and what a resident may hide are asked where there are any. */
export function asksOf(it: Opening, matters: readonly Schemas['Matter'][], place: Schemas['PlaceRef'] | undefined, words: Words): Ask[] {
  const asks = it.asks.map(ask => (ask.field === 'place' && place ? { ...ask, filled: place.code, filled_text: place.name } : ask))
  const matter = matters.length > 0 ? [choice('matter', words.matter, Object.fromEntries(matters.map(one => [one.id, one.title])))] : []
  const askers = Object.fromEntries(['named', ...it.hides].map(who => [who, words.askers(who)]))
  const asker = it.hides.length > 0 ? [{ ...choice('asker', words.asker, askers), filled: 'named' }] : []
  return [...matter, ...asks, ...asker]
}

const OWN = ['title', 'body', 'contact', 'place', 'matter', 'asker'] as const

/** Longitude and latitude as they are typed; what is no point is the server's to refuse. */
function locationOf(point: unknown): Schemas['Location'] {
  const [lng = NaN, lat = NaN] = String(point).split(/[,,\s]+/).map(Number)
  return { lng, lat, datum: 'cgcs2000' }
}

/** `ground`: where it lies if its form does not ask. */
export function newCase(procedure: string, form: Record<string, unknown>, ground: string): Schemas['NewCase'] {
  const { point, photos, ...rest } = form
  const own = OWN.filter(it => rest[it] !== undefined).map(it => [it, rest[it]])
  const fields = Object.fromEntries(Object.entries(rest).filter(([field]) => !OWN.some(it => it === field)))
  return {
    procedure,
    place: ground,
    ...Object.fromEntries(own),
    ...(point ? { location: locationOf(point) } : {}),
    ...(Array.isArray(photos) ? { attachments: photos as string[] } : {}),
    fields,
  }
}
