// Noting on this phone what somebody logged in has said.
import type { Values } from '@/form/form'
import { newCase, type Hiding } from '@/form/opening'
import { t } from '@/locale'
import { say } from '@/outbox/box'
import type { Item, Voice } from '@/outbox/item'
import { session } from '@/session/session'
import type { Opening } from './day'
import { written } from './write'

/** The session has ended: nothing is noted in nobody's name. */
class Nobody extends Error {}

export function voiceAs(post: string): Voice {
  const person = session.me?.person
  if (!person) throw new Nobody()
  return { person, post, claim: '' }
}

/** Does what notes something; answers what went wrong in words, or nothing. */
export function attempt(deed: () => unknown): string {
  try {
    deed()
    return ''
  } catch (error) {
    return t(error instanceof Nobody ? 'worker.today.nobody' : 'worker.full')
  }
}

/** Notes something new as the post one acts as; throws when it cannot be kept. */
export function noteNew(it: Opening, values: Values, said: { about?: string; asker?: Hiding } = {}): Item {
  const { form, photos } = written(it.asks, values)
  const about = said.about ?? String(form['title'] ?? it.title)
  return say({ title: it.action, about, voice: voiceAs(session.me?.acting ?? ''), command: { kind: 'open', body: newCase(it.procedure, form, said.asker ?? 'named') }, photos })
}
