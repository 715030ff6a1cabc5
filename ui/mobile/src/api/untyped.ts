// Questions whose answers the server's document does not describe yet; their types stand with whoever asks.
import { api } from './client'

interface Asker {
  get: (path: string, call: { path?: Record<string, string>; query?: Record<string, unknown> }) => Promise<unknown>
  post: (path: string, call: { path?: Record<string, string>; body?: unknown }) => Promise<unknown>
}

export const untyped = api as unknown as Asker
