// Time left, age of what is shown, and the states of what waits, as a worker reads them.
import { momentWords } from '@/clock/words'
import { t } from '@/locale'
import type { Item } from '@/outbox/item'
import { left, type Line } from './urgency'

export function timeWords(line: Pick<Line, 'due_at' | 'running'>, now: number): string {
  if (!line.running) return t('worker.stands_still')
  if (!line.due_at) return t('worker.no_limit')
  const { over, unit, n } = left(line.due_at, now)
  return t(over ? 'worker.over' : 'worker.left', { time: t(`worker.${unit}`, { n }) })
}

/** How old what is shown is; the time of day once it is no longer fresh. */
export function ageWords(at: number, now: number): string {
  const minutes = Math.floor((now - at) / 60_000)
  if (minutes < 1) return t('worker.fetched_now')
  return minutes < 60 ? t('worker.fetched_ago', { n: minutes }) : t('worker.fetched_at', { time: momentWords(new Date(at).toISOString(), now) })
}

export function stateWords({ state }: Item): string {
  switch (state.is) {
    case 'waiting':
      return t(`worker.out.${state.why ?? 'waiting'}`)
    case 'sending':
      return t('worker.out.sending')
    case 'sent':
      return t('worker.out.sent', { number: state.answer.number })
    case 'conflict':
      return t('worker.out.conflict')
    case 'refused':
      return refusal(state.problem)
  }
}

function refusal({ code, detail, problems = [] }: { code?: string; detail?: string; problems?: { detail: string }[] | null }): string {
  if (code === 'photo_lost' || code === 'too_old') return t(`worker.out.${code}`)
  const words = [detail, ...(problems ?? []).map(it => it.detail)].filter(Boolean)
  return t('worker.out.refused', { why: words.join(' ') })
}
