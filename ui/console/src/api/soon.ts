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
