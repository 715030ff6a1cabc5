// Things that a form looks for by words: units, posts, persons, cases, rows of registers. The server looks; what
// a resident may not look through is not offered to residents.
import { api, type Schemas } from '@/api/client'
import { t } from '@/locale'
import { isStaff } from '@/session/session'
import type { Ask } from './form'

export interface Found {
  id: string
  title: string
  note?: string
}

/** Words that were typed, and the code of the place that the form or the device names. */
type Finder = (words: string, place: string) => Promise<Found[]>

const limit = 30
type Post = Schemas['Post']

const postTitle = (it: Post) => [it.org ?? it.place?.name, it.title].filter(Boolean).join(' · ')
const allPosts = (words: string) => api.get('/api/v1/posts', { query: { q: words || undefined, limit } })

/** Staff find any post; residents those who serve their door. */
const posts: Finder = async (words, place) => {
  if (isStaff.value) return (await allPosts(words)).map(it => ({ id: it.post, title: postTitle(it), note: it.holders[0]?.name ?? '' }))
  const serve = place ? await api.get('/api/v1/places/{code}/service-people', { path: { code: place } }) : []
  return serve.flatMap(it => (it.post ? { id: it.post, title: it.title, note: it.name ?? '' } : [])).filter(it => (it.title + it.note).includes(words))
}

/** By the post they hold. */
const people: Finder = async words => {
  const held = (await allPosts(words)).flatMap(post => post.holders.map(it => ({ id: it.person, title: it.name ?? '', note: postTitle(post) })))
  return [...new Map(held.map(it => [it.id, it])).values()]
}

const orgs: Finder = async words => {
  const found = await api.get('/api/v1/orgs', { query: { q: words, limit } })
  return found.map(it => ({ id: it.id, title: it.name, note: it.place?.name ?? '' }))
}

const cases: Finder = async words => {
  const { items } = await api.get('/api/v1/cases', { query: { open: true, limit, q: words || undefined } })
  return items.map(it => ({ id: it.id, title: it.title || it.number, note: it.number }))
}

/** Rows of every register: the server refuses one of another register than the field's. */
const records: Finder = async words => {
  const registers = await api.get('/api/v1/registers')
  const found = await Promise.all(registers.map(it => rows(it, words)))
  return found.flat().slice(0, limit)
}

async function rows(register: Schemas['Register'], words: string): Promise<Found[]> {
  const { items } = await api.get('/api/v1/registers/{register}/records', { path: { register: register.id }, query: { search: words || undefined, limit } })
  const keyOf = (it: Schemas['Record']) => it.columns.find(one => one.field === register.key)?.text
  return items.map(it => ({ id: it.id, title: keyOf(it) || t('form.unnamed'), note: register.title }))
}

const ALL: Record<string, Finder> = { post: posts, case: cases }
const STAFF: Record<string, Finder> = { org: orgs, person: people, record: records }

const finderOf = (kind: string): Finder | undefined => ALL[kind] ?? (isStaff.value ? STAFF[kind] : undefined)

export const find = async (kind: string, words: string, place: string): Promise<Found[]> => (await finderOf(kind)?.(words.trim(), place)) ?? []

/** Kinds that are looked for: by these, and by the list of places. */
export const isFound = ({ kind }: Ask): boolean => kind === 'place' || kind in ALL || kind in STAFF

/** Whether whoever holds the phone can fill it in here; doors are chosen from the list of a round. */
const can = ({ kind }: Ask): boolean => (kind === 'household' ? isStaff.value : !(kind in STAFF) || isStaff.value)

export const canFill = (asks: readonly Ask[]): boolean => asks.every(it => it.optional || can(it))

/** The fields to show: those that can be filled in. */
export const fillable = (asks: readonly Ask[]): Ask[] => asks.filter(can)
