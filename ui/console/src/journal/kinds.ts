// Kinds of entries, in the order in which a county meets them; each has its words in `journal.kinds`.
import { useI18n } from 'vue-i18n'

export const KINDS = ['case_opened', 'case_acted', 'case_unjoined', 'revealed', 'exported', 'uploaded', 'erased', 'imported', 'account_opened',
  'account_closed', 'credentials_changed', 'person_added', 'appointed', 'dismissed', 'absence_set', 'post_created', 'post_ended', 'org_added',
  'org_dissolved', 'place_added', 'place_closed', 'place_renamed', 'place_drawn', 'alias_added', 'households_registered', 'visit_recorded',
  'resident_registered', 'resident_verified', 'display_opened', 'display_ended', 'message_failed', 'called', 'pack_loaded', 'calendar_set', 'backed_up',
  'phrase_set', 'phrase_dropped', 'shift_handed_over', 'shift_taken', 'founded', 'key_rotated', 'epoch_begun'] as const

export function useKindWords() {
  const { t, te } = useI18n()
  /** A kind that is newer than this page is told as one of the others. */
  return (kind: string): string => (te(`journal.kinds.${kind}`) ? t(`journal.kinds.${kind}`) : t('journal.kinds.other'))
}
