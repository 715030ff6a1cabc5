// @vitest-environment node
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { utf8 } from './bytes'
import { openCheckpoint } from './checkpoint'
import { Flaw } from './flaw'
import { readKey } from './key'
import { verifyReceipt, type Step } from './receipt'
import { hashOf, leafOf, verifyConsistency, verifyInclusion, type Hash } from './tree'
import { sha256 } from '@noble/hashes/sha2.js'

// Made by a demo server; consistency between two of its checkpoints.
const text = (name: string) => readFileSync(join(import.meta.dirname, 'fixture', name), 'utf8')
const receipt = text('receipt.json')
const earlier = text('earlier.txt')
const later = text('later.txt')
const { hashes } = JSON.parse(text('consistency.json')) as { hashes: string[] }
const key = readKey((JSON.parse(receipt) as { key: string }).key)

const outcome = (document: string) => verifyReceipt(utf8(document))
const flawOf = (run: () => unknown) => {
  try {
    run()
  } catch (error) {
    return error instanceof Flaw ? error.flaw : error
  }
  return 'none'
}

interface Parts {
  layout: string
  entry: string
  proof: { position: number; size: number; leaf: string; hashes: string[] }
  checkpoint: string
  key: string
}
/** The receipt with a part changed, spelt as receipts are. */
function forged(change: (parts: Parts) => void): string {
  const parts = JSON.parse(receipt) as Parts
  change(parts)
  return `${JSON.stringify(parts, null, 2)}\n`
}
const flipped = (digit: string | undefined) => (digit === '0' ? '1' : '0')

test('a receipt of the server holds', () => {
  const verdict = outcome(receipt)
  expect(verdict.failed).toBeUndefined()
  expect(verdict.passed).toEqual(['form', 'key', 'signature', 'leaf', 'path', 'entry'])
  expect(verdict.entry).toMatchObject({ kind: 'case_opened', number: '2026112200006', hidden: ['body', 'contact', 'title'] })
  expect(verdict.checkpoint?.origin).toBe('jinlin/demo/shaxian')
  expect(new Date(verdict.entry?.at ?? 0).toISOString()).toBe('2026-11-22T05:43:27.040Z')
})

const other = 'jinlin/demo/shaxian+6f2e7a31+AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA='
const FORGERIES: [string, string, Step, string][] = [
  ['nothing', '', 'form', 'not_json'],
  ['a list', '[]', 'form', 'layout'],
  ['no text', '\uFEFF{}', 'form', 'not_json'],
  ['another layout', forged(it => (it.layout = 'jinlin-receipt-2')), 'form', 'layout'],
  ['a space more', receipt.replace('  "key"', '   "key"'), 'form', 'spelling'],
  ['a member more', receipt.replace('{\n', '{\n  "note": "x",\n'), 'form', 'spelling'],
  ['a position as text', receipt.replace(/"position": (\d+)/, '"position": "$1"'), 'form', 'spelling'],
  ['no last line', receipt.slice(0, -1), 'form', 'spelling'],
  ['no key', forged(it => (it.key = 'jinlin')), 'key', 'key_form'],
  ['a key cut short', forged(it => (it.key = it.key.slice(0, -4))), 'key', 'key_point'],
  ['a key of another kind', forged(it => (it.key = it.key.replace('+AZ', '+Ah'))), 'key', 'key_type'],
  ['a key with another id', forged(it => (it.key = it.key.replace('+1c', '+2c'))), 'key', 'key_id'],
  ['a key that is no point', forged(it => (it.key = other)), 'key', 'key_point'],
  ['a key that signs for anybody', forged(it => (it.key = 'x+00000000+AQEAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA')), 'key', 'key_point'],
  ['a greater log', forged(it => (it.checkpoint = it.checkpoint.replace('\n13', '\n23'))), 'signature', 'forged'],
  ['a changed root', forged(it => (it.checkpoint = it.checkpoint.replace('\nT', '\nU'))), 'signature', 'forged'],
  ['a changed signature', forged(it => (it.checkpoint = it.checkpoint.replace('SXgTNn', 'SXgTNm'))), 'signature', 'forged'],
  ['a signature by another', forged(it => (it.checkpoint = it.checkpoint.replace('— jinlin', '— kinlin'))), 'signature', 'unsigned'],
  ['no signature', forged(it => (it.checkpoint = `${it.checkpoint.split('\n\n')[0]}\n`)), 'signature', 'note'],
  ['another time', forged(it => (it.entry = it.entry.replace('"at":17', '"at":16'))), 'leaf', 'leaf'],
  ['another word', forged(it => (it.entry = it.entry.replace('oil_smoke', 'oil_smokE'))), 'leaf', 'leaf'],
  ['another leaf', forged(it => (it.proof.leaf = flipped(it.proof.leaf[0]) + it.proof.leaf.slice(1))), 'leaf', 'leaf'],
  ['another size', forged(it => (it.proof.size += 1)), 'leaf', 'size'],
  ['another position', forged(it => (it.proof.position += 1)), 'path', 'root'],
  ['no position of the log', forged(it => (it.proof.position = it.proof.size)), 'path', 'out_of_log'],
  ['a hash less', forged(it => it.proof.hashes.pop()), 'path', 'length'],
  ['capital digits', forged(it => (it.proof.hashes[0] = it.proof.hashes[0]?.toUpperCase() ?? '')), 'path', 'spelling'],
]

