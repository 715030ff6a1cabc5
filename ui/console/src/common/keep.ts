// Small things kept in this browser. Storage may be full, forbidden, or hold what an older version
// wrote: none of that may stop the work.
const PREFIX = 'jinlin.'

export function kept<T>(name: string, otherwise: T, where: () => Storage = () => localStorage): T {
  try {
    const text = where().getItem(PREFIX + name)
    return text === null ? otherwise : (JSON.parse(text) as T)
  } catch {
    return otherwise
  }
}

export function keep(name: string, value: unknown, where: () => Storage = () => localStorage): void {
  try {
    where().setItem(PREFIX + name, JSON.stringify(value))
  } catch {
    // Kept for this visit only.
  }
}

/** Drops all whose name begins so. */
export function dropKept(start: string, where: () => Storage): void {
  try {
    const names = Array.from({ length: where().length }, (_, at) => where().key(at) ?? '')
    for (const name of names) if (name.startsWith(PREFIX + start)) where().removeItem(name)
  } catch {
    // Where nothing can be kept, nothing is left.
  }
}
