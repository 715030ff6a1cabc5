// The methods in `packs/` as files, as the interface takes them.
import { readFileSync, readdirSync } from 'node:fs'

export const PACKS = new URL('../../packs/', import.meta.url).pathname

/** Paths of all TOML files below a folder. */
export const tomls = folder => readdirSync(folder, { recursive: true, withFileTypes: true }).filter(it => it.isFile() && it.name.endsWith('.toml')).map(it => `${it.parentPath ?? it.path}/${it.name}`)

/** Files of a pack as they are loaded: its method, without stories and demo. */
export function method(name) {
  const root = PACKS + name
  const files = tomls(root).map(it => [name + it.slice(root.length).replace('//', '/'), readFileSync(it, 'utf8')])
  return Object.fromEntries(files.filter(([path]) => !/\/(stories|demo)[/.]/.test(path)))
}
