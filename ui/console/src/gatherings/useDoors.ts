// The doors at which votes of a ballot are collected: the households of a grid, as campaigns list them. Which of them
// have voted is known of this window alone; the server counts each household once.
import { computed, ref, shallowRef, watch } from 'vue'
import { api, type Schemas } from '@/api/client'
import { keep, kept } from '@/common/keep'
import { useSession } from '@/session/session'
import type { Gathering } from './gathering'

export type Door = Schemas['Door']
type Ground = Pick<Schemas['PlaceRef'], 'code' | 'name'>

/** No wider than a grid: nobody has business with all doors of a street. */
const isGrid = (it: { level: string }) => it.level.includes('grid')

/** The post's own grid, else the grids of its ground; a post of no place collects where the case is. */
async function groundsOf(of: Gathering, own: Schemas['PlaceRef'] | null | undefined): Promise<Ground[]> {
  const ground = own ?? of.place
  if (!ground) return []
  return isGrid(ground) ? [ground] : (await api.get('/api/v1/places', { query: { parent: ground.code, limit: 200 } })).filter(isGrid)
}

async function read(place: string): Promise<Door[]> {
  const openings = await api.get('/api/v1/openings')
  const campaign = openings.find(it => it.asks.some(ask => ask.kind === 'household'))
  return campaign ? api.get('/api/v1/doors', { query: { procedure: campaign.procedure, place } }) : []
}

export function useDoors(of: Gathering) {
  const own = useSession().acting?.place
  const name = `desk.voted.${of.id}`
  const where = () => sessionStorage
  const all = shallowRef<readonly Door[]>([])
  const grounds = shallowRef<Ground[]>([])
  const ground = ref('')
  const words = ref('')
  const loading = ref(false)
  const error = shallowRef<unknown>()
  const voted = ref(new Set(kept<string[]>(name, [], where)))
  const doors = computed(() => all.value.filter(it => (it.address ?? '').includes(words.value.trim())))

  async function load() {
    loading.value = true
    error.value = undefined
    try {
      if (grounds.value.length === 0) grounds.value = await groundsOf(of, own)
      ground.value ||= grounds.value[0]?.code ?? ''
      const asked = ground.value
      const found = asked ? await read(asked) : []
      // A later choice of the ground has overtaken this one.
      if (asked === ground.value) all.value = found
    } catch (reason) {
      error.value = reason
    }
    loading.value = false
  }
  watch(ground, (_, before) => void (before && load()))

  function note(household: string) {
    voted.value = new Set(voted.value).add(household)
    keep(name, [...voted.value], where)
  }

  void load()
  return { doors, grounds, ground, words, loading, error, load, voted, note }
}
