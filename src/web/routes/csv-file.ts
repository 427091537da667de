import type { AppContext } from '../../http/context.ts'
import { type Cell, csvOf } from '../../kernel/csv.ts'

/** Answers with a file to keep; `?para=excel` is the one that a spreadsheet set to Argentina reads. */
export function csvFile(c: AppContext, name: string, rows: readonly (readonly Cell[])[]): Response {
  c.header('Cache-Control', 'no-store')
  c.header('Content-Type', 'text/csv; charset=utf-8')
  c.header('Content-Disposition', `attachment; filename="${name}.csv"`)
  return c.body(csvOf(rows, c.req.query('para') === 'excel' ? 'excel' : 'standard'))
}
