// A folder chosen in the browser as the files of packs: `base/pack.toml` → text.
export interface Chosen {
  /** Packs in it, each a folder with a `pack.toml`. */
  ids: string[]
  /** Path, beginning with the pack's folder → text. */
  files: Record<string, string>
}

export interface Source {
  path: string
  text: () => Promise<string>
}

export const sourcesOf = (files: Iterable<File>): Source[] =>
  Array.from(files, it => ({ path: it.webkitRelativePath || it.name, text: () => it.text() }))

/** Either one pack's own folder was chosen, or the folder above several. */
export async function choose(sources: readonly Source[]): Promise<Chosen> {
  const roots = sources.filter(it => it.path.endsWith('/pack.toml')).map(it => it.path.slice(0, -'/pack.toml'.length))
  const above = new Set(roots.map(it => it.split('/').slice(0, -1).join('/')))
  const base = above.size === 1 ? [...above][0] : undefined
  if (base === undefined) return { ids: [], files: {} }
  const prefix = base === '' ? '' : `${base}/`
  const kept = sources.filter(it => it.path.startsWith(prefix) && isMethod(it.path.slice(prefix.length)))
  const read = await Promise.all(kept.map(async it => [it.path.slice(prefix.length), await it.text()] as const))
  return { ids: roots.map(it => it.slice(prefix.length)).sort(), files: Object.fromEntries(read) }
}

/** Stories, the demo and notes are no part of the method. */
function isMethod(path: string): boolean {
  const [, top = ''] = path.split('/')
  return /\.(toml|csv)$/.test(path) && top !== 'stories' && top !== 'demo' && top !== 'demo.toml'
}

/** `base/procedures/appeal.toml:12:1` taken apart. */
export function placeOf(at: string): { file: string; line: string; column: string } {
  const [, file = at, line = '', column = ''] = /^(.*?):(\d+)(?::(\d+))?$/.exec(at) ?? []
  return { file, line, column }
}
