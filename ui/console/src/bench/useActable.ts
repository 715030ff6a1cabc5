// A bench lists what waits for the county's posts; which of it *this* post may do is the server's to say. It
// is asked once for each kind of case, not for every case.
import { computed, reactive, watch, type Ref } from 'vue'
import { api, type Schemas } from '@/api/client'
import type { Line } from '@/queue/merge'
import { useSession } from '@/session/session'

export function useActable(lines: Ref<readonly Line[]>, does?: (action: Schemas['Action']) => boolean) {
  const session = useSession()
  /** By kind; undefined while the server is being asked. */
  const known = reactive(new Map<string, boolean | undefined>())
  const kindOf = (it: Line) => [it.procedure, it.state, it.owner === session.me?.acting].join(' ')

  async function ask(line: Line): Promise<void> {
    const kind = kindOf(line)
    if (known.has(kind)) return
    if (!does) return void known.set(kind, true)
    known.set(kind, undefined)
    try {
      const actions = await api.get('/api/v1/cases/{id}/actions', { path: { id: line.id } })
      // A refusal of today (too early, done already) still means that the act is this post's.
      known.set(kind, actions.some(does))
    } catch {
      // Shown rather than hidden.
      known.set(kind, true)
    }
  }

  watch(lines, now => now.forEach(it => void ask(it)), { immediate: true, flush: 'sync' })
  const isMine = (it: Line) => known.get(kindOf(it)) !== false
  const mine = computed(() => lines.value.filter(it => known.get(kindOf(it))))
  const others = computed(() => lines.value.filter(it => known.get(kindOf(it)) === false).length)
  const asking = computed(() => [...known.values()].includes(undefined))
  return { mine, isMine, others, asking }
}
