// Benches where the acting post could only look on: of what waits there now, the server offers it nothing. An
// empty bench stays offered, since nobody knows yet. Pages of areas that the method has nothing of are not.
import { ref, watch } from 'vue'
import { api, type Schemas } from '@/api/client'
import { PROCEDURE } from '@/call/call'
import { isAttempt } from '@/callback/verdict'
import { asksUnit } from '@/dispatch/asks'
import { periodOf } from '@/rates/period'
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

interface Area {
  route: string
  needs: string
  defined: () => Promise<readonly unknown[]>
}

const openings = () => api.get('/api/v1/openings')

/** Which there are; of one day alone, since they are counted from its cases. */
function indicators() {
  const { to } = periodOf('month', Date.now())
  return api.get('/api/v1/indicators', { query: { from: to, to } })
}

const AREAS: readonly Area[] = [
  { route: 'call', needs: 'open_case', defined: async () => (await openings()).filter(it => it.procedure === PROCEDURE) },
  { route: 'open', needs: 'open_case', defined: openings },
  { route: 'registers', needs: 'list_registers', defined: () => api.get('/api/v1/registers') },
  { route: 'ledgers', needs: 'list_ledgers', defined: () => api.get('/api/v1/ledgers') },
  { route: 'boards', needs: 'list_boards', defined: () => api.get('/api/v1/boards') },
  { route: 'cycles', needs: 'list_cycles', defined: () => api.get('/api/v1/cycles') },
  { route: 'indicators', needs: 'show_indicators', defined: indicators },
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

const isUndefined = async ({ defined }: Area) => (await defined()).length === 0

export function useBarred() {
  const session = useSession()
  const barred = ref<readonly string[]>([])
  watch(
    () => session.me?.acting,
    async post => {
      barred.value = []
      if (!post) return
      const may = session.me?.may ?? []
      const benches = may.includes('list_actions') ? BENCHES.map(it => ({ it, barred: isBarred(it, post) })) : []
      const areas = AREAS.filter(it => may.includes(it.needs)).map(it => ({ it, barred: isUndefined(it) }))
      // What cannot be found out stays offered: the page itself says what is wrong.
      const found = await Promise.all([...benches, ...areas].map(async ({ it, barred }) => ((await barred.catch(() => false)) ? [it.route] : [])))
      if (session.me?.acting === post) barred.value = found.flat()
    },
    { immediate: true },
  )
  return barred
}
