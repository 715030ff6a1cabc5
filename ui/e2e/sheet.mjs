// Reads a spreadsheet back, as far as the checks need it: its rows as texts.
import { inflateRawSync } from 'node:zlib'

/** Name → text of the files of a zip archive, by its central directory. */
function unzip(bytes) {
  const end = bytes.lastIndexOf(Buffer.from('PK\x05\x06', 'latin1'))
  let at = bytes.readUInt32LE(end + 16)
  const files = new Map()
  while (bytes.readUInt32LE(at) === 0x02014b50) {
    const [method, packed] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20)]
    const [name, extra, comment] = [28, 30, 32].map(it => bytes.readUInt16LE(at + it))
    const local = bytes.readUInt32LE(at + 42)
    const begin = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28)
    const body = bytes.subarray(begin, begin + packed)
    files.set(bytes.toString('utf8', at + 46, at + 46 + name), (method === 8 ? inflateRawSync(body) : body).toString('utf8'))
    at += 46 + name + extra + comment
  }
  return files
}

const plain = xml => xml.replace(/<[^>]*>/g, '').replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&#?\w+;/g, ' ').replace(/&amp;/g, '&')

/** The first sheet: rows of cells, each with its text and whether it is kept as text. */
export function rowsOf(bytes) {
  const files = unzip(bytes)
  const shared = [...(files.get('xl/sharedStrings.xml') ?? '').matchAll(/<si>(.*?)<\/si>/gs)].map(it => plain(it[1]))
  const sheet = files.get('xl/worksheets/sheet1.xml')
  return [...sheet.matchAll(/<row [^>]*>(.*?)<\/row>/gs)].map(row =>
    [...row[1].matchAll(/<c ([^>]*)>(.*?)<\/c>/gs)].map(([, about, inner]) => {
      const kind = /t="(\w+)"/.exec(about)?.[1]
      const value = plain(inner)
      return { text: kind === 's' ? shared[Number(value)] : value, isText: kind === 's' || kind === 'inlineStr' || kind === 'str' }
    }),
  )
}
