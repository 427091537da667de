/** Lists that lead to the page of a class and say so in its address, with where they are; by whoever may be led back to them. */
const LISTS = {
  admin: {
    scheduled: '/admin?status=scheduled',
    completed: '/admin?status=completed',
    cancelled: '/admin?status=cancelled',
    pending: '/admin?status=pending',
    all: '/admin?status=all',
    profe: '/profe',
  },
  inicio: { facturacion: '/inicio/facturacion' },
} as const

type Area = keyof typeof LISTS
type ListOf<A extends Area> = A extends Area ? keyof (typeof LISTS)[A] : never
export type List = ListOf<Area>

/** The page of a list that the reader came from. Pages count from 1. */
export interface WayBack {
  list: List
  page: number
}

/** Of a query: "cancelled", or "cancelled.3" for the third page. Never an address, so that nobody can be led elsewhere. */
const WRITTEN = /^([a-z]{1,20})(?:\.([1-9]\d{0,6}))?$/

/** What `?volver=` says on a page of the area; null when it is nothing that the area knows. */
export function readWayBack(text: string | undefined, area: Area): WayBack | null {
  const [, list, page] = WRITTEN.exec(text ?? '') ?? []
  return list !== undefined && Object.hasOwn(LISTS[area], list) ? { list: list as List, page: Number(page ?? 1) } : null
}

/** The query of an address that is left for that list again; empty without one. */
export function wayBackQuery(back: WayBack | null): string {
  if (back === null) return ''
  return `?volver=${back.list}${back.page > 1 ? `.${back.page}` : ''}`
}

/** The address of that page of the list. */
export function wayBackHref({ list, page }: WayBack): string {
  const hrefs: Record<List, string> = { ...LISTS.admin, ...LISTS.inicio }
  const href = hrefs[list]
  return page > 1 ? `${href}${href.includes('?') ? '&' : '?'}page=${page}` : href
}
