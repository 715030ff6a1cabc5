// Every area's words in one chunk: a language is loaded at once, when it is wanted.
import type { Words } from './words'

const areas = import.meta.glob<Words>('./zh-CN/*.json', { eager: true, import: 'default' })

export default Object.assign({}, ...Object.values(areas)) as Words
