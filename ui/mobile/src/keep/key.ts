// Keys and ids drawn on the device: unlike each other, not secret.

function bytes(n: number): Uint8Array {
  const made = new Uint8Array(n)
  // A mini program knows no `crypto`; its ids need only be unlike each other.
  if (typeof crypto !== 'undefined' && typeof crypto.getRandomValues === 'function') return crypto.getRandomValues(made)
  return made.map(() => Math.floor(Math.random() * 256))
}

/** Bytes in hexadecimal digits. */
export const hexOf = (part: Uint8Array) => Array.from(part, byte => byte.toString(16).padStart(2, '0')).join('')

/** A key by which a repeated request is known. */
export const freshKey = () => hexOf(bytes(16))

/** A UUID of version 4; `crypto.randomUUID` is missing on plain http and in mini programs. */
export function freshId(): string {
  const made = bytes(16)
  made[6] = ((made[6] ?? 0) & 0x0f) | 0x40
  made[8] = ((made[8] ?? 0) & 0x3f) | 0x80
  const text = hexOf(made)
  return [text.slice(0, 8), text.slice(8, 12), text.slice(12, 16), text.slice(16, 20), text.slice(20)].join('-')
}
