// The Merkle tree of RFC 6962 §2.1: its two hash functions, and the proofs that an entry stands in a log
// and that a log only grew. The same as the server's `tlog`, step by step; sizes up to 2⁵³.
import { sha256 } from '@noble/hashes/sha2.js'
import { fromHex, joined, same } from './bytes'
import { Flaw, must } from './flaw'

export type Hash = Uint8Array

/** What a log commits to: how many entries, and the root over them. */
export interface Head {
  size: number
  root: Hash
}

/** Leaves from `start` up to `end`, which is not among them. */
interface Range {
  start: number
  end: number
}

const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)

export const leafOf = (entry: Uint8Array): Hash => sha256(joined(LEAF, entry))
const nodeOf = (left: Hash, right: Hash): Hash => sha256(joined(NODE, left, right))

/** A hash as 64 hexadecimal digits. */
export function hashOf(text: string): Hash {
  const bytes = fromHex(text, 32)
  if (!bytes) throw new Flaw('spelling')
  return bytes
}

export function verifyInclusion(leaf: Hash, index: number, head: Head, proof: readonly Hash[]): void {
  const path = auditPath(index, head.size)
  must(path.length === proof.length, 'length')
  const root = proof.reduce((below, other, at) => ((path[at]?.start ?? 0) > index ? nodeOf(below, other) : nodeOf(other, below)), leaf)
  must(same(root, head.root), 'root')
}

/** That the log of the `later` head begins with the entries of the `earlier` one, in order. */
export function verifyConsistency(earlier: Head, later: Head, proof: readonly Hash[]): void {
  const ranges = commonGround(earlier.size, later.size)
  must(ranges.length === proof.length, 'length')
  if (earlier.size === 0) return must(same(earlier.root, sha256(new Uint8Array())), 'root')
  // A perfect old tree stands whole in the new one; the proof leaves out its root, known as it is.
  const seed = ranges[0]?.end === earlier.size ? proof[0] : undefined
  let [before, after] = [seed ?? earlier.root, seed ?? earlier.root]
  for (let at = seed ? 1 : 0; at < proof.length; at += 1) {
    const [range, other] = [ranges[at], proof[at]]
    if (!range || !other) throw new Flaw('length')
    after = range.start < earlier.size ? nodeOf(other, after) : nodeOf(after, other)
    if (range.start < earlier.size) before = nodeOf(other, before)
  }
  must(same(before, earlier.root) && same(after, later.root), 'root')
}

/** PATH of §2.1.1: the siblings on the way from a leaf up to the root. */
function auditPath(index: number, size: number): Range[] {
  must(index >= 0 && index < size, 'out_of_log')
  const path: Range[] = []
  let tree: Range = { start: 0, end: size }
  while (tree.end - tree.start > 1) {
    const [left, right] = halves(tree)
    path.unshift(index < left.end ? right : left)
    tree = index < left.end ? left : right
  }
  return path
}

/** PROOF of §2.1.2: subtrees that together show the old root within the new. The empty log needs none. */
function commonGround(earlier: number, later: number): Range[] {
  must(earlier <= later, 'shrinks')
  const path: Range[] = []
  let tree: Range = { start: 0, end: earlier === 0 ? 0 : later }
  while (tree.end !== earlier) {
    const [left, right] = halves(tree)
    path.unshift(earlier <= left.end ? right : left)
    tree = earlier <= left.end ? left : right
  }
  return tree.start > 0 ? [tree, ...path] : path
}

/** Splits at the largest power of two below the length. */
function halves({ start, end }: Range): [Range, Range] {
  let half = 1
  while (half * 2 < end - start) half *= 2
  return [
    { start, end: start + half },
    { start: start + half, end },
  ]
}
