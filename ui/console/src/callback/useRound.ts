// A round of calls: which cases were drawn, and what became of each today. It outlives a reload, not the day
// and not the end of the window's session.
import { computed, ref, shallowRef, watch } from 'vue'
import { api } from '@/api/client'
import { inTurns } from '@/bench/turns'
import { localDay } from '@/clock/clock'
import { keep, kept } from '@/common/keep'
import type { Line } from '@/queue/merge'
import { useSession } from '@/session/session'
import { draw, type Share } from './sample'

export interface Called {
  id: string
  number: string
  title: string
  /** The title of what was done. */
  result: string
  at: string
}

interface Round {
  day: number
  share: Share
  /** Those drawn; unsaid, all. */
  ids?: string[]
  /** Out of so many. */
  of: number
  called: Called[]
}

/** As many as one day of a county has; a sample of the first so many says so. */
const MOST = 600
const PAGE = 200
const where = () => sessionStorage

async function everyLine(): Promise<Line[]> {
  const lines: Line[] = []
  let after: string | undefined
  do {
    // One page after another: each begins where the one before ended.
    // oxlint-disable-next-line no-await-in-loop
    const page = await api.get('/api/v1/cases', { query: { ...AWAITING, limit: PAGE, after } })
    lines.push(...page.items)
    after = page.next ?? undefined
  } while (after && lines.length < MOST)
  return lines
}

/** A line does not say which unit answered: the case does. */
async function candidate({ id }: Line) {
  const { facts } = await api.get('/api/v1/cases/{id}', { path: { id } })
  const unit: unknown = facts.find(it => it.field === 'unit')?.value
  return { id, unit: typeof unit === 'string' ? unit : '' }
}

export const AWAITING = { awaiting: 'verdict' } as Record<string, string>

export function useRound() {
  const { me } = useSession()
  const name = `desk.round.${me?.person ?? ''}.${me?.acting ?? ''}`
  const today = localDay(Date.now())
  const begun: Round = { day: today, share: 100, of: 0, called: [] }
  const old = kept<Round>(name, begun, where)
  const round = shallowRef<Round>(old.day === today ? old : begun)
  const drawing = ref(false)
  const failed = ref(false)
  watch(round, now => keep(name, now, where))

  /** Draws anew among those this post may call. */
  async function choose(share: Share, mine: (line: Line) => boolean): Promise<void> {
    const { ids: _, ...rest } = round.value
    failed.value = false
    if (share === 100) return void (round.value = { ...rest, share, of: 0 })
    drawing.value = true
    try {
      const candidates = await inTurns((await everyLine()).filter(mine), candidate, 6)
      round.value = { ...rest, share, ids: draw(candidates, share), of: candidates.length }
    } catch {
      failed.value = true
    }
    drawing.value = false
  }

  function add(it: Called) {
    round.value = { ...round.value, called: [it, ...round.value.called] }
  }

  const drawn = computed(() => round.value.ids && new Set(round.value.ids))
  const isDrawn = (id: string) => !drawn.value || drawn.value.has(id)
  const calledIds = computed(() => new Set(round.value.called.map(it => it.id)))
  return { round, drawing, failed, choose, add, isDrawn, calledIds }
}
