// What can be filled in about a case, in the reader's words.
import { useI18n } from 'vue-i18n'
import type { Case } from '@/case/useCase'
import { dayOf, fullMoment } from '@/clock/clock'
import { fill, HOLES, type Facts } from './fill'

/** Street and narrowest place: what lies between repeats itself in their names. */
function placeOf({ path }: Case): string {
  const names = [path[1]?.name, path.length > 2 ? path[path.length - 1]?.name : undefined]
  return names.filter(Boolean).join('') || (path[0]?.name ?? '')
}

export function useFacts() {
  const { t, locale } = useI18n()

  return (of: Case): Facts => {
    const unit = of.facts.find(it => it.field === 'unit')?.text ?? of.owner?.title
    return {
      number: of.number,
      title: of.title ?? '',
      place: placeOf(of),
      asker: of.contact ?? t('phrases.asker'),
      matter: of.matter_title ?? '',
      today: dayOf(Date.now(), locale.value),
      due: of.clock.due_at ? fullMoment(of.clock.due_at, locale.value) : '',
      ...(unit ? { unit } : {}),
    }
  }
}

/** Words as they are shown where there is no case: what will be filled in is named in the reader's language. */
export function useHoles() {
  const { t } = useI18n()
  return (words: string): string => fill(words, Object.fromEntries(HOLES.map(it => [it, t('phrases.hole', { name: t(`phrases.holes.${it}`) })])))
}
