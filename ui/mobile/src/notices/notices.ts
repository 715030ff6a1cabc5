// Notices of a place and of all above it.
import { untyped } from '@/api/untyped'

export interface Notice {
  id: string
  title: string
  body: string
  place: { code: string; name: string }
  /** The office that gave it. */
  office: string
  published_at: string
  until?: string | null
  /** Whether this resident has read it; none for visitors. */
  read?: boolean | null
}

export interface Notices {
  items: Notice[]
  next?: string | null
}

/** Those that are valid today, the newest first. */
export const noticesAt = async (place: string, after?: string): Promise<Notices> =>
  (await untyped.get('/api/v1/notices', { query: { place, limit: 20, after } })) as Notices

export const noticeOf = async (id: string): Promise<Notice> =>
  (await untyped.get('/api/v1/notices/{id}', { path: { id } })) as Notice

/** A resident's own mark of having read it. */
export const markRead = (id: string) => untyped.post('/api/v1/notices/{id}/read', { path: { id } })

/** Public matters around a place: what the desk has written for everybody, and never too few to hide in. */
export interface Around {
  items: { number: string; matter: string; summary: string; place: { code: string; name: string } | string; shown: string; opened_at: string }[]
  /** Too few in this grid to show any. */
  few: boolean
}

export const around = async (place: string): Promise<Around> =>
  (await untyped.get('/api/v1/cases/around', { query: { place } })) as Around
