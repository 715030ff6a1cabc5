// The event stream as a page hears it. One connection serves all windows of the browser, by a shared
// worker; a browser without shared workers opens one a window.
import { open, type Heard } from './source'
import workerAddress from './worker.ts?worker&url'

/** Listens to what a post may hear of. Returns how to stop. */
export function listen(address: string, hear: (heard: Heard) => void): () => void {
  if (typeof SharedWorker === 'undefined') return open(address, hear)
  // The worker's name is the address: one worker, and one stream, for each acting post.
  const worker = new SharedWorker(workerAddress, { type: 'module', name: address })
  worker.port.addEventListener('message', (message: MessageEvent<Heard>) => hear(message.data))
  worker.port.start()
  const leave = () => worker.port.postMessage('leave')
  window.addEventListener('pagehide', leave)
  return () => {
    window.removeEventListener('pagehide', leave)
    leave()
    worker.port.close()
  }
}
