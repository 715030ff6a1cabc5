// The command as it is sent: the ids of the photos stand where the photos were.
import type { Command, Photo } from './item'

type Filled = Exclude<Command, { kind: 'report' }>

export function filled(command: Filled, photos: readonly Photo[]): Filled {
  if (command.kind !== 'open') return { ...command, form: { ...command.form, ...answers(photos) } }
  const { photos: shown, ...fields } = answers(photos)
  const body = { ...command.body, fields: { ...command.body.fields, ...fields } }
  return { ...command, body: Array.isArray(shown) ? { ...body, attachments: shown } : body }
}

function answers(photos: readonly Photo[]): Record<string, string | string[]> {
  const made: Record<string, string | string[]> = {}
  for (const { field, many, upload } of photos) {
    if (!upload) continue
    const known = made[field]
    if (!many) made[field] = upload
    else made[field] = [...(Array.isArray(known) ? known : []), upload]
  }
  return made
}
