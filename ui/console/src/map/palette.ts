// Colours of a map, from the tokens that the whole page is drawn with.
import { TONES } from './scale'

export interface Palette {
  ground: string
  line: string
  strong: string
  ink: string
  halo: string
  accent: string
  red: string
  font: string
  size: number
  dark: boolean
  /** From none to most. */
  tones: readonly string[]
}

/** What the tones count: open cases, or late ones. */
export type Hue = 'accent' | 'red'

type Rgb = [number, number, number]

function rgb(hex: string): Rgb {
  const long = hex.length === 4 ? hex.replace(/[\da-f]/gi, '$&$&') : hex
  return [1, 3, 5].map(at => Number.parseInt(long.slice(at, at + 2), 16)) as Rgb
}

/** A colour between two, as a share of the way. */
export function between(from: string, to: string, share: number): string {
  const [a, b] = [rgb(from), rgb(to)]
  return `rgb(${a.map((it, at) => Math.round(it + ((b[at] ?? it) - it) * share)).join(',')})`
}

/** The strongest tone stays short of the full colour: names must be read on it. */
const FULL = 0.78

/** How far a tone is from nothing to the full colour. */
export const shareOf = (tone: number): number => (tone === 0 ? 0 : 0.1 + (tone / TONES) * (FULL - 0.1))

export function paletteOf(root: Element, hue: Hue = 'accent'): Palette {
  const style = getComputedStyle(root)
  const of = (token: string) => style.getPropertyValue(token).trim()
  const dark = root.closest('.dark') !== null
  const none = of('--surface')
  return {
    ground: of('--ground'),
    line: of('--line-strong'),
    strong: of('--ink-2'),
    ink: of('--ink'),
    halo: none,
    accent: of('--accent'),
    red: of('--red'),
    font: style.fontFamily,
    size: Number.parseFloat(style.fontSize),
    dark,
    tones: Array.from({ length: TONES + 1 }, (_, at) => between(none, of(`--${hue}`), shareOf(at))),
  }
}
