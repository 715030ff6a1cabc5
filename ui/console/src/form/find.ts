// Things that a form looks for by words: places, units, posts, persons, cases, rows of registers, doors. The server looks; the names
// of what is filled in already come with the form.
import { api, type Schemas } from '@/api/client'
import { below, lookPlaces } from '@/places/look'
import type { Around } from './around'

export interface Found {
  id: string
  title: string
  hint?: string
}

type Finder = (words: string, around: Around) => Promise<Found[]>

/** So many are offered; more words find the rest. */
const limit = 30

/** The county: the widest place there is. */
const county = async () => (await below())[0]?.code

/** Without words: what lies beside the place of the case. */
const places: Finder = async (words, around) => {
  const above = around.path[around.path.length - 2]?.code
  if (words || !above) return lookPlaces(words)
  return (await below(above)).map(it => ({ id: it.code, title: it.name, hint: it.code }))
}

const orgs: Finder = async words => {
  const found = await api.get('/api/v1/orgs', { query: { q: words, limit } })
  return found.map(it => ({ id: it.id, title: it.name, ...(it.place ? { hint: it.place.name } : {}) }))
}

const postTitle = (it: Schemas['Post']) => [it.org ?? it.place?.name, it.title].filter(Boolean).join(' · ')

const posts: Finder = async words => {
  const found = await api.get('/api/v1/posts', { query: { q: words, limit } })
  return found.map(it => ({ id: it.post, title: postTitle(it), hint: it.holders[0]?.name ?? '' }))
}

/** By name among those the county's posts name, or by the post they hold. */
const people: Finder = async words => {
  const [all, byPost] = await Promise.all([
    county().then(place => api.get('/api/v1/posts', { query: { place, limit: 500 } })),
    words ? api.get('/api/v1/posts', { query: { q: words, limit } }) : [],
  ])
  const holders = (list: readonly Schemas['Post'][]) =>
    list.flatMap(post => post.holders.map(it => ({ id: it.person, title: it.name ?? '', hint: postTitle(post) })))
  const named = holders(all).filter(it => it.title.includes(words))
  return [...new Map([...named, ...holders(byPost)].map(it => [it.id, it])).values()]
}

const cases: Finder = async words => {
  const { items } = await api.get('/api/v1/cases', { query: { open: true, limit, ...(words ? { q: words } : {}) } })
  return items.map(it => ({ id: it.id, title: it.title ?? it.number, hint: it.number }))
}

/** Rows of every register: the server refuses one of another register than the field's. */
const records: Finder = async words => {
  const registers = await api.get('/api/v1/registers')
  const found = await Promise.all(registers.map(it => rows(it, words)))
  return found.flat()
}

async function rows(register: Schemas['Register'], words: string): Promise<Found[]> {
  const query = { limit, ...(words ? { search: words } : {}) }
  const { items } = await api.get('/api/v1/registers/{register}/records', { path: { register: register.id }, query })
  return items.flatMap(it => {
    const title = it.columns.find(one => one.field === register.key)?.text
    return title ? { id: it.id, title, hint: register.title } : []
  })
}

/** Doors of the form's place, as the procedure lists them. */
const doors: Finder = async (words, { path, procedure }) => {
  const place = path[path.length - 1]?.code
  const found = place ? await api.get('/api/v1/doors', { query: { procedure, place } }) : []
  return found.flatMap(it => (it.address?.includes(words) ? { id: it.household, title: it.address, hint: it.place?.name ?? '' } : []))
}

const FINDERS: Record<string, Finder> = { place: places, org: orgs, post: posts, person: people, case: cases, record: records, household: doors }

export async function find(kind: string, words: string, around: Around): Promise<Found[]> {
  const finder = FINDERS[kind]
  return finder ? (await finder(words, around)).slice(0, 50) : []
}

/** The name of a value whose words did not come with the form; undefined when nothing has it. */
export async function nameOf(kind: string, id: string, around: Around): Promise<string | undefined> {
  if (kind === 'place') return (await api.get('/api/v1/places/{code}', { path: { code: id } })).name
  if (kind === 'org') return (await api.get('/api/v1/posts', { query: { org: id } }))[0]?.org ?? undefined
  if (kind === 'case') {
    const found = await api.get('/api/v1/cases/{id}', { path: { id } })
    return found.title ?? found.number
  }
  return (await find(kind, '', around)).find(it => it.id === id)?.title
}
