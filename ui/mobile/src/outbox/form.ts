// A form with a file as bytes: uni.request sends bytes on every platform, but makes no forms of them.
const BOUNDARY = 'jinlin-7f3a9c51'

export const FORM_TYPE = `multipart/form-data; boundary=${BOUNDARY}`

/** Names and values are ASCII. */
export function formOf(fields: Record<string, string>, file?: ArrayBuffer): ArrayBuffer {
  const words = Object.entries(fields).map(([name, value]) => `${part(name)}\r\n\r\n${value}\r\n`)
  const head = file ? `${part('file')}; filename="photo"\r\nContent-Type: application/octet-stream\r\n\r\n` : ''
  const tail = `${file ? '\r\n' : ''}--${BOUNDARY}--\r\n`
  return joined(bytes(words.join('') + head), new Uint8Array(file ?? new ArrayBuffer(0)), bytes(tail))
}

const part = (name: string) => `--${BOUNDARY}\r\nContent-Disposition: form-data; name="${name}"`

const bytes = (text: string) => Uint8Array.from(text, it => it.charCodeAt(0))

function joined(...parts: Uint8Array[]): ArrayBuffer {
  const whole = new Uint8Array(parts.reduce((length, it) => length + it.length, 0))
  let at = 0
  for (const it of parts) {
    whole.set(it, at)
    at += it.length
  }
  return whole.buffer as ArrayBuffer
}
