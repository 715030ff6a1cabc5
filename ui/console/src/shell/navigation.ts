// What stands in the side navigation. An entry names the operation it needs, so that a post is offered
// only what it may do; the server decides in any case.
export interface Entry {
  route: string
  /** Key of its name. */
  name: string
  /** The operation of the server without which the page is of no use. */
  needs: string
}

export const ENTRIES: readonly Entry[] = [
  { route: 'call', name: 'shell.call', needs: 'open_case' },
  { route: 'work', name: 'shell.work', needs: 'list_cases' },
  { route: 'cases', name: 'shell.cases', needs: 'list_cases' },
  { route: 'rates', name: 'shell.rates', needs: 'show_rates' },
  { route: 'places', name: 'shell.places', needs: 'show_census' },
]

/** What `/me` says of the acting post's rights; a server that does not say yet hides nothing. */
export function offered(me: { may?: string[] } | undefined): readonly Entry[] {
  const may = me?.may
  return may ? ENTRIES.filter(it => may.includes(it.needs)) : ENTRIES
}
