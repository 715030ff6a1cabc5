// Where a form stands: what it offers depends on the case it is about.
import type { Schemas } from '@/api/client'
import type { Facts } from '@/phrases/fill'

export interface Around {
  path: Schemas['PlaceRef'][]
  procedure: string
  matter?: string
  /** Names of values that the page put into the form itself, by id. */
  names?: ReadonlyMap<string, string>
  /** What prepared words are filled in with. */
  facts?: Facts
}

/** What every field component is given besides its value. */
export interface FieldProps {
  id: string
  ask: Schemas['Ask']
  around: Around
  labelled: string
  described?: string
  wrong: boolean
}
