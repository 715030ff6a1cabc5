// My door: the place that I call mine. It is kept on this device and nowhere else.
import { reactive } from 'vue'
import type { Schemas } from '@/api/client'
import { drop, keep, kept } from '@/keep/keep'

export interface Door {
  code: string
  name: string
  /** Names from the widest place inwards, without the county. */
  path: { code: string; name: string; level: string }[]
}

export const home = reactive({ door: kept<Door | undefined>('door', undefined) })

export function setDoor(door: Door): void {
  home.door = door
  keep('door', door)
}

export function forgetDoor(): void {
  home.door = undefined
  drop('door')
}

type Ref = Schemas['PlaceRef']

/** A door out of the places that hold it, the widest first. */
export function doorOf(places: readonly Ref[]): Door | undefined {
  const last = places[places.length - 1]
  if (!last) return undefined
  const path = places.slice(1).map(({ code, name, level }) => ({ code, name, level }))
  return { code: last.code, name: last.name, path }
}

/** 凤岗街道 城西居委会 城西社区第1网格1号微网格 → the street, and the narrowest, which names what is between. */
export function doorWords(door: Door): string {
  const [street] = door.path
  return street && street.code !== door.code ? `${street.name} ${door.name}` : door.name
}
