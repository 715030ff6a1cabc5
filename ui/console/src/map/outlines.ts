// The county's own outlines, asked for once a place; and what is said about them.
import { api, type Schemas } from '@/api/client'
import { below, core } from '@/places/look'
import type { Outline } from './shape'
import { TILES } from './style'

export interface Cell {
  code: string
  name: string
  /** The name as it stands on the map, without what all of its neighbours are called too. */
  short: string
  outline: Outline
  /** How strong its colour is, see `scale.ts`. */
  tone?: number
  /** A figure below the name. */
  told?: string
}

const known = new Map<string, Promise<Cell[]>>()

/** The outlines directly below a place; those that are not drawn are left out. */
export function cellsBelow(code: string): Promise<Cell[]> {
  const found = known.get(code)
  if (found) return found
  const asked = api.get('/api/v1/places/{code}/outlines', { path: { code } }).then(cellsOf)
  known.set(code, asked)
  asked.catch(() => known.delete(code))
  return asked
}

function cellsOf(list: readonly Schemas['Outlined'][]): Cell[] {
  const short = shortNames(list.map(it => it.place.name))
  return list.map(({ place, outline }, at) => ({ code: place.code, name: place.name, short: short[at] ?? place.name, outline: outline as Outline }))
}

/** Names without what they all begin with: 城西社区第1网格3号微网格 is 3号 among its neighbours. */
export function shortNames(names: readonly string[]): string[] {
  const [first = ''] = names
  let same = names.length > 1 ? first.length : 0
  for (const it of names) while (!it.startsWith(first.slice(0, same))) same -= 1
  // A number is not cut in two, nor is it cut off from its 第.
  while (same > 0 && /[\d第]/.test(first[same - 1] ?? '')) same -= 1
  const rest = names.map(it => core(it.slice(same)).replace(/号微网格$/, '号'))
  return rest.every(Boolean) ? rest : [...names]
}

/** So many steps down are looked for cells. */
const DEEP = 5

/** The outlines of cells of one level within a place, however deep they lie. */
export async function cellsWithin(place: string, codes: ReadonlySet<string>, depth = DEEP): Promise<Cell[]> {
  if (depth === 0 || codes.size === 0) return []
  const cells = await cellsBelow(place)
  if (cells.some(it => codes.has(it.code))) return cells.filter(it => codes.has(it.code))
  const within = (await Promise.all(cells.map(it => cellsWithin(it.code, codes, depth - 1)))).flat()
  // Among strangers a number alone says little.
  const short = shortNames(within.map(it => it.name))
  return within.map((it, at) => ({ ...it, short: short[at] ?? it.name }))
}

/** The outlines directly below the county: they frame every map. */
export async function streets(): Promise<Cell[]> {
  const [root] = await below()
  return root ? cellsBelow(root.code) : []
}

export interface Around {
  cells: readonly Cell[]
  /** The place itself, or the narrowest one around it that is drawn. */
  chosen: string
}

/** A place among its neighbours; `path` leads to it from the county. */
export async function cellsAround(path: readonly { code: string }[]): Promise<Around> {
  for (let at = path.length - 1; at > 0; at -= 1) {
    const [parent, own] = [path[at - 1]?.code ?? '', path[at]?.code ?? '']
    // Most places are drawn: the first look suffices.
    // oxlint-disable-next-line no-await-in-loop
    const cells = await cellsBelow(parent)
    if (cells.some(it => it.code === own)) return { cells, chosen: own }
  }
  return { cells: await streets(), chosen: '' }
}

export interface Land {
  demo: boolean
  /** Whether the server passes on the national map service. */
  tiles: boolean
}

let asking: Promise<Land> | undefined

/** What the maps of this county rest on. */
export function land(): Promise<Land> {
  asking ??= api.get('/api/v1/county').then(
    it => ({ demo: it.demo, tiles: TILES.every(layer => it.tiles.includes(layer)) }),
    () => {
      asking = undefined
      return { demo: false, tiles: false }
    },
  )
  return asking
}
