// The phone web as residents use it: say something in three taps, without a signal too; join, follow,
// rate, ask for a service, see one's data; axe on every page at two sizes and two sizes of type; weight
// and speed; then as grid workers do, for a day without a signal. Usage: node mobile.mjs SERVER [FOLDER OF SCREENSHOTS], against a demo's server.
// ONLY=say,offline chooses steps; DIST=../dist/m serves the pages from disk.
import { follow, join, mine, notices, renumber, service } from './mobile-matters.mjs'
import { openings } from './mobile-openings.mjs'
import { large, pages } from './mobile-pages.mjs'
import { anonymous, earlier, evidence, hide, map, offline, say, taken } from './mobile-say.mjs'
import { speed, weight } from './mobile-weight.mjs'
import { workerDay, workerEnded, workerEnter, workerPages } from './mobile-worker.mjs'
import { walk } from './walk.mjs'

const STEPS = {
  pages, large, openings, say, taken, map, anonymous, hide, evidence, offline, earlier, join, follow, service, notices, mine, renumber,
  workerPages, workerEnter, workerDay,
  workerEnded, weight, speed,
}

await walk(STEPS)
