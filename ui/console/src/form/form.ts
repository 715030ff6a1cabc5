// Forms made from what the server asks. Nothing here knows a procedure: only the kinds of fields that
// the packs' grammar has.
import type { Schemas } from '@/api/client'

export type Ask = Schemas['Ask']
export type Value = string | boolean | number | string[] | undefined
export type Values = Record<string, Value>

/** Kept numbers are whole: cents, half hours. People read and write the decimal. */
const SCALES: Record<string, number> = { money: 100, hours: 2 }

/** What a form begins with. */
export function initial(asks: readonly Ask[]): Values {
  return Object.fromEntries(asks.map(ask => [ask.field, known(ask)]))
}

function known(ask: Ask): Value {
  const filled: unknown = ask.filled
  if (ask.many) return Array.isArray(filled) ? filled.map(String) : filled ? [String(filled)] : []
  if (typeof filled === 'boolean') return filled
  if (typeof filled === 'number') return String(filled / (SCALES[ask.kind] ?? 1))
  return typeof filled === 'string' ? filled : undefined
}

export function isBlank(value: Value): boolean {
  if (typeof value === 'string') return value.trim() === ''
  return value === undefined || (Array.isArray(value) && value.length === 0)
}

/** What still has to be filled in. */
export function missing(asks: readonly Ask[], values: Values): string[] {
  return asks.filter(ask => !ask.optional && isBlank(values[ask.field])).map(ask => ask.field)
}

/** The form as it is sent: blank fields stay out. */
export function body(asks: readonly Ask[], values: Values): Record<string, unknown> {
  const said = asks.map(ask => [ask.field, values[ask.field]] as const).filter(([, value]) => !isBlank(value))
  return Object.fromEntries(said.map(([field, value]) => [field, typeof value === 'string' ? value.trim() : value]))
}

/** Uploads are sent when they are chosen; what stands for them here is worth nothing later. */
export const isAttached = (ask: Ask) => ask.kind === 'photo' || ask.kind === 'file'

/** A form as it was filled: what stands there, as the fields begin with it. */
export function standing(asks: readonly Ask[], facts: readonly Schemas['Fact'][]): Values {
  const were = asks.flatMap(ask => {
    const fact = facts.find(it => it.field === ask.field)
    return fact ? [{ ...ask, filled: fact.value }] : []
  })
  return initial(were)
}
