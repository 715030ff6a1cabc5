// Small things kept on this device. Storage may be full, forbidden, or hold what an older version
// wrote: none of that may stop anybody.
const PREFIX = 'jinlin.'

export function kept<T>(name: string, otherwise: T): T {
  try {
    const text: unknown = uni.getStorageSync(PREFIX + name)
    return typeof text === 'string' && text ? (JSON.parse(text) as T) : otherwise
  } catch {
    return otherwise
  }
}

/** Whether it could be kept. */
export function keep(name: string, value: unknown): boolean {
  try {
    uni.setStorageSync(PREFIX + name, JSON.stringify(value))
    return true
  } catch {
    return false
  }
}

export function drop(name: string): void {
  try {
    uni.removeStorageSync(PREFIX + name)
  } catch {
    // Where nothing can be kept, nothing is left.
  }
}

/** Drops everything whose name begins so. */
export function dropAll(beginning: string): void {
  const names = uni.getStorageInfoSync().keys.filter(it => it.startsWith(PREFIX + beginning))
  for (const name of names) drop(name.slice(PREFIX.length))
}
