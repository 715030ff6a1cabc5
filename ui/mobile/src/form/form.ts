// Forms made from what the server asks. Nothing here knows a procedure: only the kinds of fields that
// the packs' grammar has.
import { upload } from '@/api/upload'
import type { Schemas } from '@/api/client'
import { device } from '@/photo/device'
import type { Photo } from '@/photo/photo'

export type Ask = Schemas['Ask']
export type Value = string | boolean | string[] | Photo[] | undefined
export type Values = Record<string, Value>

/** Kept numbers are whole: cents, half hours. People read and write the decimal. */
const SCALES: Record<string, number> = { money: 100, hours: 2 }

const PICTURES = new Set(['photo', 'file'])
export const isPictures = (ask: Ask) => PICTURES.has(ask.kind)

/** What a form begins with. */
export const initial = (asks: readonly Ask[]): Values => Object.fromEntries(asks.map(ask => [ask.field, known(ask)]))

function known(ask: Ask): Value {
  const filled: unknown = ask.filled
  if (isPictures(ask)) return []
  if (ask.many) return Array.isArray(filled) ? filled.map(String) : filled ? [String(filled)] : []
  if (typeof filled === 'boolean') return filled
  if (typeof filled === 'number') return String(filled / (SCALES[ask.kind] ?? 1))
  return typeof filled === 'string' ? filled : ''
}

export function isBlank(value: Value): boolean {
  if (typeof value === 'string') return value.trim() === ''
  return value === undefined || (Array.isArray(value) && value.length === 0)
}

/** What still has to be filled in. */
export const missing = (asks: readonly Ask[], values: Values): string[] =>
  asks.filter(ask => !ask.optional && isBlank(values[ask.field])).map(ask => ask.field)

/** The form as it is sent: photos are at the server, blank fields stay out. */
export async function filledIn(asks: readonly Ask[], values: Values): Promise<Record<string, unknown>> {
  const said: Record<string, unknown> = {}
  for (const ask of asks) {
    const value = values[ask.field]
    if (!isBlank(value)) said[ask.field] = isPictures(ask) ? shown(ask, await sentPhotos(value as Photo[])) : plain(ask, value)
  }
  return said
}

/** A field of one photo takes one id. */
const shown = ({ many }: Ask, uploads: string[]): unknown => (many ? uploads : uploads[0])

/** Local date and time of a browser's field; the server wants to know of which zone. */
function plain(ask: Ask, value: Value): unknown {
  if (typeof value !== 'string') return value
  return ask.kind === 'time' ? new Date(value).toISOString() : value.trim()
}

async function sentPhotos(photos: Photo[]): Promise<string[]> {
  for (const it of photos) {
    it.upload ??= (await upload({ photo: it, bytes: await device.bytes(it.id) })).id
  }
  return photos.flatMap(it => it.upload ?? [])
}

/** Longitude and latitude as forms take them. */
export const pointText = ({ lng, lat }: Pick<Schemas['Location'], 'lng' | 'lat'>): string => `${lng},${lat}`

/** A position that a phone told. */
export function pointOf(text: string): Schemas['Location'] {
  const [lng = 0, lat = 0] = text.split(',').map(Number)
  return { lng, lat, datum: 'wgs84' }
}

/** Photos that are no longer needed on this device. */
export async function forgetPhotos(asks: readonly Ask[], values: Values): Promise<void> {
  const all = asks.filter(isPictures).flatMap(ask => values[ask.field] as Photo[])
  await Promise.all(all.map(it => device.drop(it.id)))
}
