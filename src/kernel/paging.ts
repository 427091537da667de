/** One page of a longer list. Pages count from 1; an empty list has one page. */
export interface Page {
  page: number
  pagesTotal: number
  limit: number
  offset: number
}

/** How much of a list was counted: `total` rows, and `more` than that. */
export interface LongPage extends Page {
  total: number
  more: boolean
}

/** A list is counted so far in any case, which takes a millisecond. */
const COUNTED_MIN = 5_000
/** Pages after the one that is asked for that are counted as well, so that there is one to go on to. */
const PAGES_AHEAD = 5
/** Nobody gets further into a list than that. */
const COUNTED_MAX = 10_000_000

/**
 * The same for a list that grows for ever. `count` stops at `rowsMax` rows; `total` and `pagesTotal` are exact unless there are `more`, and whoever goes on
 * page by page is told of further ones until the end.
 */
export async function pageOfLong(asked: string | undefined, limit: number, count: (rowsMax: number) => Promise<number>): Promise<LongPage> {
  const ahead = (wantedOf(asked) + PAGES_AHEAD) * limit
  const rowsMax = Math.min(Math.max(ahead, COUNTED_MIN), COUNTED_MAX)
  const rows = await count(rowsMax + 1)
  const total = Math.min(rows, rowsMax)
  return { ...pageOf(asked, total, limit), total, more: rows > rowsMax }
}

/** The page that an address asks for, as text; what is no such page becomes the nearest one there is. */
export function pageOf(asked: string | undefined, total: number, limit: number): Page {
  const pagesTotal = Math.max(1, Math.ceil(total / limit))
  const page = Math.min(wantedOf(asked), pagesTotal)
  return { page, pagesTotal, limit, offset: (page - 1) * limit }
}

function wantedOf(asked: string | undefined): number {
  const wanted = Number(asked)
  return Number.isInteger(wanted) ? Math.max(wanted, 1) : 1
}
