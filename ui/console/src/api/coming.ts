// Types of addresses that the server is about to name in its document; they go when it does.
interface Answers<T> {
  responses: { 200: { content: { 'application/json': T } } }
}
interface OfId {
  parameters: { path: { id: string } }
}

export interface NewPhrase {
  use: string
  title: string
  words: string
  procedure?: string | null
  matter?: string | null
}
export interface Phrase extends NewPhrase {
  id: string
  /** Whether the acting post's office may change it. */
  mine: boolean
}
export interface Shift {
  id: string
  post_title: string
  from?: string | null
  at: string
  open: number
  late: number
  note: string
  items: { case: string; number: string; title?: string | null; note: string }[]
  taken?: { by?: string | null; at: string } | null
  mine: boolean
}

declare module '@jinlin/api/schema' {
  interface paths {
    '/api/v1/phrases': {
      get: { parameters: { query?: { use?: string; procedure?: string; matter?: string } } } & Answers<Phrase[]>
      post: { requestBody: { content: { 'application/json': NewPhrase } } } & Answers<Phrase>
    }
    '/api/v1/phrases/{id}': {
      put: OfId & { requestBody: { content: { 'application/json': NewPhrase } } } & Answers<Phrase>
      delete: OfId & Answers<undefined>
    }
    '/api/v1/shifts': {
      get: { parameters: { query?: { limit?: number } } } & Answers<Shift[]>
      post: { requestBody: { content: { 'application/json': { note: string; cases: { case: string; note: string }[] } } } } & Answers<Shift>
    }
    '/api/v1/shifts/{id}/take': { post: OfId & Answers<Shift> }
  }
}
