// Keeps the app's own files in a browser, so that its pages open without a signal. Never an answer of the
// server's interface: what a worker may read offline lies where a log-out clears it. The build puts what
// is to be kept in FILES and names it by CACHE.
const FILES = ["assets/CasePhotos-Ibpo2LPy.css","assets/CasePhotos.CC04iwwc.js","assets/OutCard-DPDXxjXR.css","assets/OutCard.zaICEnUW.js","assets/PlacePicker.vue_vue_type_script_setup_true_lang.Cj8EByfX.js","assets/case-B4w8Jgmw.css","assets/case-BwL-NZBU.css","assets/county._TyElFRT.js","assets/day.BC8KYeVj.js","assets/file.DWC0ajV-.js","assets/home-BNWAz_bb.css","assets/index-BdFXvYUT.css","assets/index-D0r4fPN2.js","assets/locale-en.Cp529GG0.js","assets/note.CarzWjIW.js","assets/notice-BQyrvlnE.css","assets/notices.D_UKH7lS.js","assets/openings.DPP-7XJP.js","assets/pages-around-around.Bt1q3FR1.js","assets/pages-case-case.A72ysNE_.js","assets/pages-data-data.BBO4AizE.js","assets/pages-door-door.Do3FfZNU.js","assets/pages-home-home.CThvwJoJ.js","assets/pages-login-login.2UJe9mj9.js","assets/pages-matters-matters.CoHXIgkw.js","assets/pages-me-me.Cqnei_2x.js","assets/pages-notice-notice.PCm5g8kW.js","assets/pages-notices-notices.DPnPh2RZ.js","assets/pages-people-people.C6qlXS6v.js","assets/pages-rates-rates.BfWVTDUq.js","assets/pages-say-say.u27P1aWt.js","assets/pages-service-service.ECqX0hBx.js","assets/pages-worker-case-case.VzYgYE2t.js","assets/pages-worker-enter-enter.C73BUTPf.js","assets/pages-worker-open-open.D69pY9tt.js","assets/pages-worker-phone-phone.DNotfFzC.js","assets/pages-worker-today-today.CqTPjBBF.js","assets/pages-worker-visits-visits.B7dzI7J-.js","assets/pages-worker-waiting-waiting.DqZ8wXDM.js","assets/parts-CtfiSeuA.css","assets/parts.C-NsaoVO.js","assets/people-Ck8iJ34G.css","assets/rates-CHaUO0WW.css","assets/say-DcjYDLwN.css","assets/today-_4aLotLp.css","assets/uni.837eb623.css","assets/words.DBGfgv8_.js"]
const CACHE = 'app-4d9864993d56'
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
