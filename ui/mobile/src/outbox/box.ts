// The one outbox of this device.
import { freshKey } from '@/keep/key'
import { session } from '@/session/session'
import { computed, shallowRef, watch } from 'vue'
import { courier } from './courier'
import type { Item, Saying } from './item'
import { Outbox } from './outbox'
import { shelf } from './shelf'

const time = {
  now: () => Date.now(),
  wake(after: number, call: () => void) {
    const timer = setTimeout(call, after)
    return () => clearTimeout(timer)
  },
}

export const outbox = new Outbox(shelf, courier, time, freshKey)

/** What it holds, the oldest first; for pages. */
export const outgoing = shallowRef<readonly Item[]>([])

/** What whoever is logged in has said here. */
export const mine = computed(() => outgoing.value.filter(it => it.voice.person === (session.me?.person ?? '')))

let begun = false

/** Begins to send; at the start of the app. */
export function beginOutbox(): void {
  if (begun) return
  begun = true
  const show = () => (outgoing.value = outbox.items())
  outbox.watch(show)
  show()
  uni.onNetworkStatusChange(({ isConnected }) => isConnected && void outbox.wake())
  watch(
    () => session.me?.person,
    () => void outbox.wake(),
    { immediate: true },
  )
}

/** Says something: it is sent now or when it can be. Throws when the device has no room to keep it. */
export const say = (saying: Saying, key?: string): Item => outbox.say(saying, key)

const isUntried = (id: string) => outbox.items().some(it => it.id === id && (it.state.is === 'sending' || (it.state.is === 'waiting' && it.state.tries === 0)))

/** Resolves when it has been tried, whatever was waited for before; or when it cannot be at present. */
export function tried(id: string): Promise<void> {
  let stop = () => {}
  const one = new Promise<void>(done => {
    stop = outbox.watch(() => isUntried(id) || done())
  })
  const all = outbox.run().then(() => (isUntried(id) ? outbox.wake() : undefined))
  return Promise.race([one, all]).finally(() => stop())
}
