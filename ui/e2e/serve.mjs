// Stands before the program: counts its event streams and passes everything on. With DIST, a folder of
// built files takes the place of those it carries. Usage: node serve.mjs PORT http://127.0.0.1:8311
import { createReadStream, existsSync, statSync } from 'node:fs'
import http from 'node:http'
import { extname, join, normalize } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createGzip } from 'node:zlib'
import { POLICY } from './policy.mjs'

const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }
/** A folder of built files to serve in place of those that the program carries: of one kind of pages, or `console` and `m`. */
const DIST = process.env.DIST
const BOTH = Boolean(DIST) && existsSync(join(DIST, 'console'))

/** The folder of an address and its path there; the phone web's own is served below /m/. */
function placeOf(path) {
  const phone = path.startsWith('/m/')
  return [BOTH ? join(DIST, phone ? 'm' : 'console') : DIST, phone ? path.slice(2) : path]
}

export function serve(port, server) {
  const seen = { feeds: 0 }
  const made = http.createServer((request, response) => {
    const path = new URL(request.url, 'http://x').pathname
    if (path === '/api/v1/feed') seen.feeds += 1
    if (!DIST || path.startsWith('/api/') || path === '/openapi.json') return pass(request, response, server)
    const [folder, within] = placeOf(path)
    const file = join(folder, normalize(within))
    const found = existsSync(file) && statSync(file).isFile() ? file : join(folder, 'index.html')
    response.writeHead(200, {
      'content-type': TYPES[extname(found)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
      'content-encoding': 'gzip', // as the program sends them, if not as tightly
      'x-content-type-options': 'nosniff',
    })
    createReadStream(found).pipe(createGzip()).pipe(response)
  })
  return new Promise(resolve => made.listen(port, '127.0.0.1', () => resolve(Object.assign(made, { seen }))))
}

function pass(request, response, server) {
  const { method, headers, url } = request
  const onward = http.request(server + url, { method, headers }, answer => {
    response.writeHead(answer.statusCode, answer.headers)
    response.flushHeaders() // a stream begins before its first word
    answer.pipe(response)
  })
  onward.on('error', () => response.writeHead(502).end())
  response.on('close', () => onward.destroy())
  request.pipe(onward)
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [port = '8200', server = 'http://127.0.0.1:8311'] = process.argv.slice(2)
  await serve(Number(port), server)
  process.stdout.write(`http://127.0.0.1:${port}\n`)
}
