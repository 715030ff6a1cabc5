// Keeps the app's own files in a browser, so that its pages open without a signal. Never an answer of the
// server's interface: what a worker may read offline lies where a log-out clears it. The build puts what
// is to be kept in FILES and names it by CACHE.
const FILES = ["assets/CasePhotos-Ibpo2LPy.css","assets/CasePhotos.Da19b98S.js","assets/OutCard-Dd-aVPTi.css","assets/OutCard.Coy3Lj4D.js","assets/WorkForm.vue_vue_type_script_setup_true_lang.DbTIHL96.js","assets/boards-BY_YZFiQ.css","assets/boards.BHHHnUjy.js","assets/case-BwL-NZBU.css","assets/case-CU4x9FWA.css","assets/county.BZzB_rjB.js","assets/day.BFX8Tdv7.js","assets/doors.BpkUqhfN.js","assets/file.Cw4gxKLl.js","assets/home-sexr78TC.css","assets/index-BdFXvYUT.css","assets/index-Be-fz-TK.js","assets/locale-en.tzJLvBdo.js","assets/note.Dad4rh1G.js","assets/notice-BQyrvlnE.css","assets/notices.gfR-hobY.js","assets/opening.DwTZ3Ov0.js","assets/openings.Cf6rcaYv.js","assets/pages-around-around.BfHB31BL.js","assets/pages-boards-boards.9f7sRjcg.js","assets/pages-case-case.DPK7sAu8.js","assets/pages-data-data.BtbBe0XG.js","assets/pages-door-door.gzNp08KL.js","assets/pages-home-home.D0E9knR5.js","assets/pages-login-login.NyimM_AQ.js","assets/pages-matters-matters.DnYI-086.js","assets/pages-me-me.SE_Y1wd4.js","assets/pages-notice-notice.B_EWAhBh.js","assets/pages-notices-notices.Eqd1d13k.js","assets/pages-open-open.BfPwBVSV.js","assets/pages-people-people.DUDMdRek.js","assets/pages-rates-rates.Y-q8ygtK.js","assets/pages-say-say.BtBYI7zD.js","assets/pages-service-service.DPEHWAJl.js","assets/pages-worker-case-case.BxGHgUiD.js","assets/pages-worker-enter-enter.BEBf5DDA.js","assets/pages-worker-meeting-meeting.CAOJqr6v.js","assets/pages-worker-meetings-meetings.y9EnpggN.js","assets/pages-worker-open-open.B-kXF1Y4.js","assets/pages-worker-phone-phone.CtuhjEsD.js","assets/pages-worker-today-today.DqnpBieA.js","assets/pages-worker-visits-visits.BPlgZEF0.js","assets/pages-worker-waiting-waiting.QQKUFqfL.js","assets/parts-B1pLnIj1.css","assets/parts.8Yic7kjh.js","assets/people-Ck8iJ34G.css","assets/rates-CHaUO0WW.css","assets/say-Cfs3TWA7.css","assets/today-CGEt_njU.css","assets/uni.837eb623.css","assets/useCode.oGSZKehm.js","assets/words.7Ulfohbm.js"]
const CACHE = 'app-0f00754a329d'
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
