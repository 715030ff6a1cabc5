import vue from '@vitejs/plugin-vue'
import { fileURLToPath } from 'node:url'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vitest/config'
import { OLDEST } from './browsers.ts'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const server = process.env['JINLIN'] ?? 'http://127.0.0.1:8311'

// Big parts change seldom: in chunks of their own, a change of ours leaves their files alone.
const vendors = [
  { name: 'vue', test: /node_modules[\\/](@vue|vue|vue-router|vue-i18n|@intlify|pinia)[\\/]/ },
  {
    name: 'element-plus',
    test: /node_modules[\\/](element-plus|@element-plus|@floating-ui|@popperjs|@sxzz|@vueuse|async-validator|dayjs|lodash)/,
  },
  { name: 'maplibre', test: /node_modules[\\/]maplibre-gl/ },
  { name: 'noble', test: /node_modules[\\/]@noble/ },
  { name: 'echarts', test: /node_modules[\\/](echarts|zrender)/ },
]

export default defineConfig({
  plugins: [vue(), Components({ dirs: [], dts: here('src/components.d.ts'), resolvers: [ElementPlusResolver()] })],
  resolve: { alias: { '@jinlin/api': here('../api'), '@': here('src') } },
  define: {
    // vue-i18n interprets messages: no `new Function`, which our Content-Security-Policy forbids.
    __INTLIFY_JIT_COMPILATION__: true,
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    __VUE_OPTIONS_API__: true, // Element Plus still uses it
    __VUE_PROD_DEVTOOLS__: false,
  },
  build: {
    target: OLDEST,
    cssTarget: OLDEST,
    outDir: here('../dist/console'),
    emptyOutDir: true,
    assetsInlineLimit: 0, // data: URLs of fonts and styles would offend the policy
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 1200,
    rolldownOptions: { output: { codeSplitting: { groups: vendors } } },
  },
  server: { host: '127.0.0.1', port: 5173, proxy: { '/api': server, '/openapi.json': server } },
  test: {
    environment: 'happy-dom',
    include: ['src/**/*.test.ts'],
    server: { deps: { inline: ['element-plus'] } },
  },
})
