// What was handed over at this desk since it was opened: for taking it back while nobody has signed for it. It
// outlives a reload, not the end of the window's session.
import { shallowRef, watch, type ShallowRef } from 'vue'
import { keep, kept } from '@/common/keep'
import { useSession } from '@/session/session'

export interface Dispatched {
  id: string
  number: string
  title: string
  unit: string
  /** The state it was handed over from: taking it back leads there. */
  from: string
  at: string
}

/** More of them are found in the list of cases. */
const MOST = 100
const where = () => sessionStorage

export function useDispatched(): { dispatched: ShallowRef<Dispatched[]>; add: (it: Dispatched) => void; forget: (ids?: readonly string[]) => void } {
  const { me } = useSession()
  const name = `desk.dispatched.${me?.person ?? ''}.${me?.acting ?? ''}`
  const dispatched = shallowRef(kept<Dispatched[]>(name, [], where))
  watch(dispatched, now => keep(name, now, where))

  function add(it: Dispatched) {
    dispatched.value = [it, ...dispatched.value.filter(other => other.id !== it.id)].slice(0, MOST)
  }

  /** Without ids, all. */
  function forget(ids?: readonly string[]) {
    dispatched.value = ids ? dispatched.value.filter(it => !ids.includes(it.id)) : []
  }

  return { dispatched, add, forget }
}
