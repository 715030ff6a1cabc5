// The connection itself; runs in a window or in the shared worker.
import type { Schemas } from '@/api/client'

export type Happened = Schemas['Happened']
/** `off`: the server answered with something else than a stream (not for this post, or too many). */
export type Health = 'connecting' | 'live' | 'broken' | 'off'
export type Heard = { kind: 'case'; event: Happened } | { kind: 'health'; health: Health }

/** Opens a stream. The browser comes back by itself after a cut, and with `Last-Event-ID` misses nothing. */
export function open(address: string, hear: (heard: Heard) => void): () => void {
  let again: ReturnType<typeof setTimeout> | undefined
  let source: EventSource | undefined
  const begin = () => {
    source = new EventSource(address)
    source.addEventListener('open', () => hear({ kind: 'health', health: 'live' }))
    source.addEventListener('case', message => hear({ kind: 'case', event: JSON.parse(message.data) as Happened }))
    source.addEventListener('error', () => {
      // After an answer that is no stream the browser gives up; we do not.
      const refused = source?.readyState === EventSource.CLOSED
      hear({ kind: 'health', health: refused ? 'off' : 'broken' })
      if (refused) again = setTimeout(begin, 30_000)
    })
  }
  begin()
  return () => {
    clearTimeout(again)
    source?.close()
  }
}
