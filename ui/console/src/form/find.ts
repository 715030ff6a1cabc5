// Things that a form looks for by words: units, posts, persons, cases.
import { api } from '@/api/client'
import type { Around } from './around'

export interface Found {
  id: string
  title: string
  hint?: string
}

type Finder = (words: string, around: Around) => Promise<Found[]>

/** The county: the widest place of the case. */
const county = (around: Around) => around.path[0]?.code

// Units have no list of their own yet: the counts by unit name every one that has handled something.
const orgs: Finder = async (words, around) => {
  const { rows } = await api.get('/api/v1/tallies', { query: { place: county(around) ?? '', by: 'unit' } })
  return rows.map(it => ({ id: it.key, title: it.title })).filter(it => it.title.includes(words))
}

const posts: Finder = async (words, around) => {
  const found = await api.get('/api/v1/posts', { query: { place: county(around) } })
  return found
    .map(it => ({ id: it.post, title: [it.org ?? it.place?.name, it.title].filter(Boolean).join(' · ') }))
    .filter(it => it.title.includes(words))
}

const people: Finder = async (words, around) => {
  const found = await api.get('/api/v1/posts', { query: { place: county(around) } })
  const holders = found.flatMap(post => post.holders.map(it => ({ id: it.person, title: it.name ?? '', hint: post.title })))
  return holders.filter(it => it.title.includes(words))
}

const cases: Finder = async words => {
  const { items } = await api.get('/api/v1/cases', { query: { open: true, limit: 20, ...(words ? { q: words } : {}) } })
  return items.map(it => ({ id: it.id, title: it.title ?? it.number, hint: it.number }))
}

const FINDERS: Record<string, Finder> = { org: orgs, post: posts, person: people, case: cases }

/** The name of what a form is filled with already; only its id is known. */
export async function nameOf(kind: string, id: string, around: Around): Promise<string | undefined> {
  if (kind === 'org') {
    const [post] = await api.get('/api/v1/posts', { query: { org: id } })
    return post?.org ?? undefined
  }
  if (kind === 'case') {
    const found = await api.get('/api/v1/cases/{id}', { path: { id } })
    return found.title ?? found.number
  }
  return (await find(kind, '', around)).find(it => it.id === id)?.title
}

export async function find(kind: string, words: string, around: Around): Promise<Found[]> {
  const finder = FINDERS[kind]
  return finder ? (await finder(words, around)).slice(0, 50) : []
}
