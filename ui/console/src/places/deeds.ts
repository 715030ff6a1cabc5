// What may be done with posts and their holders, each with the form that it asks.
import { api, freshKey, type Schemas } from '@/api/client'
import { isDay } from '@/rates/period'
import type { Place } from './look'

export const DEEDS = ['create', 'end', 'appoint', 'dismiss', 'absence'] as const
export type Deed = (typeof DEEDS)[number]

export interface About {
  deed: Deed
  /** Where: the post's place, or that of a new one. */
  place: Pick<Place, 'code' | 'name'>
  post?: Schemas['Post']
  holder?: Schemas['Holder']
}

export const SELECTIONS = ['appointed', 'recommended', 'self_nominated', 'recruited'] as const

export interface Sheet {
  role: string
  org: string
  org_title: string
  person: string
  person_title: string
  /** A person who is not in the list yet. */
  name: string
  phone: string
  rank: number
  selection: Schemas['Found']
  from: string
  until: string
}

/** An empty form. A vacant post wants a principal, any other a deputy behind those it has. */
export function fresh({ deed, post }: About, today: string): Sheet {
  const taken = post?.holders.map(it => it.rank) ?? []
  const rank = deed === 'appoint' && taken.includes(0) ? Math.max(...taken) + 1 : 0
  return { role: '', org: '', org_title: '', person: '', person_title: '', name: '', phone: '', rank, selection: 'appointed', from: today, until: '' }
}

type Field = keyof Sheet

const NEEDED: Record<Deed, readonly Field[]> = {
  create: ['role', 'from'],
  end: ['until'],
  appoint: ['from'],
  dismiss: ['until'],
  absence: ['from', 'until'],
}

/** What still has to be filled in. */
export function missing(deed: Deed, sheet: Sheet): Field[] {
  const left = NEEDED[deed].filter(it => !String(sheet[it]).trim())
  if (deed === 'appoint' && !sheet.person && !sheet.name.trim()) left.push('person')
  return left
}

/** Days that are written but do not exist. */
export const wrongDays = (sheet: Sheet): Field[] => (['from', 'until'] as const).filter(it => sheet[it] !== '' && !isDay(sheet[it]))

/** The person appointed: one that is known, or one added now. */
async function personOf(sheet: Sheet): Promise<string> {
  if (sheet.person) return sheet.person
  const body = [{ name: sheet.name.trim(), ...(sheet.phone.trim() ? { phone: sheet.phone.trim() } : {}) }]
  const { ids } = await api.post('/api/v1/people', { body, headers: keyed() })
  const [id = ''] = ids
  // Added once: a second try after a refusal must not add another of the same name.
  Object.assign(sheet, { person: id, person_title: sheet.name.trim() })
  return id
}

const keyed = () => ({ 'idempotency-key': freshKey() })

export async function perform({ deed, place, post, holder }: About, sheet: Sheet): Promise<void> {
  const path = { post: post?.post ?? '', person: holder?.person ?? '' }
  const { from, until } = sheet
  const headers = keyed()
  const deeds: Record<Deed, () => Promise<unknown>> = {
    create: () => api.post('/api/v1/posts', { body: [{ role: sheet.role, place: place.code, from, ...(sheet.org ? { org: sheet.org } : {}) }], headers }),
    end: () => api.post('/api/v1/posts/{post}/end', { path, body: { until }, headers }),
    appoint: async () => {
      const { rank, selection } = sheet
      const body = { person: await personOf(sheet), rank, selection, from, ...(until ? { until } : {}) }
      await api.post('/api/v1/posts/{post}/holders', { path, body, headers })
    },
    dismiss: () => api.post('/api/v1/posts/{post}/holders/{person}/dismiss', { path, body: { until }, headers }),
    absence: () => api.post('/api/v1/absences', { body: { person: path.person, from, until }, headers }),
  }
  await deeds[deed]()
}

export interface FoundPerson {
  id: string
  title: string
  hint?: string
}

/** A family doctor holds one post a micro-grid: so many kinds of posts tell people apart. */
const FEW = 3

/** People of the county by name, with the posts they hold. */
export async function lookPeople(words: string): Promise<FoundPerson[]> {
  const people = await api.get('/api/v1/people', { query: { limit: 20, ...(words ? { q: words } : {}) } })
  return people.map(it => ({ id: it.id, title: it.name, hint: [...new Set(it.posts.map(post => post.title))].slice(0, FEW).join('、') }))
}

export async function lookOrgs(words: string): Promise<FoundPerson[]> {
  const found = await api.get('/api/v1/orgs', { query: { limit: 20, ...(words ? { q: words } : {}) } })
  return found.map(it => ({ id: it.code, title: it.name, hint: it.code }))
}
