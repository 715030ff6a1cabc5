// What can be filled in about a case, in the reader's words.
import { useI18n } from 'vue-i18n'
import type { Case } from '@/case/useCase'
import { dayOf, fullMoment } from '@/clock/clock'
import type { Facts } from './fill'

export function useFacts() {
  const { t, locale } = useI18n()

  return (of: Case): Facts => {
    const unit = of.facts.find(it => it.field === 'unit')?.text ?? of.owner?.title
    return {
      number: of.number,
      title: of.title ?? '',
      place: of.path.slice(1).map(it => it.name).join('') || (of.path[0]?.name ?? ''),
      asker: of.contact ?? t('phrases.asker'),
      matter: of.matter_title ?? '',
      today: dayOf(Date.now(), locale.value),
      due: of.clock.due_at ? fullMoment(of.clock.due_at, locale.value) : '',
      ...(unit ? { unit } : {}),
    }
  }
}
