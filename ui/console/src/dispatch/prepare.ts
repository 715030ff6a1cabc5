// A line of the summary before many cases are handed over: which act, to whom, why; or why not.
import { api, type Schemas } from '@/api/client'
import type { Line } from '@/queue/merge'
import { askedToo, dispatching } from './asks'

export interface Planned {
  line: Line
  revision: number
  action?: Schemas['Action']
  unit?: { id: string; name: string }
  /** Reasons of the suggestion; empty when somebody chose. */
  why: readonly string[]
  /** Fields that this case asks besides the unit: it is handed over by itself. */
  asked: string[]
  /** The rule that refuses, or that the case could not be read. */
  refused?: Schemas['Refused'] | 'failed' | 'not_yours'
}

export async function plan(line: Line): Promise<Planned> {
  const path = { id: line.id }
  try {
    const [seen, actions, found] = await Promise.all([
      api.get('/api/v1/cases/{id}', { path }),
      api.get('/api/v1/cases/{id}/actions', { path }),
      api.get('/api/v1/cases/{id}/suggestions', { path }).catch(() => ({ units: [] })),
    ])
    const action = dispatching(actions)
    const [best] = found.units
    return {
      line,
      revision: seen.revision,
      ...(action ? { action } : {}),
      ...(best ? { unit: { id: best.id, name: best.name } } : {}),
      why: best?.reasons ?? [],
      asked: action ? askedToo(action).map(it => it.title) : [],
      ...(action ? (action.refused ? { refused: action.refused } : {}) : { refused: 'not_yours' as const }),
    }
  } catch {
    return { line, revision: line.revision, why: [], asked: [], refused: 'failed' }
  }
}

export const isReady = (it: Planned): boolean => Boolean(it.action && it.unit) && !it.refused && it.asked.length === 0
