// Endpoints that the server's document does not name yet, with the shapes agreed upon.
import { api, type Schemas } from './client'

interface Said {
  path?: Record<string, string>
  query?: Record<string, unknown>
  body?: unknown
  signal?: AbortSignal
  headers?: Record<string, string>
}
type Ask = <T>(path: string, said?: Said) => Promise<T>

export const coming = api as unknown as { get: Ask; post: Ask; put: Ask; delete: Ask }

export interface Lines {
  items: Schemas['Line'][]
  next: string | null
}

export interface AccountLine {
  id: string
  name: string
  person: { id: string; name: string }
  closed: boolean
  second_factor: boolean
  must_change: boolean
  posts: string[]
  seen_at: string | null
}

export interface SessionLine {
  id: string
  account: string
  person: string
  created_at: string
  seen_at: string
  mine: boolean
}

export interface Person {
  id: string
  name: string
  posts: { post: string; title: string; rank: number; from: string; until: string | null }[]
}

export interface HandedOver {
  posts: { post: string; title: string; open: number }[]
}

export interface Procedure {
  id: string
  title: string
  why: string
  stages: string[]
  states: { id: string; title: string; stage: string | null; owner: string | null; limit: string | null; waits: boolean; end: string | null }[]
  actions: {
    id: string
    title: string
    from: string[]
    to: string | null
    by: string[]
    approval: string | null
    asks: string[]
    bounds: string[]
  }[]
}

export interface Backup {
  id: string
  made_at: string
  by: string
  state: 'running' | 'done' | 'failed'
  entries: number
  bytes: number
  sha256: string | null
  file: string | null
  problem: string | null
}

export interface Verification {
  id: string
  started_at: string
  ended_at: string | null
  state: 'running' | 'done' | 'failed'
  entries: number
  problems: string[]
}
