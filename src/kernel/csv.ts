/** A value of a cell; null is an empty one. */
export type Cell = string | number | null

/** `standard`: commas, as RFC 4180 has it. `excel`: semicolons and decimal commas, which is what a spreadsheet set to Argentina reads. */
export type CsvFlavour = 'standard' | 'excel'

/** Tells spreadsheets that the file is UTF-8. */
const BYTE_ORDER_MARK = '\uFEFF'

/**
 * Rows as a CSV file: UTF-8 with a byte order mark, lines ending in CRLF, cells quoted where they have to be (RFC 4180). A text that a
 * spreadsheet would take for a formula begins with an apostrophe, so that nobody's name or objective is ever calculated.
 */
export function csvOf(rows: readonly (readonly Cell[])[], flavour: CsvFlavour = 'standard'): string {
  const separator = flavour === 'excel' ? ';' : ','
  return BYTE_ORDER_MARK + rows.map((row) => `${row.map((cell) => cellText(cell, separator)).join(separator)}\r\n`).join('')
}

function cellText(cell: Cell, separator: string): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return quoted(separator === ';' ? String(cell).replace('.', ',') : String(cell), separator)
  return quoted(/^[=+\-@\t\r\n]/.test(cell) ? `'${cell}` : cell, separator)
}

function quoted(text: string, separator: string): string {
  return text.includes(separator) || /["\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
