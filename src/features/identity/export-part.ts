import type { Deps } from '../../deps.ts'

/** What one feature knows of a person, for the file with everything of theirs: never other people, codes, links that open doors, or secrets. */
export interface ExportPart {
  /** Its key in the file. */
  name: string
  /** Rows in an order that stays the same from one page to the next. */
  read(deps: Deps, userId: string, page: { limit: number; offset: number }): Promise<Record<string, unknown>[]>
}
