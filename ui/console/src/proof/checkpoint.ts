// Checkpoints (C2SP `tlog-checkpoint`): a log's size and root as a signed note.
import { fromBase64, hex, utf8 } from './bytes'
import { Flaw, must } from './flaw'
import { accepts, isKeyName, type Key } from './key'
import type { Head } from './tree'

const LONGEST = 256 * 1024
const MOST_SIGNATURES = 100

export interface Checkpoint extends Head {
  /** Which log. */
  origin: string
}

interface SignatureLine {
  name: string
  id: string
  bytes: Uint8Array
}

interface Note {
  text: string
  signatures: SignatureLine[]
}

/** Reads a checkpoint that the key signed. */
export function openCheckpoint(text: string, key: Key): Checkpoint {
  const note = readNote(text)
  const claims = note.signatures.filter(it => it.name === key.name && it.id === key.id)
  must(claims.length > 0, 'unsigned')
  must(claims.every(it => accepts(key, note.text, it.bytes)), 'forged')
  const checkpoint = readHead(note.text)
  must(checkpoint.origin === key.name, 'other_log')
  return checkpoint
}

/** Which log a checkpoint names and which keys it says have signed it; nothing is checked. */
export function peekCheckpoint(text: string): Checkpoint & { signers: string[] } {
  const note = readNote(text)
  return { ...readHead(note.text), signers: note.signatures.map(it => `${it.name}+${it.id}`) }
}

function readNote(whole: string): Note {
  must(utf8(whole).length <= LONGEST, 'too_long')
  const end = whole.lastIndexOf('\n\n')
  must(end > 0 && whole.endsWith('\n'), 'note')
  const text = whole.slice(0, end + 1)
  // oxlint-disable-next-line no-control-regex -- they are what is looked for
  must(!/[\u0000-\u0009\u000b-\u001f]/.test(text), 'note')
  const lines = whole.slice(end + 2, -1).split('\n')
  must(lines.length <= MOST_SIGNATURES, 'too_long')
  return { text, signatures: lines.map(readSignature) }
}

function readSignature(line: string): SignatureLine {
  const [, name = '', signed = ''] = /^— ([^ ]*) (.*)$/.exec(line) ?? []
  const bytes = fromBase64(signed)
  if (!bytes || bytes.length < 5 || !isKeyName(name)) throw new Flaw('note')
  return { name, id: hex(bytes.slice(0, 4)), bytes: bytes.slice(4) }
}

function readHead(text: string): Checkpoint {
  const [origin = '', size = '', root = '', ...further] = text.slice(0, -1).split('\n')
  const hash = fromBase64(root)
  must(origin !== '' && /^(0|[1-9]\d*)$/.test(size) && Number.isSafeInteger(Number(size)), 'checkpoint')
  if (hash?.length !== 32 || further.includes('')) throw new Flaw('checkpoint')
  return { origin, size: Number(size), root: hash }
}
