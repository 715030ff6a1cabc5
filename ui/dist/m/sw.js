// Keeps the app's own files in a browser, so that its pages open without a signal. Never an answer of the
// server's interface: what a worker may read offline lies where a log-out clears it. The build puts what
// is to be kept in FILES and names it by CACHE.
const FILES = ["assets/CasePhotos-Ibpo2LPy.css","assets/CasePhotos.tfp-nz3e.js","assets/OutCard-Dd-aVPTi.css","assets/OutCard.OXV8p9G5.js","assets/WorkForm.vue_vue_type_script_setup_true_lang.BeCWqsgr.js","assets/boards-BY_YZFiQ.css","assets/boards.Ql50AZ6c.js","assets/case-BwL-NZBU.css","assets/case-CU4x9FWA.css","assets/county.D3sADE7g.js","assets/day.DjABNsCR.js","assets/doors.DxdBi88K.js","assets/file.kqYahPka.js","assets/home-sexr78TC.css","assets/index-BdFXvYUT.css","assets/index-DZUzhfgm.js","assets/locale-en.tzJLvBdo.js","assets/note.C3zRLnqb.js","assets/notice-BQyrvlnE.css","assets/notices.fH84u_Zv.js","assets/opening.ZyS6mBbH.js","assets/openings.BYN1n069.js","assets/pages-around-around.CfKO7yqJ.js","assets/pages-boards-boards.BriKlcZP.js","assets/pages-case-case.Dmdntny4.js","assets/pages-data-data.I-89qnun.js","assets/pages-door-door.71SH8OCD.js","assets/pages-home-home.CWJ-6ket.js","assets/pages-login-login.Cj2Hf0-E.js","assets/pages-matters-matters.CmACWsRj.js","assets/pages-me-me.C9fD7brp.js","assets/pages-notice-notice.57UqO9sI.js","assets/pages-notices-notices.DNtHrAvy.js","assets/pages-open-open.BfxkW6kp.js","assets/pages-people-people.CtrKJ2h1.js","assets/pages-rates-rates.26WIxgzS.js","assets/pages-say-say.D7YFI9i9.js","assets/pages-service-service.D5w4TTkM.js","assets/pages-worker-case-case.Bek8GYM-.js","assets/pages-worker-enter-enter.vNRws-1_.js","assets/pages-worker-meeting-meeting.1ed1P-mx.js","assets/pages-worker-meetings-meetings.BRsGFtrj.js","assets/pages-worker-open-open.BYwAzL69.js","assets/pages-worker-phone-phone.D6E8PeHT.js","assets/pages-worker-today-today.Ck_PDdWM.js","assets/pages-worker-visits-visits.BZl7MGa3.js","assets/pages-worker-waiting-waiting.BWQZ1Q0i.js","assets/parts-B1pLnIj1.css","assets/parts.BrQDzMDd.js","assets/people-Ck8iJ34G.css","assets/rates-CHaUO0WW.css","assets/say-Cfs3TWA7.css","assets/today-CGEt_njU.css","assets/uni.837eb623.css","assets/useCode.QmYib-0Y.js","assets/words.17Jb2-t5.js"]
const CACHE = 'app-e88453d69f80'
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
