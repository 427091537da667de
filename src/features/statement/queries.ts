import type { DailyStatementRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { lastStatements } from './store.ts'

/** The statements of the last days, the newest first. */
export function recentStatements(deps: Deps, days = 30): Promise<DailyStatementRow[]> {
  return lastStatements(deps.db.handle, days)
}
