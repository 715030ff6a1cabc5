// Notices of a place and of all above it.
import { api, type Schemas } from '@/api/client'

export type Notice = Schemas['Notice']
export type Notices = Schemas['Notices']

/** Those that are valid today, the newest first. */
export const noticesAt = (place: string, after?: string): Promise<Notices> =>
  api.get('/api/v1/notices', { query: { place, limit: 20, after } })

export const noticeOf = (id: string): Promise<Notice> => api.get('/api/v1/notices/{id}', { path: { id } })

/** A resident's own mark of having read it. */
export const markRead = (id: string) => api.post('/api/v1/notices/{id}/read', { path: { id }, body: {} })
