// A change in words and numbers.
import { useI18n } from 'vue-i18n'
import type { Change } from './compare'

/** `points`: hundredths of a percentage point; `cases`: whole numbers. */
export type Unit = 'points' | 'cases'

export function useChangeWords() {
  const { t, locale } = useI18n()

  return (change: Change, unit: Unit): string => {
    if (change.is === 'unknown' || change.is === 'empty' || change.is === 'same') return t(`reports.changes.${change.is}`)
    if (change.is === 'few') return t('reports.changes.few', { count: change.count })
    const by = unit === 'points' ? (change.by / 100).toFixed(2) : change.by.toLocaleString(locale.value)
    const percent = change.percent === undefined ? '' : t('reports.changes.percent', { percent: change.percent })
    return t(`reports.changes.${change.is}_${unit}`, { by }) + percent
  }
}
