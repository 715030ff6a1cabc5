// A filled form as it is kept until it is sent: words as the server takes them, photos beside them.
import type { Ask, Values } from '@/form/form'
import { isBlank, isPictures } from '@/form/form'
import type { Photo } from '@/outbox/item'
import type { Photo as Taken } from '@/photo/photo'

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
