// Opening the app without a signal, on the phone web. A mini program is on the phone anyway, and where a
// browser knows no service workers (or the address is plain http) the pages need a signal to open.

/** Keeps the app's files on this device from now on; for those who have to work without a signal. */
export function keepAppHere(): void {
  // #ifdef H5
  // A browser that will not have it, or has no room, goes on as before.
  if ('serviceWorker' in navigator) navigator.serviceWorker.register('sw.js').catch(() => undefined)
  // #endif
}
