// Texts of bytes, read strictly: one text for one value, as the server reads them.
export const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)

export const hex = (bytes: Uint8Array): string => Array.from(bytes, it => it.toString(16).padStart(2, '0')).join('')

/** Only lower case, of exactly `length` bytes. */
export function fromHex(text: string, length: number): Uint8Array | undefined {
  if (text.length !== length * 2 || !/^[0-9a-f]*$/.test(text)) return undefined
  return Uint8Array.from(text.match(/../g) ?? [], it => Number.parseInt(it, 16))
}

/** Base64 with its padding; nothing when another text would say the same. */
export function fromBase64(text: string): Uint8Array | undefined {
  try {
    const read = atob(text)
    return btoa(read) === text ? Uint8Array.from(read, it => it.charCodeAt(0)) : undefined
  } catch {
    return undefined
  }
}

export const same = (a: Uint8Array, b: Uint8Array): boolean => a.length === b.length && a.every((it, at) => it === b[at])

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, it) => sum + it.length, 0))
  parts.reduce((at, it) => (whole.set(it, at), at + it.length), 0)
  return whole
}
