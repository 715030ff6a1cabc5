// What one may open here: the procedures of the county with their forms, as the server offers them. The
// last answer is kept, so that a report can be written without a signal.
import { api, Unreachable, type Schemas } from '@/api/client'
import { keep, kept } from '@/keep/keep'

export type Opening = Schemas['Opening']

export async function openings(): Promise<Opening[]> {
  try {
    const offered = await api.get('/api/v1/openings')
    keep('openings', offered)
    return offered
  } catch (error) {
    const last = kept<Opening[] | undefined>('openings', undefined)
    if (error instanceof Unreachable && last) return last
    throw error
  }
}

const asksFor = (it: Opening, field: string) => it.asks.some(ask => ask.field === field)

/** The one for whatever somebody wants to say: it takes free words, and finds out of which matter they are. */
export const forWords = (all: readonly Opening[]) => all.find(it => it.matters && asksFor(it, 'body'))

/** The one that calls a named post to the door: a form with a field of type post. */
export const forService = (all: readonly Opening[]) =>
  all.find(it => asksFor(it, 'place') && it.asks.some(ask => ask.kind === 'post'))
