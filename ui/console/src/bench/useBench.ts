// A list to work through: what is chosen stands in the address, the next one comes by itself.
import { computed, nextTick, ref, watch, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { Schemas } from '@/api/client'
import { useKeys } from '@/common/useKeys'
import type { Line } from '@/queue/merge'
import { useLines, type Query } from '@/queue/useLines'
import { useActable } from './useActable'

/** Below this width the list and the case take turns. */
const NARROW = '(max-width: 1020px)'

export interface Bench {
  query: Ref<Query>
  /** Which actions are the bench's: what offers none of them to this post is left out. */
  does?: (action: Schemas['Action']) => boolean
  /** Which of the rest are shown. */
  keep?: (line: Line) => boolean
}

export function useBench({ query, does, keep = () => true }: Bench) {
  const route = useRoute()
  const router = useRouter()
  const asked = route.query['case']
  const selected = ref<string | undefined>(typeof asked === 'string' ? asked : undefined)
  const queue = useLines({ query, selected, concerns: event => states.value.size === 0 || states.value.has(event.state) })
  const { mine: actable, isMine, others, asking } = useActable(queue.lines, does)
  const mine = computed(() => actable.value.filter(keep))
  const loading = computed(() => queue.loading.value || asking.value)
  const states = computed(() => new Set(queue.lines.value.map(it => it.state)))
  const ids = computed(() => mine.value.map(it => it.id))

  watch(selected, id => void router.replace({ query: { ...route.query, case: id } }))

  /** Beside a wide list a case is always open; on a phone the list comes first. */
  function begin() {
    if (!selected.value && !window.matchMedia(NARROW).matches) selected.value = ids.value[0]
  }
  watch([ids, loading], ([, busy]) => busy || begin(), { immediate: true })

  function select(id: string | undefined) {
    selected.value = id
    if (id) void nextTick(() => document.getElementById(`bench-${id}`)?.scrollIntoView({ block: 'nearest' }))
  }

  function step(by: 1 | -1) {
    const at = selected.value ? ids.value.indexOf(selected.value) : -1
    select(ids.value[Math.min(ids.value.length - 1, Math.max(0, at + by))])
  }

  /** Leaves a case that is done for the one below it, or else the one above. */
  function advance(id: string) {
    const at = ids.value.indexOf(id)
    select(ids.value[at + 1] ?? ids.value[at - 1])
    void queue.renew()
  }

  useKeys({ j: () => step(1), k: () => step(-1), r: () => void queue.renew() })
  return { ...queue, lines: mine, isMine, loading, others, selected, select, step, advance }
}
