// Words prepared for many cases, filled in for one. What is not known of it stays a line to be filled in by hand.
export interface Facts {
  number?: string
  title?: string
  place?: string
  unit?: string
  asker?: string
  due?: string
  today?: string
  matter?: string
}

export const HOLES = ['number', 'title', 'place', 'unit', 'asker', 'due', 'today', 'matter'] as const

const BLANK = '____'

/** A hole that nobody knows is left as it was written: it is a mistake of the words, not of the case. */
export function fill(words: string, facts: Facts): string {
  return words.replace(/\{(\w+)\}/g, (hole, name: string) => {
    const known = HOLES.find(it => it === name)
    return known ? facts[known] || BLANK : hole
  })
}
