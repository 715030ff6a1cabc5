import uni from '@dcloudio/vite-plugin-uni'
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

export default defineConfig({
  plugins: [uni(), noVendorHost],
  resolve: { alias: { '@jinlin/api': resolve(__dirname, '../api') } },
  build: { target: 'es2015', assetsInlineLimit: 0 },
  server: { host: '127.0.0.1', port: 5174, proxy: { '/api': server } },
})
