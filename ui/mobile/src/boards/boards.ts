// Boards that everybody may read, and what stands on them for a place.
import { api, type Schemas } from '@/api/client'

export type Board = Schemas['Board']
export type Publication = Schemas['Publication']

/** Staff are told of the house's own boards too; these pages are the residents'. */
export const publicBoards = async (): Promise<Board[]> => (await api.get('/api/v1/boards')).filter(it => it.public)

export const publishedAt = (board: string, place: string, after?: string): Promise<Schemas['Publications']> =>
  api.get('/api/v1/boards/{board}/publications', { path: { board }, query: { place, limit: 20, after } })
