// Packs as an administrator loads them: the county's own, with the small method in `beside/` beneath its words.
import { readFileSync } from 'node:fs'
import { method, tomls } from './methods.mjs'

const AREAS = new URL('beside/', import.meta.url)

/** Loads the county's method as a new version; `change` may alter its files, path → text. */
export async function loadCounty({ call, as }, change = files => files) {
  const files = { ...method('base'), ...method('shaxian') }
  const root = AREAS.pathname
  for (const it of tomls(root)) {
    const path = `shaxian/${it.slice(root.length).replace(/^\//, '')}`
    files[path] = `${files[path] ?? ''}\n${readFileSync(it, 'utf8')}`
  }
  files['shaxian/pack.toml'] = files['shaxian/pack.toml'].replace(/version = "[^"]*"/, `version = "2026.12.${Date.now() % 1_000_000_000}"`)
  return call('/packs', await as('system-admin'), { id: 'shaxian', files: change(files) })
}
