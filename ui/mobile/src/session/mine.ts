// All that is held about whoever is logged in, to be taken along.
import { api, type Schemas } from '@/api/client'

export interface Mine {
  me: Schemas['Me']
  data: Schemas['MyData']
  cases: { case: Schemas['Case']; history: Schemas['Moment'][] }[]
}

/** Asks for one case after the other: a server has others to serve. */
export async function allMine(): Promise<Mine> {
  const [me, data] = await Promise.all([api.get('/api/v1/me'), api.get('/api/v1/me/data')])
  const cases: Mine['cases'] = []
  for (const id of data.cases) cases.push(await one(id))
  return { me, data, cases }
}

async function one(id: string): Promise<Mine['cases'][number]> {
  const [it, history] = await Promise.all([
    api.get('/api/v1/cases/{id}', { path: { id } }),
    api.get('/api/v1/cases/{id}/history', { path: { id } }),
  ])
  return { case: it, history }
}
