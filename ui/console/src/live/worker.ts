/// <reference lib="webworker" />
// The shared worker behind `stream.ts`: one event stream, told to every window that listens.
import { open, type Heard, type Health } from './source'

const scope = self as unknown as SharedWorkerGlobalScope
const ports = new Set<MessagePort>()
let health: Health = 'connecting'

open(scope.name, heard => {
  if (heard.kind === 'health') health = heard.health
  for (const port of ports) port.postMessage(heard)
})

scope.addEventListener('connect', connect => {
  const [port] = connect.ports
  if (!port) return
  ports.add(port)
  port.addEventListener('message', () => ports.delete(port))
  port.start()
  port.postMessage({ kind: 'health', health } satisfies Heard)
})
