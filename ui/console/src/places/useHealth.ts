// What the health of a place is read from: the drawing of its layer, and the census of the cells in it.
import { onScopeDispose, ref, shallowRef } from 'vue'
import { api, ApiError, type Schemas } from '@/api/client'
import { isAborted } from '@/common/problem'
import { concerning, expected, sizeOf, type Size } from './health'
import { below, type Place } from './look'

/** Cells of one place that are looked at one by one; no community has more grids, no grid more micro-grids. */
const MOST = 60

export interface CellHealth {
  place: Place
  households: number
  size: Size | undefined
  vacant: number
}

export interface Health {
  /** Title of the level that was compared. */
  level: string
  check: Schemas['LayerCheck'] | undefined
  cells: CellHealth[]
}

/** Whoever may not compare layers is told the rest. */
function barred(reason: unknown): undefined {
  if (reason instanceof ApiError && (reason.status === 403 || reason.status === 404)) return undefined
  throw reason
}

/** The layer in which a place is compared: that of what lies in it, else its own, and then only what concerns it. */
async function checkOf(place: Place, children: readonly Place[], signal: AbortSignal) {
  const [child] = children
  const parent = place.ancestors[place.ancestors.length - 1]
  const path = child ? { code: place.code, level: child.level } : { code: parent?.code ?? '', level: place.level }
  if (!path.code) return undefined
  const check = await api.get('/api/v1/places/{code}/layers/{level}/check', { path, signal }).catch(barred)
  if (!check || child) return check
  const { overlaps, outside, undrawn } = check
  return {
    cells: 1,
    gaps: [],
    overlaps: concerning(overlaps, place.code),
    outside: concerning(outside, place.code),
    undrawn: undrawn.filter(it => it.code === place.code),
  }
}

async function cellOf(place: Place, signal: AbortSignal): Promise<CellHealth> {
  const { households, roles } = await api.get('/api/v1/places/{code}/census', { path: { code: place.code }, signal })
  return { place, households, size: sizeOf(place.level, households), vacant: roles.reduce((sum, it) => sum + it.vacant, 0) }
}

export function useHealth(place: Place) {
  const health = shallowRef<Health>()
  const loading = ref(false)
  const error = shallowRef<unknown>()
  const given = new AbortController()
  const { signal } = given

  async function load() {
    loading.value = true
    error.value = undefined
    try {
      const children = place.children > 0 ? await below(place.code) : []
      const sized = children.filter(it => expected(it.level)).slice(0, MOST)
      const [check, ...cells] = await Promise.all([checkOf(place, children, signal), ...sized.map(it => cellOf(it, signal))])
      health.value = { level: children[0]?.level_title ?? place.level_title, check, cells }
    } catch (reason) {
      if (isAborted(reason)) return
      error.value = reason
    }
    loading.value = false
  }

  onScopeDispose(() => given.abort())
  void load()
  return { health, loading, error, load }
}
