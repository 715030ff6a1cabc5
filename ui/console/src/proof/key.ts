// Named Ed25519 keys of signed notes: `NAME+ID+BASE64`, as outsiders write them down.
import { ed25519 } from '@noble/curves/ed25519.js'
import { sha256 } from '@noble/hashes/sha2.js'
import { fromBase64, hex, joined, utf8 } from './bytes'
import { Flaw, must } from './flaw'

/** The type of plain Ed25519 in the C2SP register. */
const ED25519 = 1
const { Point } = ed25519

export interface Key {
  /** For a log's own key the origin of its checkpoints. */
  name: string
  /** Eight hexadecimal digits, the short word for the key in signatures. */
  id: string
  bytes: Uint8Array
}

export const isKeyName = (name: string): boolean => name !== '' && !/[+\p{White_Space}\p{Cc}]/u.test(name)

export function readKey(text: string): Key {
  const [name = '', id = '', ...rest] = text.split('+')
  const typed = fromBase64(rest.join('+'))
  if (!typed?.length || !isKeyName(name)) throw new Flaw('key_form')
  must(typed[0] === ED25519, 'key_type')
  const bytes = typed.slice(1)
  must(isSound(bytes), 'key_point')
  must(id === idOf(name, typed), 'key_id')
  return { name, id, bytes }
}

const idOf = (name: string, typed: Uint8Array): string => hex(sha256(joined(utf8(`${name}\n`), typed)).slice(0, 4))

/** A point of the curve's large group: small ones would let anybody sign. */
function isSound(bytes: Uint8Array): boolean {
  try {
    const point = Point.fromBytes(bytes)
    return !point.isSmallOrder() && point.isTorsionFree()
  } catch {
    return false
  }
}

/** By RFC 8032 and, as the server does, only with points that leave no second signature. */
export function accepts(key: Key, text: string, signature: Uint8Array): boolean {
  if (signature.length !== 64 || !isSound(signature.slice(0, 32))) return false
  return ed25519.verify(signature, utf8(text), key.bytes, { zip215: false })
}
