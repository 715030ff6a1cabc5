import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitest/config'

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url))

// Without uni-app's plugin: what is tested here is plain TypeScript, with `uni` played where it is needed.
export default defineConfig({
  resolve: { alias: { '@jinlin/api': here('../api'), '@': here('src') } },
  test: { include: ['src/**/*.test.ts', 'check/**/*.test.mjs'] },
})
