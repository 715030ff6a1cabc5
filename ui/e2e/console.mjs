// The console as people use it: log in, open the queue, open a case, do an action of the pack; axe on
// every page in light and dark; screenshots. Usage: node console.mjs SERVER [FOLDER OF SCREENSHOTS]
// ONLY=pages,act chooses steps; SEED=200 makes more requests than the usual 110, with which a queue has a second page.
import { admin } from './admin.mjs'
import { act, conflict, evidence, firstDay, forms } from './acts.mjs'
import { benches } from './benches.mjs'
import { beside } from './beside.mjs'
import { desk } from './desk.mjs'
import { lists, live, streams, weight } from './lists.mjs'
import { maps, wall } from './maps.mjs'
import { method } from './method.mjs'
import { LOOKS, SIZES, focus, pages, roles } from './pages.mjs'
import { seed } from './seed.mjs'
import { server } from './tell.mjs'
import { telling } from './telling.mjs'
import { trouble } from './trouble.mjs'
import { unseen } from './unseen.mjs'
import { walk } from './walk.mjs'

const STEPS = {
  pages: async browser => {
    for (const size of SIZES) for (const how of LOOKS) await pages(browser, size, how)
  },
  act,
  conflict,
  live: browser => live(browser, () => seed(server, 1)),
  roles,
  forms,
  evidence,
  first: firstDay,
  focus,
  streams,
  lists,
  weight,
  trouble,
  desk,
  maps,
  wall,
  benches,
  unseen,
  beside,
  telling,
  method,
  admin,
}

await seed(server, Number(process.env.SEED ?? 110))
await walk(STEPS)
