// What MapLibre calls and the oldest browsers lack; the build turns new words into old ones, but adds no
// functions. Loaded with the map and with its worker, nowhere else.
type Lists = { at?: (at: number) => unknown }

for (const list of [Array.prototype, String.prototype] as unknown as Lists[]) {
  if (list.at) continue
  Object.defineProperty(list, 'at', {
    configurable: true,
    writable: true,
    value(this: ArrayLike<unknown>, at: number) {
      return this[at < 0 ? this.length + at : at]
    },
  })
}

const objects = Object as unknown as { hasOwn?: (of: object, name: PropertyKey) => boolean }
objects.hasOwn ??= (of, name) => Object.prototype.hasOwnProperty.call(of, name)
