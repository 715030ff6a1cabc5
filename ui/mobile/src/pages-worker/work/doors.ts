// The doors of a campaign: who is visited, when last, with what result. Kept on this phone so that the list
// can be read on the stairs.
import { ref } from 'vue'
import { api, type Schemas } from '@/api/client'
import { tell } from '@/api/problem'
import { keep, kept } from '@/keep/keep'

export type Door = Schemas['Door']

interface Doors {
  at: number
  doors: Door[]
}

const nameOf = (procedure: string, place: string) => `mine.doors.${procedure}.${place}`

export function useDoors() {
  const doors = ref<Doors>({ at: 0, doors: [] })
  const busy = ref(false)
  const error = ref('')

  async function load(procedure: string, place: string): Promise<void> {
    const name = nameOf(procedure, place)
    doors.value = kept(name, { at: 0, doors: [] })
    busy.value = true
    error.value = await api.get('/api/v1/doors', { query: { procedure, place } }).then(
      found => {
        doors.value = { at: Date.now(), doors: found }
        keep(name, doors.value)
        return ''
      },
      (reason: unknown) => tell(reason).words,
    )
    busy.value = false
  }

  return { doors, busy, error, load }
}

/** Never visited first, then the longest ago; what is to be followed up before all. */
export function inTurn(doors: readonly Door[]): Door[] {
  const rank = ({ last }: Door) => (last?.open ? -1 : last ? Date.parse(last.at) : 0)
  return [...doors].sort((a, b) => rank(a) - rank(b) || (a.address ?? '').localeCompare(b.address ?? ''))
}
