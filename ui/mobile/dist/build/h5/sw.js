// Keeps the app's own files in a browser, so that its pages open without a signal. Never an answer of the
// server's interface: what a worker may read offline lies where a log-out clears it. The build puts what
// is to be kept in FILES and names it by CACHE.
const FILES = ["assets/CasePhotos-Ibpo2LPy.css","assets/CasePhotos.C2nMuTwV.js","assets/ClaimCard-XPg2cY4a.css","assets/ClaimCard.DvHQQWkf.js","assets/DoorLine.vue_vue_type_script_setup_true_lang.DuE65lHV.js","assets/DraftNotes.vue_vue_type_script_setup_true_lang.BO_pIKaa.js","assets/OutCard-DPDXxjXR.css","assets/OutCard.DhJbVQAT.js","assets/PlacePicker.vue_vue_type_script_setup_true_lang.BjbNIusa.js","assets/WorkForm.vue_vue_type_script_setup_true_lang.B1_xr9CX.js","assets/case-CH7K2lBa.css","assets/case-CpmkyBo-.css","assets/claims.BMFdSdyR.js","assets/data-C7PdVlnk.css","assets/day.D5jFwoG2.js","assets/door.Dna-PcjF.js","assets/file.ClaO2UN0.js","assets/home-CTPMiYVl.css","assets/id.CnrWwKGJ.js","assets/index-BdFXvYUT.css","assets/index-jlpGgWhH.js","assets/k-card-DTH4vzpK.css","assets/k-card.BEGK_gC4.js","assets/k-choice-mx954V1q.css","assets/k-choice.icwCRtn-.js","assets/k-field-CFKdRwGV.css","assets/k-field.DmU2WL_D.js","assets/k-form-QU8efO1t.css","assets/k-form.PqKeDmt1.js","assets/k-note-DW2O3UgW.css","assets/k-note.dlKRaCLT.js","assets/k-page-D1DRJgr9.css","assets/k-page.DroyTsA3.js","assets/k-photos-CopJr8g6.css","assets/k-photos.D50Di4qH.js","assets/k-row-BFYUPTrX.css","assets/k-row.fHBtSehs.js","assets/k-sheet-DiTPx8ZL.css","assets/k-sheet.YL8G0aPN.js","assets/k-state-B4bKOC3V.css","assets/k-state.JTtrS0rw.js","assets/k-tag-thZ80D0a.css","assets/k-tag.BP5TcAjD.js","assets/locale-en.CYHra35d.js","assets/notice-CFs1K6Ag.css","assets/notices.CV4KBKmR.js","assets/openings.Dqiq5FqJ.js","assets/pages-around-around.DdXwGEbE.js","assets/pages-case-case.BDEXN0FB.js","assets/pages-data-data.BDjW39PD.js","assets/pages-door-door.B2oICSfz.js","assets/pages-home-home.Ciqo5Wx0.js","assets/pages-login-login.C_X0Y-Ui.js","assets/pages-matters-matters.BtlIdG6Z.js","assets/pages-me-me.CSdEkqv9.js","assets/pages-notice-notice.CGXWjiDA.js","assets/pages-notices-notices.EGFcUYJv.js","assets/pages-people-people.Bt7b85je.js","assets/pages-rates-rates.Bn7_98v_.js","assets/pages-say-say.SLbcPUkr.js","assets/pages-service-service.YDT_gJtk.js","assets/pages-worker-case-case.B5E0Zlcp.js","assets/pages-worker-enter-enter.D_6EQAlf.js","assets/pages-worker-open-open.CesuTxx-.js","assets/pages-worker-phone-phone.DwHQbm2U.js","assets/pages-worker-today-today.f-yRjy5T.js","assets/pages-worker-visits-visits.C9MJqvy3.js","assets/pages-worker-waiting-waiting.B-BEy8Wa.js","assets/people-BXG_Yb3Z.css","assets/rates-CHaUO0WW.css","assets/say-VMwQA4OA.css","assets/today-CHFyBW4q.css","assets/uni.837eb623.css","assets/untyped.B_Wg_Aar.js","assets/useAct.tVC19Bk0.js","assets/useCode.DmLxMqFM.js","assets/useLoad.BeQCmprm.js","assets/words.DACw-wg2.js","assets/words.DvRmLE6Z.js"]
const CACHE = 'app-124649f09f77'
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
