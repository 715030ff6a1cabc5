// One case as its asker sees it: what it is, what has happened, what may be done.
import { api, type Schemas } from '@/api/client'
import { useLoad } from '@/api/useLoad'
import { claimed } from '@/session/claims'

export interface Seen {
  it: Schemas['Case']
  history: Schemas['Moment'][]
  actions: Schemas['Action'][]
}

export const useCase = (id: () => string) =>
  useLoad<Seen>(async () => {
    const call = { path: { id: id() }, headers: claimed(id()) }
    const [it, history, actions] = await Promise.all([
      api.get('/api/v1/cases/{id}', call),
      api.get('/api/v1/cases/{id}/history', call),
      api.get('/api/v1/cases/{id}/actions', call),
    ])
    return { it, history, actions }
  })
