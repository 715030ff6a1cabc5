// A first password: read out or copied once, so without letters that look alike.
const LETTERS = 'ABCDEFGHJKMNPQRSTUVWXYZ'
const SMALL = 'abcdefghjkmnpqrstuvwxyz'
const DIGITS = '23456789'
const ALL = LETTERS + SMALL + DIGITS

/** Four groups of four, with a letter of each kind and a digit, from the browser's own source of chance. */
export function firstPassword(bytes: () => number = randomByte): string {
  const kinds = [LETTERS, SMALL, DIGITS]
  const drawn = Array.from({ length: 16 }, (_, at) => draw(kinds[at % 4] ?? ALL, bytes))
  return [0, 4, 8, 12].map(at => drawn.slice(at, at + 4).join('')).join('-')
}

const randomByte = () => crypto.getRandomValues(new Uint8Array(1))[0] ?? 0

/** Bytes beyond the last whole multiple are thrown away: every letter is as likely as any other. */
function draw(from: string, bytes: () => number): string {
  const fair = 256 - (256 % from.length)
  let byte = bytes()
  while (byte >= fair) byte = bytes()
  return from.charAt(byte % from.length)
}
