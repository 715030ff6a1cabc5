// What a case made beside itself, each part with the page that shows it.
import type { RouteLocationRaw } from 'vue-router'
import type { Schemas } from '@/api/client'

export type Beside = Schemas['Beside']
export type Part = Schemas['BesidePart']
export const KINDS = ['gatherings', 'publications', 'records', 'bookings'] as const
export type Kind = (typeof KINDS)[number]

const PAGES: Record<Kind, (it: Part) => RouteLocationRaw> = {
  gatherings: it => ({ name: 'gathering', params: { id: it.id } }),
  publications: it => ({ name: 'boards', params: { board: it.of } }),
  records: it => ({ name: 'record', params: { id: it.id } }),
  bookings: it => ({ name: 'ledgers', params: { ledger: it.of } }),
}

export const pageOf = (kind: Kind, it: Part): RouteLocationRaw => PAGES[kind](it)

/** The kinds of which there is anything, in their order. */
export const partsOf = (beside: Beside): { kind: Kind; parts: Part[] }[] =>
  KINDS.map(kind => ({ kind, parts: beside[kind] })).filter(it => it.parts.length > 0)
