// Keeps the app's own files in a browser, so that its pages open without a signal. Never an answer of the
// server's interface: what a worker may read offline lies where a log-out clears it. The build puts what
// is to be kept in FILES and names it by CACHE.
const FILES = ["assets/CasePhotos-Ibpo2LPy.css","assets/CasePhotos.DtT1Hv78.js","assets/ClaimCard-XPg2cY4a.css","assets/ClaimCard.BaZUJWHN.js","assets/DoorLine.vue_vue_type_script_setup_true_lang.BkIgOuN7.js","assets/DraftNotes.vue_vue_type_script_setup_true_lang.CHnombWv.js","assets/OutCard-DPDXxjXR.css","assets/OutCard.XDjcbAlR.js","assets/PlacePicker.vue_vue_type_script_setup_true_lang.Ef2GZ3gR.js","assets/WorkForm.vue_vue_type_script_setup_true_lang.jilQoQcD.js","assets/case-CH7K2lBa.css","assets/case-CpmkyBo-.css","assets/claims.CwUeQP5f.js","assets/data-C7PdVlnk.css","assets/day.C6U8geFF.js","assets/door.D9J9YggB.js","assets/file.BvMHI-7w.js","assets/home-CTPMiYVl.css","assets/id.CnrWwKGJ.js","assets/index-BQaN7wha.js","assets/index-BdFXvYUT.css","assets/k-card-DTH4vzpK.css","assets/k-card.D22lmL4d.js","assets/k-choice-mx954V1q.css","assets/k-choice.DIIJwy91.js","assets/k-field-CFKdRwGV.css","assets/k-field.Di0W0dPu.js","assets/k-form-QU8efO1t.css","assets/k-form.DVZlW6QU.js","assets/k-note-DW2O3UgW.css","assets/k-note.D9CIlztl.js","assets/k-page-D1DRJgr9.css","assets/k-page.7LJUFNyt.js","assets/k-photos-CopJr8g6.css","assets/k-photos.C7SZV9Ms.js","assets/k-row-BFYUPTrX.css","assets/k-row.cHSfTNN0.js","assets/k-sheet-DiTPx8ZL.css","assets/k-sheet.DIGsZ_Vt.js","assets/k-state-B4bKOC3V.css","assets/k-state.CcFKnBXC.js","assets/k-tag-thZ80D0a.css","assets/k-tag.xDrz87wT.js","assets/locale-en.CYHra35d.js","assets/notice-CFs1K6Ag.css","assets/notices.CQgyoyTP.js","assets/openings.CSo54YuK.js","assets/pages-around-around.DPpstOce.js","assets/pages-case-case.CZQVRiiB.js","assets/pages-data-data.DbRGpJ5C.js","assets/pages-door-door.jSAIGI9P.js","assets/pages-home-home.BKRfRdk1.js","assets/pages-login-login.CjG5Lnhw.js","assets/pages-matters-matters.CBQthX6G.js","assets/pages-me-me.eMUalmBX.js","assets/pages-notice-notice.BGcxw1ET.js","assets/pages-notices-notices.BhMYAUKW.js","assets/pages-people-people.7rFYcWC4.js","assets/pages-rates-rates.xRJQ5Enr.js","assets/pages-say-say.BkJPci6t.js","assets/pages-service-service.Cl7JZnOq.js","assets/pages-worker-case-case.0R3f73UL.js","assets/pages-worker-enter-enter.YxAVU720.js","assets/pages-worker-open-open.CKRn6cRf.js","assets/pages-worker-phone-phone.Bu_w_uDY.js","assets/pages-worker-today-today.DKAqXO3e.js","assets/pages-worker-visits-visits.53Nsdhfd.js","assets/pages-worker-waiting-waiting.Cyl3Kxfy.js","assets/people-BXG_Yb3Z.css","assets/rates-CHaUO0WW.css","assets/say-VMwQA4OA.css","assets/today-AchF6z_P.css","assets/uni.837eb623.css","assets/untyped.uq7_SWmF.js","assets/useAct.CMgKUgsD.js","assets/useCode.CTvVehW5.js","assets/useLoad.CsjB-T6g.js","assets/words.BSFT2Wtu.js","assets/words.TdviiRgT.js"]
const CACHE = 'app-3bc1ddf8ad7b'
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
