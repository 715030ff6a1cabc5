// Benches where the acting post could only look on: of what waits there now, the server offers it nothing. An
// empty bench stays offered, since nobody knows yet.
import { ref, watch } from 'vue'
import { api, type Schemas } from '@/api/client'
import { isAttempt } from '@/callback/verdict'
import { asksUnit } from '@/dispatch/asks'
import { useSession } from '@/session/session'
import { isSupervision } from '@/supervision/letters'

type Line = Schemas['Line']

interface Bench {
  route: string
  /** What lies on it, in the words of `GET /cases`. */
  query: { awaiting?: 'dispatch' | 'verdict'; late?: boolean }
  does: (action: Schemas['Action']) => boolean
}

const BENCHES: readonly Bench[] = [
  { route: 'dispatch', query: { awaiting: 'dispatch' }, does: asksUnit },
  { route: 'call-backs', query: { awaiting: 'verdict' }, does: isAttempt },
  { route: 'supervision', query: { late: true }, does: isSupervision },
]
/** Looked at for the kinds of cases that wait. */
const LIMIT = 50

/** One case of each kind, told by procedure, state and whether it is the post's own. */
function kinds(lines: readonly Line[], post: string): Line[] {
  return [...new Map(lines.map(it => [[it.procedure, it.state, it.owner === post].join(' '), it])).values()]
}

async function isBarred({ query, does }: Bench, post: string): Promise<boolean> {
  const { items } = await api.get('/api/v1/cases', { query: { ...query, limit: LIMIT } })
  const offers = kinds(items, post).map(async it => (await api.get('/api/v1/cases/{id}/actions', { path: { id: it.id } })).some(does))
  return items.length > 0 && !(await Promise.all(offers)).includes(true)
}

export function useBarred() {
  const session = useSession()
  const barred = ref<readonly string[]>([])
  watch(
    () => session.me?.acting,
    async post => {
      barred.value = []
      if (!post || !session.me?.may.includes('list_actions')) return
      // What cannot be found out stays offered: the page itself says what is wrong.
      const found = await Promise.all(BENCHES.map(async it => ((await isBarred(it, post).catch(() => false)) ? [it.route] : [])))
      if (session.me?.acting === post) barred.value = found.flat()
    },
    { immediate: true },
  )
  return barred
}
