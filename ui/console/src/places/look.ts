// Places by words or code. The server finds names and codes. Words that no name contains (an address, or
// 城西1网格3号) are laid beside the tree: the county down to its communities is read once, grids and
// micro-grids for the few communities that the words point to.
import { api, type Schemas } from '@/api/client'

export type Place = Schemas['Place']

export interface FoundPlace {
  id: string
  title: string
  hint?: string
}

const known = new Map<string, Promise<Place[]>>()

/** The places directly below one; without a code, the root. Asked for once. */
export function below(code = ''): Promise<Place[]> {
  const found = known.get(code)
  if (found) return found
  const asked = api.get('/api/v1/places', code ? { query: { parent: code } } : {})
  known.set(code, asked)
  // A failure is not kept: the next one who asks may have more luck.
  asked.catch(() => known.delete(code))
  return asked
}

/** County, streets and communities; so many steps below the root. */
const WIDE = 2
/** So many communities are looked into for the narrower places. */
const DEEP = 3
const MOST = 12

async function tree(roots: readonly Place[], steps: number): Promise<Place[]> {
  if (steps === 0) return [...roots]
  const lists = await Promise.all(roots.map(it => (it.children > 0 ? below(it.code) : [])))
  const under = await Promise.all(lists.map(list => tree(list, steps - 1)))
  return [...roots, ...under.flat()]
}

/** What people say of a community is its name without the office's. */
export const core = (name: string) => name.replace(/(社区)?(居委会|村委会|居民委员会|村民委员会)$/, '').replace(/社区$/, '')

/** How well a place answers the words: the higher the better, 0 for not at all. */
export function fits(place: Pick<Place, 'name' | 'code'>, words: string): number {
  if (place.code === words) return 5
  if (/^\d+$/.test(words)) return place.code.startsWith(words) ? 3 : 0
  const name = core(place.name)
  if (place.name === words || name === words) return 4
  if (place.name.startsWith(words)) return 3
  if (place.name.includes(words)) return 2
  // An address names its community: 城西社区桥头路12号.
  return name.length > 1 && words.includes(name) ? 2 : 0
}

/** Numbers in what was typed narrow grids: 城西1网格3号. In an address without the word they are house numbers. */
export function within(place: Pick<Place, 'name' | 'code'>, words: string): number {
  const direct = fits(place, words)
  if (direct > 0) return direct
  const numbers = words.match(/\d+/g) ?? []
  if (!words.includes('格')) return numbers.length === 0 ? 1 : 0
  const own = place.name.match(/\d+/g) ?? []
  return numbers.length > 0 && numbers.every((it, at) => own[at] === it) ? 6 : 0
}

function told(place: Place): FoundPlace {
  const above = place.ancestors.slice(1).map(it => core(it.name)).join(' · ')
  return { id: place.code, title: place.name, hint: [above, place.code].filter(Boolean).join(' ') }
}

/** The places that words or the beginning of a code point to, the best first. */
export async function lookPlaces(words: string): Promise<FoundPlace[]> {
  const named = words ? await api.get('/api/v1/places', { query: { q: words, limit: MOST } }) : []
  // Of equal fit, the order of the server stays: the widest first.
  if (named.length > 0) return named.sort((a, b) => fits(b, words) - fits(a, words)).map(told)
  const wide = await tree(await below(), WIDE)
  if (!words) return wide.filter(it => it.ancestors.length === 1).slice(0, MOST).map(told)
  const scored = wide.map(place => ({ place, score: fits(place, words) })).filter(it => it.score > 0)
  // A whole code may be that of a grid.
  const inside = wide.filter(it => it.ancestors.length === WIDE && (words.startsWith(it.code) || fits(it, words) > 0))
  const narrow = inside.length <= DEEP ? await tree(inside, 2) : []
  const narrower = narrow
    .filter(it => it.ancestors.length > WIDE)
    .map(place => ({ place, score: within(place, words) }))
    .filter(it => it.score > 0)
  const all = [...scored, ...narrower].sort((a, b) => b.score - a.score || a.place.code.localeCompare(b.place.code))
  return all.slice(0, MOST).map(it => told(it.place))
}

/** Titles of levels met so far, by id. */
export async function levelTitles(): Promise<Map<string, string>> {
  const titles = new Map<string, string>()
  let places = await below()
  while (places.length > 0) {
    for (const it of places) titles.set(it.level, it.level_title)
    const deeper = places.find(it => it.children > 0)
    // Each step shows what lies below the one before.
    // oxlint-disable-next-line no-await-in-loop
    places = deeper ? await below(deeper.code) : []
  }
  return titles
}
