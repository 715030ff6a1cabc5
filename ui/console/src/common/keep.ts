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
