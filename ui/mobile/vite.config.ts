import uni from '@dcloudio/vite-plugin-uni'
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { defineConfig, type Plugin } from 'vite'

const server = process.env['JINLIN'] ?? 'http://127.0.0.1:8311'

/** uni-app's own styles fetch a shadow's picture from its vendor; nothing of ours may call out. */
const noVendorHost: Plugin = {
  name: 'no-vendor-host',
  enforce: 'post',
  generateBundle(_, bundle) {
    const shadow = /https:\/\/cdn\.dcloud\.net\.cn\/img\/shadow-[^"')`]*?\.png/g
    for (const file of Object.values(bundle)) {
      if (file.type === 'chunk') file.code = file.code.replace(shadow, 'data:,')
      else if (typeof file.source === 'string') file.source = file.source.replace(shadow, 'data:,')
    }
  },
}

/** The service worker of the phone web, with the names of all files it keeps; beside the page, so that it stands over it. */
const offline: Plugin = {
  name: 'offline',
  enforce: 'post',
  generateBundle(_, bundle) {
    if (process.env['UNI_PLATFORM'] !== 'h5') return
    const files = Object.keys(bundle).filter(it => it.startsWith('assets/')).sort()
    const cache = `app-${createHash('sha256').update(files.join()).digest('hex').slice(0, 12)}`
    const worker = readFileSync(resolve(__dirname, 'src/offline/worker.js'), 'utf8')
    const source = worker.replace('/* global FILES, CACHE */', `const FILES = ${JSON.stringify(files)}\nconst CACHE = '${cache}'`)
    this.emitFile({ type: 'asset', fileName: 'sw.js', source })
  },
}

/** Our components and what the first page needs; the pages stay apart. */
function together(id: string): string | undefined {
  if (/\/src\/(components|ui|api|door|draft|clock)\//.test(id)) return 'parts'
  return undefined
}

export default defineConfig({
  plugins: [uni(), noVendorHost, offline],
  resolve: { alias: { '@jinlin/api': resolve(__dirname, '../api') } },
  build: {
    target: 'es2015',
    assetsInlineLimit: 0,
    // On a slow line each file costs a journey: what every page of the web uses comes in one.
    ...(process.env['UNI_PLATFORM'] === 'h5' ? { rollupOptions: { output: { manualChunks: together } } } : {}),
  },
  server: { host: '127.0.0.1', port: 5174, proxy: { '/api': server } },
})
