// Amounts of ledgers are whole numbers of the smallest unit; people read yuan and hours. What a unit is called stands
// in the catalogue, `ledgers.units`; one that is not known is told as it is.

/** The number as it is read: 123456 fen → 1,234.56; 7 half-hours → 3.5. Exact, without floating point. */
export function figure(amount: number, unit: string): string {
  const sign = amount < 0 ? '−' : ''
  const whole = Math.abs(amount)
  if (unit === 'fen') return `${sign}${grouped(Math.floor(whole / 100))}.${String(whole % 100).padStart(2, '0')}`
  if (unit === 'half_hour') return `${sign}${grouped(Math.floor(whole / 2))}${whole % 2 ? '.5' : ''}`
  return sign + grouped(whole)
}

const grouped = (whole: number): string => String(whole).replace(/\B(?=(\d{3})+$)/g, ',')
