// Something new is noted on this phone, as the post one acts as.
import type { Values } from '@/form/form'
import { say } from '@/outbox/box'
import type { Item } from '@/outbox/item'
import { session } from '@/session/session'
import type { Opening } from './day'
import { newCase, written, type Hiding } from './write'

/** Notes it; throws when the phone has no room for it. */
export function noteNew(it: Opening, values: Values, said: { about?: string; asker?: Hiding } = {}): Item {
  const { form, photos } = written(it.asks, values)
  const about = said.about ?? String(form['title'] ?? it.title)
  const voice = { person: session.me?.person ?? '', post: session.me?.acting ?? '', claim: '' }
  return say({ title: it.action, about, voice, command: { kind: 'open', body: newCase(it.procedure, form, said.asker ?? 'named') }, photos })
}
