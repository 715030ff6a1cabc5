// What stands in the side navigation, in groups. An entry names the operation it needs, so that a post
// is offered only what it may do; the server decides in any case.
export interface Entry {
  route: string
  /** Key of its name. */
  name: string
  /** The operation of the server without which the page is of no use. */
  needs: string
}

export interface Group {
  /** Key of its name. */
  name: string
  entries: readonly Entry[]
}

const GROUPS: readonly Group[] = [
  {
    name: 'shell.groups.handle',
    entries: [
      { route: 'call', name: 'shell.call', needs: 'open_case' },
      { route: 'open', name: 'shell.open', needs: 'open_case' },
      { route: 'dispatch', name: 'shell.dispatch', needs: 'list_suggestions' },
      { route: 'call-backs', name: 'shell.call_backs', needs: 'act_on_case' },
      { route: 'supervision', name: 'shell.supervision', needs: 'list_suggestions' },
      { route: 'work', name: 'shell.work', needs: 'list_actions' },
      { route: 'cases', name: 'shell.cases', needs: 'list_cases' },
      { route: 'shift', name: 'shell.shift', needs: 'list_shifts' },
      { route: 'notices', name: 'notices.title', needs: 'publish_notice' },
      { route: 'gatherings', name: 'gatherings.title', needs: 'list_gatherings' },
      { route: 'boards', name: 'boards.title', needs: 'list_boards' },
      { route: 'phrases', name: 'shell.phrases', needs: 'list_phrases' },
    ],
  },
  {
    name: 'shell.groups.look',
    entries: [
      { route: 'rates', name: 'shell.rates', needs: 'show_rates' },
      { route: 'indicators', name: 'indicators.title', needs: 'show_indicators' },
      { route: 'reports', name: 'reports.title', needs: 'show_rates' },
      { route: 'places', name: 'shell.places', needs: 'show_census' },
      { route: 'registers', name: 'registers.title', needs: 'list_registers' },
      { route: 'ledgers', name: 'ledgers.title', needs: 'list_ledgers' },
      { route: 'cycles', name: 'cycles.title', needs: 'list_cycles' },
      { route: 'procedures', name: 'pack.procedures', needs: 'list_procedures' },
      { route: 'burden', name: 'burden.title', needs: 'show_burden' },
      { route: 'screen', name: 'screen.title', needs: 'show_screen' },
    ],
  },
  {
    name: 'manage.group',
    entries: [
      { route: 'posts', name: 'staffing.title', needs: 'create_post' },
      { route: 'hand-over', name: 'handover.title', needs: 'hand_over_posts' },
      { route: 'accounts', name: 'accounts.title', needs: 'list_accounts' },
      { route: 'administrators', name: 'three.title', needs: 'dismiss' },
      { route: 'pack', name: 'pack.title', needs: 'load_pack' },
      { route: 'calendar', name: 'calendar.title', needs: 'import_calendar' },
      { route: 'journal', name: 'journal.title', needs: 'list_entries' },
      { route: 'backups', name: 'backup.title', needs: 'list_backups' },
    ],
  },
]

/** The groups of which a post with these rights is offered anything, without the routes where it could do nothing. */
export function offered(may: readonly string[], barred: readonly string[] = []): Group[] {
  return GROUPS.map(it => ({ ...it, entries: it.entries.filter(entry => may.includes(entry.needs) && !barred.includes(entry.route)) })).filter(
    it => it.entries.length > 0,
  )
}

/** Where the day of a post with these rights begins. */
export function home(may: readonly string[]): string {
  if (may.includes('list_actions')) return 'work'
  return offered(may)[0]?.entries[0]?.route ?? 'nowhere'
}
