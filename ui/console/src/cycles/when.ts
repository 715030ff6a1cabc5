// When within its period a cycle comes, as the pack writes it: `19:30`, `fri`, `wd 1`, `day 25`, `12-01`.
export type When =
  | { is: 'time'; time: string }
  | { is: 'weekday'; day: string }
  | { is: 'workday' | 'day'; n: number }
  | { is: 'date'; month: number; day: number }
  | { is: 'other'; as: string }

const WEEKDAYS = new Set(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])

export function whenOf(on: string): When {
  if (/^\d{2}:\d{2}$/.test(on)) return { is: 'time', time: on }
  if (WEEKDAYS.has(on)) return { is: 'weekday', day: on }
  const [, word, n] = /^(wd|day) (\d+)$/.exec(on) ?? []
  if (n) return { is: word === 'wd' ? 'workday' : 'day', n: Number(n) }
  const [, month, day] = /^(\d{2})-(\d{2})$/.exec(on) ?? []
  return month && day ? { is: 'date', month: Number(month), day: Number(day) } : { is: 'other', as: on }
}
