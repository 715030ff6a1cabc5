// Meetings and ballots of a post: those it is invited to, and those of its place.
import { api, type Schemas } from '@/api/client'
import { session } from '@/session/session'

export type Gathering = Schemas['Gathering']

export type Stage = 'voting' | 'coming' | 'counted' | 'unminuted' | 'minuted'

export function stageOf(it: Gathering, now: number): Stage {
  if (it.ballot?.open) return 'voting'
  if (Date.parse(it.at) > now) return 'coming'
  if (it.ballot) return 'counted'
  return it.minutes ? 'minuted' : 'unminuted'
}

/** What waits for somebody first, then what is to come, then what is over. */
const RANK: Record<Stage, number> = { voting: 0, unminuted: 1, coming: 2, counted: 3, minuted: 3 }

export function inTurn(all: readonly Gathering[], now: number): Gathering[] {
  const rank = (it: Gathering) => RANK[stageOf(it, now)]
  const soonest = (it: Gathering) => (rank(it) < 3 ? 1 : -1) * Date.parse(it.closes ?? it.at)
  return [...all].sort((a, b) => rank(a) - rank(b) || soonest(a) - soonest(b))
}

/** So many of the latest: a phone is for what is at hand. */
const LATEST = 30

export async function myGatherings(): Promise<Gathering[]> {
  const post = session.me?.posts.find(it => it.post === session.me?.acting) ?? session.me?.posts[0]
  const place = post?.place?.code
  const limit = LATEST
  const pages = await Promise.all([
    api.get('/api/v1/gatherings', { query: { limit } }),
    ...(place ? [api.get('/api/v1/gatherings', { query: { place, limit } })] : []),
  ])
  return [...new Map(pages.flatMap(it => it.items).map(it => [it.id, it])).values()]
}
