// Keeps the app's own files in a browser, so that its pages open without a signal. Never an answer of the
// server's interface: what a worker may read offline lies where a log-out clears it. The build puts what
// is to be kept in FILES and names it by CACHE.
/* global FILES, CACHE */
const SHELL = './'
/** How long a weak signal is waited for before the kept page is shown. */
const PATIENCE = 3000

self.addEventListener('install', event => event.waitUntil(keep()))
self.addEventListener('activate', event => event.waitUntil(clear()))
self.addEventListener('fetch', event => {
  const { request } = event
  if (request.mode === 'navigate') event.respondWith(page(request))
  else if (kept.has(request.url)) event.respondWith(file(request))
})

const kept = new Set(FILES.map(it => new URL(it, self.location.href).href))

async function keep() {
  const cache = await caches.open(CACHE)
  await cache.addAll([SHELL, ...FILES])
  await self.skipWaiting()
}

async function clear() {
  const names = await caches.keys()
  await Promise.all(names.filter(it => it.startsWith('app-') && it !== CACHE).map(it => caches.delete(it)))
  await self.clients.claim()
}

/** Hashed files never change: what is kept is what the server has. */
const file = async request => (await caches.match(request)) ?? fetch(request)

/** The server's page while it answers, so that a new version is seen at once; else the one that is kept. */
async function page(request) {
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error('late')), PATIENCE))
  try {
    return await Promise.race([fetch(request), late])
  } catch {
    return (await caches.match(SHELL)) ?? fetch(request)
  }
}
