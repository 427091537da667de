import type { Handle } from '../../db/client.ts'

/** Rows in an order that stays the same from one page to the next: a query before its limit. */
interface Rows<Row> {
  limit(rows: number): { offset(rows: number): PromiseLike<Row[]> }
}

/** What one feature knows of a person, for the file with everything of theirs: never other people, codes, links that open doors, or secrets. */
export interface ExportPart {
  /** Its key in the file. */
  name: string
  read(handle: Handle, userId: string, page: { limit: number; offset: number }): Promise<object[]>
}

/** A part that is one list. `tell`: a row in the words of the file, where the query has not put it so already. */
export function listPart<Row extends object>(
  name: string,
  list: (handle: Handle, userId: string) => Rows<Row>,
  tell: (row: Row) => object = (row) => row,
): ExportPart {
  return {
    name,
    async read(handle, userId, { limit, offset }) {
      return (await list(handle, userId).limit(limit).offset(offset)).map(tell)
    },
  }
}
