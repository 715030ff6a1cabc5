// A receipt, checked without asking anybody: the entry's text, the proof that it stands in the log, the
// checkpoint that was signed, and the key that it claims. In the order of `jinlin verify-receipt`.
import { same, utf8 } from './bytes'
import { openCheckpoint, type Checkpoint } from './checkpoint'
import { Flaw, must, type FlawName } from './flaw'
import { readKey, type Key } from './key'
import { hashOf, leafOf, verifyInclusion } from './tree'

const LAYOUT = 'jinlin-receipt-1'
const LONGEST = 4 * 1024 * 1024

export const STEPS = ['form', 'key', 'signature', 'leaf', 'path', 'entry'] as const
export type Step = (typeof STEPS)[number]

interface Receipt {
  layout: string
  entry: string
  proof: { position: number; size: number; leaf: string; hashes: string[] }
  checkpoint: string
  key: string
}

/** What stands in the log: the parts that people ask about. */
export interface SealedEntry {
  id: string
  /** In ms. */
  at: number
  kind: string
  /** Names of the private values of which only salted hashes are sealed. */
  hidden: string[]
  /** The case's number, where the entry says it. */
  number: string | undefined
  /** Its canonical text. */
  text: string
}

/** What came out; parts are there as far as the steps that yield them held. */
export interface Verdict {
  passed: Step[]
  failed?: { step: Step; flaw: FlawName }
  key?: { text: string; read: Key }
  checkpoint?: Checkpoint
  /** The signed note itself. */
  note?: string
  position?: number
  entry?: SealedEntry
}

export function verifyReceipt(document: Uint8Array): Verdict {
  const verdict: Verdict = { passed: [] }
  let step: Step = 'form'
  const pass = <T>(next: Step, prove: () => T): T => {
    step = next
    const proven = prove()
    verdict.passed.push(next)
    return proven
  }
  try {
    prove(document, verdict, pass)
  } catch (error) {
    if (!(error instanceof Flaw)) throw error
    verdict.failed = { step, flaw: error.flaw }
  }
  return verdict
}

function prove(document: Uint8Array, verdict: Verdict, pass: <T>(step: Step, prove: () => T) => T): void {
  const receipt = pass('form', () => readReceipt(document))
  const key = pass('key', () => readKey(receipt.key))
  verdict.key = { text: receipt.key, read: key }
  const checkpoint = pass('signature', () => openCheckpoint(receipt.checkpoint, key))
  Object.assign(verdict, { checkpoint, note: receipt.checkpoint, position: receipt.proof.position })
  const leaf = leafOf(utf8(receipt.entry))
  pass('leaf', () => {
    must(same(hashOf(receipt.proof.leaf), leaf), 'leaf')
    must(receipt.proof.size === checkpoint.size, 'size')
  })
  pass('path', () => verifyInclusion(leaf, receipt.proof.position, checkpoint, receipt.proof.hashes.map(hashOf)))
  verdict.entry = pass('entry', () => readEntry(receipt.entry))
}

/** Only exactly the spelling that was handed out is a receipt. */
function readReceipt(document: Uint8Array): Receipt {
  must(document.length <= LONGEST, 'too_long')
  const text = decoded(document)
  const receipt = shaped(parsed(text, 'not_json'))
  must(receipt.layout === LAYOUT, 'layout')
  must(`${JSON.stringify(receipt, null, 2)}\n` === text, 'spelling')
  return receipt
}

function decoded(document: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(document)
  } catch {
    throw new Flaw('not_json')
  }
}

function parsed(text: string, flaw: FlawName): Record<string, unknown> {
  try {
    const read: unknown = JSON.parse(text)
    if (typeof read === 'object' && read !== null) return read as Record<string, unknown>
  } catch {
    // No JSON is told as no object is.
  }
  throw new Flaw(flaw)
}

/** The members in their order; whatever else there was shows in the spelling. */
function shaped(read: Record<string, unknown>): Receipt {
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  const count = (value: unknown) => (Number.isSafeInteger(value) ? (value as number) : -1)
  const proof = (read['proof'] ?? {}) as Record<string, unknown>
  const hashes = Array.isArray(proof['hashes']) ? proof['hashes'].map(text) : []
  return {
    layout: text(read['layout']),
    entry: text(read['entry']),
    proof: { position: count(proof['position']), size: count(proof['size']), leaf: text(proof['leaf']), hashes },
    checkpoint: text(read['checkpoint']),
    key: text(read['key']),
  }
}

function readEntry(text: string): SealedEntry {
  const read = parsed(text, 'entry')
  const event = (read['event'] ?? {}) as Record<string, unknown>
  const opening = (event['opening'] ?? {}) as Record<string, unknown>
  const [id, at, kind] = [read['id'], read['at'], event['event']]
  if (typeof id !== 'string' || typeof at !== 'number' || typeof kind !== 'string') throw new Flaw('entry')
  return {
    id,
    at: at / 1000,
    kind,
    hidden: Object.keys((read['private'] ?? {}) as object),
    number: typeof opening['number'] === 'string' ? opening['number'] : undefined,
    text,
  }
}
