// One typed client for every surface. The types come from the server's OpenAPI document; the
// transport is a function, so that the console passes fetch and the mini program uni.request,
// which knows neither Request nor Headers.
import type { components, paths } from './schema'

export type Schemas = components['schemas']

type Method = 'get' | 'post' | 'put' | 'delete'
type PathsWith<M extends Method> = {
  [P in keyof paths]: paths[P] extends { [K in M]: unknown } ? P : never
}[keyof paths] &
  string
type Operation<P extends keyof paths, M extends Method> = M extends keyof paths[P]
  ? NonNullable<paths[P][M]>
  : never

type Json<T> = T extends { content: { 'application/json': infer J } } ? J : undefined
type Answer<O> = O extends { responses: infer R } ? Json<R[Extract<keyof R, 200 | 201 | 202>]> : never
type Params<O, K extends string> = O extends { parameters: { [X in K]?: infer V } } ? V : undefined
type Sent<O> = O extends { requestBody?: infer B } ? Json<NonNullable<B>> : undefined

/** What a call says besides its path. */
export interface Call<O> {
  path?: Params<O, 'path'>
  query?: Params<O, 'query'>
  body?: Sent<O>
  headers?: Record<string, string>
  /** Ends the call: the answer is no longer wanted. */
  signal?: AbortSignal
}

/** A request as a transport sends it. */
export interface Wire {
  method: string
  url: string
  headers: Record<string, string>
  body?: string
  signal?: AbortSignal
}

export interface Received {
  status: number
  text: string
}

export type Transport = (wire: Wire) => Promise<Received>

/** What the server says when something went wrong (RFC 9457). */
export type Problem = Partial<Schemas['Problem']>

/** The server answered, but not as wished. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly problem: Problem,
  ) {
    super(problem.detail ?? problem.title ?? `HTTP ${status}`)
    this.name = 'ApiError'
  }

  /** The stable code, see `docs/errors.md`; empty when a proxy answered instead of the server. */
  get code(): string {
    return this.problem.code ?? ''
  }
}

/** No answer came: no network, or the server is gone. */
export class Unreachable extends Error {
  constructor(readonly reason: unknown) {
    super('unreachable')
    this.name = 'Unreachable'
  }
}

export interface Setup {
  base?: string
  /** Headers that every call carries: language, acting post. */
  headers?: () => Record<string, string>
}

export type Api = ReturnType<typeof createApi>

export function createApi(send: Transport, { base = '', headers = () => ({}) }: Setup = {}) {
  async function ask<P extends keyof paths & string, M extends Method>(
    method: M,
    path: P,
    call: Call<Operation<P, M>>,
  ): Promise<Answer<Operation<P, M>>> {
    const wire: Wire = {
      method: method.toUpperCase(),
      url: base + filled(path, call.path) + queried(call.query),
      headers: { accept: 'application/json', ...headers(), ...call.headers },
    }
    if (call.signal) wire.signal = call.signal
    if (call.body !== undefined) {
      wire.headers['content-type'] = 'application/json'
      wire.body = JSON.stringify(call.body)
    }
    const { status, text } = await send(wire)
    if (status >= 400) throw new ApiError(status, problemOf(text))
    // The types promise what the document promises; the server's own tests hold it to that.
    return (text ? JSON.parse(text) : undefined) as Answer<Operation<P, M>>
  }
  return {
    get: <P extends PathsWith<'get'>>(path: P, call: Call<Operation<P, 'get'>> = {}) => ask('get', path, call),
    post: <P extends PathsWith<'post'>>(path: P, call: Call<Operation<P, 'post'>> = {}) => ask('post', path, call),
    put: <P extends PathsWith<'put'>>(path: P, call: Call<Operation<P, 'put'>> = {}) => ask('put', path, call),
    delete: <P extends PathsWith<'delete'>>(path: P, call: Call<Operation<P, 'delete'>> = {}) =>
      ask('delete', path, call),
  }
}

function filled(path: string, values: unknown): string {
  const known = (values ?? {}) as Record<string, unknown>
  return path.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(known[name])))
}

function queried(values: unknown): string {
  const pairs = Object.entries((values ?? {}) as Record<string, unknown>)
    .filter(([, value]) => value !== undefined && value !== null && value !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`)
  return pairs.length ? `?${pairs.join('&')}` : ''
}

/** A proxy's page of HTML is no problem document: the status alone must then do. */
function problemOf(text: string): Problem {
  try {
    const read: unknown = JSON.parse(text)
    return typeof read === 'object' && read !== null ? (read as Problem) : {}
  } catch {
    return {}
  }
}
