// What a version of the pack changes, sorted by what it means to those who work with it.
import type { Schemas } from '@/api/client'

export type Change = Schemas['PackChange']
export const SORTS = ['structure', 'limits', 'words'] as const
export type Sort = (typeof SORTS)[number]

export const isSort = (sort: string): sort is Sort => (SORTS as readonly string[]).includes(sort)

export const countsOf = (changes: readonly Change[]): Record<Sort, number> => {
  const of = (sort: Sort) => changes.filter(it => it.sort === sort).length
  return { structure: of('structure'), limits: of('limits'), words: of('words') }
}

/** What is looked at first: the gravest sort of which there is anything. */
export const gravest = (changes: readonly Change[]): Sort => SORTS.find(it => countsOf(changes)[it] > 0) ?? 'structure'

/** The changes of a sort by the area they are in, both in the order they came. */
export function byArea(changes: readonly Change[], sort: Sort): { area: string; changes: Change[] }[] {
  const chosen = changes.filter(it => it.sort === sort)
  return [...new Set(chosen.map(it => it.area))].map(area => ({ area, changes: chosen.filter(it => it.area === area) }))
}

const isTable = (value: string | null | undefined): value is string => Boolean(value && /^[[{]/.test(value))

/** A change in words, and where whole tables came or went, these apart from the words: few want to read them. */
export function apart({ text, old, new: now }: Change): { words: string; tables: string[] } {
  const tables = [old, now].filter(isTable)
  const first = tables[0]
  const at = first === undefined ? -1 : text.indexOf(first)
  return at < 0 ? { words: text, tables: [] } : { words: text.slice(0, at).trim(), tables }
}

interface Version {
  hash: string
  id: string
  loaded_at: string
  current: boolean
}

/** What a version is compared with unless somebody chooses: the one in use, and for that the one before it. */
export function comparedWith<V extends Version>(versions: readonly V[], hash: string): V | undefined {
  const it = versions.find(one => one.hash === hash)
  const others = versions.filter(one => one.hash !== hash).sort((a, b) => Date.parse(b.loaded_at) - Date.parse(a.loaded_at))
  if (!it?.current) return others.find(one => one.current) ?? others[0]
  return others.find(one => Date.parse(one.loaded_at) <= Date.parse(it.loaded_at)) ?? others[0]
}
