import { effectScope } from 'vue'
import { expect, test } from 'vitest'
import { ApiError } from '@/api/client'
import { useLook } from './useLook'

/** A question whose answers are given by hand. */
function asked<T>() {
  const waiting: { signal: AbortSignal; answer: (it: T) => void; refuse: (reason: unknown) => void }[] = []
  const ask = (signal: AbortSignal) => new Promise<T>((answer, refuse) => waiting.push({ signal, answer, refuse }))
  const scope = effectScope()
  const look = scope.run(() => useLook(ask))
  if (!look) throw new Error('no scope')
  return { waiting, scope, ...look }
}
const turn = () => new Promise(done => setTimeout(done))

test('an earlier answer never replaces a later one', async () => {
  const { waiting, found, loading, load } = asked<string>()
  void load()
  void load()
  expect(waiting[0]?.signal.aborted).toBe(true)
  waiting[1]?.answer('later')
  await turn()
  waiting[0]?.answer('earlier')
  await turn()
  expect([found.value, loading.value]).toEqual(['later', false])
})

test('what was found stays when asking again fails, and what is missing is told apart', async () => {
  const { waiting, found, error, gone, load } = asked<string>()
  void load()
  waiting[0]?.answer('one')
  await turn()
  void load()
  waiting[1]?.refuse(new ApiError(503, {}))
  await turn()
  expect([found.value, error.value instanceof ApiError, gone.value]).toEqual(['one', true, false])
  void load()
  expect(error.value).toBeUndefined()
  waiting[2]?.refuse(new ApiError(404, {}))
  await turn()
  expect(gone.value).toBe(true)
})

test('whoever leaves is told nothing more', async () => {
  const { waiting, scope, error, load } = asked<string>()
  void load()
  scope.stop()
  expect(waiting[0]?.signal.aborted).toBe(true)
  waiting[0]?.refuse(new ApiError(500, {}))
  await turn()
  expect(error.value).toBeUndefined()
})
