// Every area's words in one chunk: a language is loaded at once, when it is wanted.
import type { Words } from './words'

const areas = import.meta.glob<Words>('./zh-CN/*.json', { eager: true })

/** `door.json` holds the words of `door.`. */
const words: Words = {}
for (const [path, held] of Object.entries(areas)) {
  const area = path.split('/').pop()?.replace('.json', '') ?? ''
  words[area] = (held as { default?: Words }).default ?? held
}

export default words
