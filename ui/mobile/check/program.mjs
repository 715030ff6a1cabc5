// A built mini program as a folder of files, and what its own lists say is in it.
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'

/** Opens a folder; throws when it holds no `app.json`. */
export function open(root) {
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map(it => it.split('\\').join('/'))
    .filter(it => statSync(join(root, it)).isFile())
  const read = file => readFileSync(join(root, file), 'utf8')
  const app = JSON.parse(read('app.json'))
  const packages = app.subPackages ?? app.subpackages ?? []
  return {
    files,
    read,
    app,
    packages,
    has: file => existsSync(join(root, file)),
    size: file => statSync(join(root, file)).size,
    ending: end => files.filter(it => it.endsWith(end)),
    pages: [...app.pages, ...packages.flatMap(it => it.pages.map(page => posix.join(it.root, page)))],
  }
}

/** The components that a file of settings names, as paths from the root without their ending. */
export function componentsOf(file, settings) {
  return Object.entries(settings.usingComponents ?? {})
    .filter(([, path]) => !path.startsWith('plugin://'))
    .map(([name, path]) => ({ name, path: path.startsWith('/') ? path.slice(1) : posix.join(dirname(file), path) }))
}
