/** One page of a longer list. Pages count from 1; an empty list has one page. */
export interface Page {
  page: number
  pagesTotal: number
  limit: number
  offset: number
}

/** The page that an address asks for, as text; what is no such page becomes the nearest one there is. */
export function pageOf(asked: string | undefined, total: number, limit: number): Page {
  const pagesTotal = Math.max(1, Math.ceil(total / limit))
  const wanted = Number(asked)
  const page = Number.isInteger(wanted) ? Math.min(Math.max(wanted, 1), pagesTotal) : 1
  return { page, pagesTotal, limit, offset: (page - 1) * limit }
}