test.each(FORGERIES)('%s is told as forged', (_, document, step, flaw) => {
  const verdict = outcome(document)
  expect(verdict.failed).toEqual({ step, flaw })
  expect(verdict.entry).toBeUndefined()
})

test('each hash of the proof counts', () => {
  for (const at of (JSON.parse(receipt) as Parts).proof.hashes.keys()) {
    const document = forged(it => (it.proof.hashes[at] = flipped(it.proof.hashes[at]?.[0]) + it.proof.hashes[at]?.slice(1)))
    expect(outcome(document).failed, String(at)).toEqual({ step: 'path', flaw: 'root' })
  }
})

test('a later checkpoint of the server begins with the earlier one, and with no other', () => {
  const [before, after] = [openCheckpoint(earlier, key), openCheckpoint(later, key)]
  expect(after.size).toBeGreaterThan(before.size)
  const proof = hashes.map(hashOf)
  verifyConsistency(before, after, proof)
  expect(flawOf(() => verifyConsistency(after, before, proof))).toBe('shrinks')
  expect(flawOf(() => verifyConsistency({ ...before, root: after.root }, after, proof))).toBe('root')
  expect(flawOf(() => verifyConsistency(before, after, proof.slice(1)))).toBe('length')
  expect(flawOf(() => verifyConsistency(before, after, [after.root, ...proof.slice(1)]))).toBe('root')
})

// The definitions of RFC 6962 themselves, over whole lists: slow and plain.
const node = (a: Hash, b: Hash) => sha256(Uint8Array.from([1, ...a, ...b]))
const split = (n: number) => 2 ** Math.ceil(Math.log2(n) - 1)
function root(leaves: Hash[]): Hash {
  const [only] = leaves
  if (leaves.length < 2) return only ?? sha256(new Uint8Array())
  const k = split(leaves.length)
  return node(root(leaves.slice(0, k)), root(leaves.slice(k)))
}
function path(m: number, leaves: Hash[]): Hash[] {
  if (leaves.length < 2) return []
  const k = split(leaves.length)
  return m < k ? [...path(m, leaves.slice(0, k)), root(leaves.slice(k))] : [...path(m - k, leaves.slice(k)), root(leaves.slice(0, k))]
}
function grown(m: number, leaves: Hash[], whole: boolean): Hash[] {
  if (m === leaves.length) return whole ? [] : [root(leaves)]
  const k = split(leaves.length)
  return m <= k
    ? [...grown(m, leaves.slice(0, k), whole), root(leaves.slice(k))]
    : [...grown(m - k, leaves.slice(k), false), root(leaves.slice(0, k))]
}

test('proofs of every size up to 20 are those of the definition', () => {
  const all = Array.from({ length: 20 }, (_, it) => leafOf(Uint8Array.of(it)))
  for (let size = 1; size <= all.length; size += 1) {
    const leaves = all.slice(0, size)
    const head = { size, root: root(leaves) }
    leaves.forEach((leaf, at) => verifyInclusion(leaf, at, head, path(at, leaves)))
    for (let m = 1; m <= size; m += 1) verifyConsistency({ size: m, root: root(leaves.slice(0, m)) }, head, grown(m, leaves, true))
    verifyConsistency({ size: 0, root: root([]) }, head, [])
  }
})
