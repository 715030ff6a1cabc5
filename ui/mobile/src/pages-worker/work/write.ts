// A filled form as it is kept until it is sent: words as the server takes them, photos beside them.
import type { Schemas } from '@/api/client'
import type { Ask, Values } from '@/form/form'
import { isBlank, isPictures } from '@/form/form'
import type { Photo } from '@/outbox/item'
import type { Photo as Taken } from '@/photo/photo'

/** Kinds that can be filled in on a phone without a signal. */
const KINDS = new Set(['text', 'int', 'money', 'hours', 'point', 'date', 'time', 'choice', 'yes_no', 'stars', 'place', 'household', 'photo', 'file'])

export const canFill = (asks: readonly Ask[]): boolean => asks.every(it => it.optional || KINDS.has(it.kind))

/** The fields to show: those that can be filled in. */
export const fillable = (asks: readonly Ask[]): Ask[] => asks.filter(it => KINDS.has(it.kind))

export interface Written {
  form: Record<string, unknown>
  photos: Photo[]
}

export function written(asks: readonly Ask[], values: Values): Written {
  const filled = asks.filter(it => !isBlank(values[it.field]))
  const words = filled.filter(it => !isPictures(it)).map(it => [it.field, plain(it, values)] as const)
  const photos = filled.filter(isPictures).flatMap(it => taken(it, values))
  return { form: Object.fromEntries(words), photos }
}

/** A browser's date and time is local; the server wants to know of which zone. */
function plain(ask: Ask, values: Values): unknown {
  const value = values[ask.field]
  if (typeof value !== 'string') return value
  return ask.kind === 'time' ? new Date(value).toISOString() : value.trim()
}

const taken = (ask: Ask, values: Values): Photo[] =>
  (values[ask.field] as Taken[]).map(it => ({ ...it, field: ask.field, many: ask.many }))

/** Fields that have a place of their own in a new case. */
const OWN = ['title', 'body', 'contact', 'place'] as const

export type Hiding = NonNullable<Schemas['NewCase']['asker']>

/** A new case; where it lies is told by its place, or by the point. */
export function newCase(procedure: string, form: Record<string, unknown>, asker: Hiding): Schemas['NewCase'] {
  const { point, ...rest } = form
  const own = OWN.filter(it => rest[it] !== undefined).map(it => [it, rest[it]] as const)
  const others = Object.entries(rest).filter(([field]) => !OWN.some(it => it === field))
  return {
    procedure,
    asker,
    ...Object.fromEntries(own),
    ...(point ? { location: point as Schemas['Location'] } : {}),
    fields: Object.fromEntries(others),
  }
}
