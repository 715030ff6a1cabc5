// What is written down while somebody is on the telephone, and what of it is sent.
import type { Schemas } from '@/api/client'
import { keep, kept } from '@/common/keep'

export const ASKERS = ['named', 'confidential', 'anonymous'] as const
export type Asker = (typeof ASKERS)[number]

export interface Call {
  phone: string
  title: string
  body: string
  matter: string
  matter_title: string
  place: string
  place_title: string
  address: string
  /** Longitude and latitude (CGCS2000), when it was shown on the map. */
  point?: readonly [number, number]
  asker: Asker
  /** Ids of uploads. */
  photos: string[]
}

/** Requests of residents: the procedure that every pack has from the base pack. */
export const PROCEDURE = 'appeal'

export const fresh = (phone = ''): Call => ({
  phone,
  title: '',
  body: '',
  matter: '',
  matter_title: '',
  place: '',
  place_title: '',
  address: '',
  asker: 'named',
  photos: [],
})

/** Whether anything was written down besides the number that called. */
export const isBegun = (call: Call): boolean =>
  call.photos.length > 0 || [call.title, call.body, call.matter, call.place, call.address].some(it => it.trim() !== '')

export function missing(call: Call): (keyof Call)[] {
  return (['title', 'body', 'place'] as const).filter(it => call[it].trim() === '')
}

/** The address has no field of its own in a request: it stands as the last line of what was said. */
export function bodyOf(call: Call, addressed: (address: string) => string): string {
  const address = call.address.trim()
  return [call.body.trim(), address && addressed(address)].filter(Boolean).join('\n')
}

export function requestOf(call: Call, body: string): Schemas['NewCase'] {
  return {
    procedure: PROCEDURE,
    title: call.title.trim(),
    body,
    place: call.place,
    ...(call.point ? { location: { lng: call.point[0], lat: call.point[1], datum: 'cgcs2000' as const } } : {}),
    asker: call.asker,
    channel: 'phone',
    ...(call.photos.length > 0 ? { attachments: call.photos } : {}),
    ...(call.matter ? { matter: call.matter } : {}),
    ...(call.asker !== 'anonymous' && call.phone.trim() ? { contact: call.phone.trim() } : {}),
  }
}

/** A joined request says no more than its own words; who asks is shown to the desk only. */
export function joinOf(call: Call, body: string): Record<string, unknown> {
  const contact = call.phone.trim()
  return { title: call.title.trim() || undefined, body, ...(contact ? { contact } : {}) }
}

/** The field of the page that a field of the server's answer means. */
export const fieldOf = (field: string): string => (field === 'contact' ? 'phone' : field)

const NAME = 'call'
const where = () => sessionStorage

/** A call that a reload interrupted; another person's is nobody's business. */
export function keptCall(person: string): Call | undefined {
  const draft = kept<{ person?: string; call?: Call }>(NAME, {}, where)
  return draft.person === person && draft.call ? { ...fresh(), ...draft.call } : undefined
}

export const keepCall = (person: string, call: Call): void => keep(NAME, { person, call }, where)
export const dropCall = (): void => keep(NAME, {}, where)
