// Addresses of the console. Every one can be opened by itself, kept and sent to a colleague.
import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router'
import { wallEnd } from './screen/wall'
import { useSession } from './session/session'
import { home } from './shell/navigation'

declare module 'vue-router' {
  interface RouteMeta {
    /** Whether it can be read without a log-in. */
    open?: boolean
  }
}

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/log-in', name: 'log-in', component: () => import('./session/LogInPage.vue'), meta: { open: true } },
    { path: '/receipt', name: 'receipt', component: () => import('./proof/ReceiptPage.vue'), meta: { open: true } },
    { path: '/post', name: 'post', component: () => import('./session/ChoosePostPage.vue') },
    { path: '/wall', name: 'wall', component: () => import('./screen/WallPage.vue'), meta: { open: true } },
    { path: '/screen', name: 'screen', component: () => import('./screen/ScreenPage.vue') },
    {
      path: '/',
      component: () => import('./shell/Shell.vue'),
      children: [
        { path: '', name: 'home', component: () => import('./shell/NowherePage.vue') },
        { path: 'work', name: 'work', component: () => import('./queue/WorkPage.vue'), props: { scope: 'mine' } },
        { path: 'cases', name: 'cases', component: () => import('./queue/WorkPage.vue'), props: { scope: 'all' } },
        { path: 'cases/:id', name: 'case', component: () => import('./case/CasePage.vue'), props: true },
        { path: 'open/:procedure?', name: 'open', component: () => import('./open/OpenPage.vue'), props: true },
        { path: 'call', name: 'call', component: () => import('./call/CallPage.vue') },
        { path: 'dispatch', name: 'dispatch', component: () => import('./dispatch/DispatchPage.vue') },
        { path: 'call-backs', name: 'call-backs', component: () => import('./callback/CallBackPage.vue') },
        { path: 'supervision', name: 'supervision', component: () => import('./supervision/SupervisionPage.vue') },
        { path: 'cases/:id/letter', name: 'letter', component: () => import('./supervision/LetterPage.vue'), props: true },
        { path: 'notices', name: 'notices', component: () => import('./notices/NoticesPage.vue') },
        { path: 'gatherings', name: 'gatherings', component: () => import('./gatherings/GatheringsPage.vue') },
        { path: 'gatherings/:id', name: 'gathering', component: () => import('./gatherings/GatheringPage.vue'), props: true },
        { path: 'boards/:board?', name: 'boards', component: () => import('./boards/BoardsPage.vue'), props: true },
        { path: 'registers', name: 'registers', component: () => import('./registers/RegistersPage.vue') },
        { path: 'registers/:register', name: 'register', component: () => import('./registers/RegisterPage.vue'), props: true },
        { path: 'records/:id', name: 'record', component: () => import('./registers/RecordPage.vue'), props: true },
        { path: 'ledgers/:ledger?', name: 'ledgers', component: () => import('./ledgers/LedgersPage.vue'), props: true },
        { path: 'cycles', name: 'cycles', component: () => import('./cycles/CyclesPage.vue') },
        { path: 'shift', name: 'shift', component: () => import('./shift/ShiftPage.vue') },
        { path: 'phrases', name: 'phrases', component: () => import('./phrases/PhrasesPage.vue') },
        { path: 'rates', name: 'rates', component: () => import('./rates/RatesPage.vue') },
        { path: 'indicators', name: 'indicators', component: () => import('./indicators/IndicatorsPage.vue') },
        { path: 'reports', name: 'reports', component: () => import('./reports/ReportsPage.vue') },
        { path: 'places/:code?', name: 'places', component: () => import('./places/PlacesPage.vue'), props: true },
        { path: 'accounts', name: 'accounts', component: () => import('./accounts/AccountsPage.vue') },
        { path: 'posts', name: 'posts', component: () => import('./posts/PostsPage.vue') },
        { path: 'hand-over', name: 'hand-over', component: () => import('./posts/HandOverPage.vue') },
        { path: 'administrators', name: 'administrators', component: () => import('./posts/AdministratorsPage.vue') },
        { path: 'pack', name: 'pack', component: () => import('./pack/PackPage.vue') },
        { path: 'pack/:hash', name: 'version', component: () => import('./pack/VersionPage.vue'), props: true },
        { path: 'procedures', name: 'procedures', component: () => import('./pack/ProceduresPage.vue') },
        { path: 'burden', name: 'burden', component: () => import('./burden/BurdenPage.vue') },
        { path: 'calendar', name: 'calendar', component: () => import('./calendar/CalendarPage.vue') },
        { path: 'journal', name: 'journal', component: () => import('./journal/JournalPage.vue') },
        { path: 'backups', name: 'backups', component: () => import('./backup/BackupPage.vue') },
        { path: ':rest(.*)', name: 'nowhere', component: () => import('./shell/NowherePage.vue') },
      ],
    },
  ],
  scrollBehavior: (_to, _from, saved) => saved ?? { top: 0 },
})

router.beforeEach(async to => {
  const session = useSession()
  try {
    await session.begin()
  } catch {
    // The server cannot be reached: the page itself says so, and tries again.
    return true
  }
  return guard(to)
})

function guard(to: RouteLocationNormalized) {
  const session = useSession()
  const asked = { to: to.fullPath }
  // Nobody logs in at a wall: after its end, or when it is switched on again later, it says what to do.
  if (!session.me && to.name === 'screen' && wallEnd(Date.now())) return { name: 'wall', query: { over: '' } }
  if (!session.me && !to.meta.open) return { name: 'log-in', query: to.fullPath === '/' ? {} : asked }
  // A wall looks at the screen and at nothing else.
  if (session.me?.display && to.name !== 'screen' && !to.meta.open) return { name: 'screen' }
  if (session.me && to.name === 'home') return { name: home(session.me.may) }
  return true
}
