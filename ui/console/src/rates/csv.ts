// Tables as a file for spreadsheets. Every cell is text: nothing that came from outside may be reckoned.
export type Cell = string | number | null | undefined

/** Cells that a spreadsheet would take for a formula, and long numbers that it would round, begin with a tab. */
export function cell(value: Cell): string {
  const text = value === null || value === undefined ? '' : String(value)
  const risky = /^\s*[=+\-@]/.test(text) || /^[\t\r\n]/.test(text) || /^\d{12,}$/.test(text)
  return `"${(risky ? '\t' : '') + text.replace(/"/g, '""')}"`
}

/** With the mark by which Excel knows UTF-8. */
export const csv = (rows: readonly (readonly Cell[])[]): string => `\uFEFF${rows.map(row => row.map(cell).join(',')).join('\r\n')}\r\n`

export function download(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = address
  link.download = name
  link.click()
  // The browser reads it after the click.
  setTimeout(() => URL.revokeObjectURL(address), 10_000)
}
