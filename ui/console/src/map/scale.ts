// How many become which tone: 0 is none, then five tones by round numbers, so that a legend reads well
// and a single case more does not repaint the county.
export const TONES = 5

/** The least number of each tone from 1 on. */
export function bounds(most: number): number[] {
  const step = round(most / TONES)
  return Array.from({ length: TONES }, (_, at) => (at === 0 ? 1 : step * at + (step === 1 ? 1 : 0)))
}

/** The next of 1, 2, 5, 10, 20 … */
function round(value: number): number {
  if (value <= 1) return 1
  const power = 10 ** Math.floor(Math.log10(value))
  return ([1, 2, 5].find(it => it * power >= value) ?? 10) * power
}

export const toneOf = (count: number, least: readonly number[]): number => least.filter(it => count >= it).length
