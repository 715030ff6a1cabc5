// What went wrong, in words for the reader.
import { useI18n } from 'vue-i18n'
import { ApiError, Unreachable } from '@/api/client'

export interface Told {
  /** One sentence. */
  words: string
  /** The stable code. */
  code: string
  /** Whether the same may work later without anything being changed. */
  passing: boolean
  /** Words for single fields. */
  fields: Record<string, string>
}

export function useProblems() {
  const { t } = useI18n()

  function tell(error: unknown): Told {
    if (error instanceof Unreachable) return { words: t('problem.unreachable'), code: '', passing: true, fields: {} }
    if (error instanceof ApiError) {
      const { detail, problems = [] } = error.problem
      const fields = Object.fromEntries(problems.map(it => [it.field, it.detail]))
      const words = detail ?? t('problem.status', { status: error.status })
      return { words, code: error.code, passing: error.status >= 500 || error.status === 429, fields }
    }
    return { words: t('problem.unknown'), code: '', passing: false, fields: {} }
  }

  return { tell }
}

/** Whether a call was given up by ourselves. */
export const isAborted = (error: unknown) => error instanceof DOMException && error.name === 'AbortError'
