// What went wrong, in words for the reader.
import { t } from '@/locale'
import { ApiError, Unreachable } from './client'

export interface Told {
  /** One sentence. */
  words: string
  /** The stable code of `docs/errors.md`; empty when no server answered. */
  code: string
  /** Whether the same may work later without anything being changed. */
  passing: boolean
  /** Words for single fields. */
  fields: Record<string, string>
}

export function tell(error: unknown): Told {
  if (error instanceof Unreachable) return { words: t('problem.unreachable'), code: '', passing: true, fields: {} }
  if (!(error instanceof ApiError)) return { words: t('problem.unknown'), code: '', passing: false, fields: {} }
  const { detail, problems = [] } = error.problem
  return {
    words: detail ?? t('problem.status', { status: error.status }),
    code: error.code,
    passing: error.status >= 500 || error.status === 429,
    fields: Object.fromEntries(problems.map(it => [it.field, it.detail])),
  }
}
