// What was typed into a form and not yet sent. Kept in memory only: words about people do not stay behind
// on a shared computer.
import type { Values } from '@/form/form'

const drafts = new Map<string, Values>()
const nameOf = (id: string, action: string) => `${id} ${action}`

export const draftOf = (id: string, action: string) => drafts.get(nameOf(id, action))

export function keepDraft(id: string, action: string, values: Values): void {
  drafts.set(nameOf(id, action), values)
}

export function dropDraft(id: string, action: string): void {
  drafts.delete(nameOf(id, action))
}

/** At the end of a session nothing of it is left. */
export const dropDrafts = () => drafts.clear()
