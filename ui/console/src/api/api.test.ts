// @vitest-environment node
import { readFileSync } from 'node:fs'
import { pathToFileURL } from 'node:url'
import openapiTS, { astToString } from 'openapi-typescript'
import { expect, expectTypeOf, test } from 'vitest'
import { ApiError, createApi, type Schemas, type Wire } from '@jinlin/api'

const answering = (status: number, text: string, seen: Wire[] = []) =>
  createApi(async wire => (seen.push(wire), { status, text }), { headers: () => ({ 'accept-language': 'en' }) })

test('schema.ts is what openapi.json says: `npm run schema` renews it', async () => {
  const document = pathToFileURL('../api/openapi.json')
  const kept = readFileSync('../api/schema.ts', 'utf8')
  const made = astToString(await openapiTS(document))
  // The command line writes a banner above what the library makes.
  expect(kept.slice(kept.indexOf('export interface paths'))).toBe(made)
})

test('a call is typed by path, query and answer', async () => {
  const seen: Wire[] = []
  const api = answering(200, '{"items":[],"next":null}', seen)
  const page = await api.get('/api/v1/cases', { query: { owner: 'me', q: '路灯', after: undefined } })
  expectTypeOf(page.items).toEqualTypeOf<Schemas['Line'][]>()
  expect(seen[0]?.url).toBe('/api/v1/cases?owner=me&q=%E8%B7%AF%E7%81%AF')
  expect(seen[0]?.headers).toEqual({ accept: 'application/json', 'accept-language': 'en' })
  // @ts-expect-error There is no such path.
  await api.get('/api/v1/nope')
})

test('a path is filled in and a body sent', async () => {
  const seen: Wire[] = []
  const path = { id: 'a/b', action: 'sign' }
  await answering(200, '{}', seen).post('/api/v1/cases/{id}/actions/{action}', { path, body: { note: '好' } })
  expect(seen[0]).toMatchObject({ method: 'POST', url: '/api/v1/cases/a%2Fb/actions/sign', body: '{"note":"好"}' })
})

test('a problem is an error with code and words', async () => {
  const asked = answering(409, '{"code":"wrong_state","detail":"已不在这一环节"}').get('/api/v1/me')
  await expect(asked).rejects.toThrow('已不在这一环节')
  await expect(asked).rejects.toMatchObject({ status: 409, code: 'wrong_state' })
})

test("a proxy's page is an error by its status alone", async () => {
  const asked = answering(502, '<html>').get('/api/v1/me')
  await expect(asked).rejects.toBeInstanceOf(ApiError)
  await expect(asked).rejects.toMatchObject({ status: 502, code: '', message: 'HTTP 502' })
})
