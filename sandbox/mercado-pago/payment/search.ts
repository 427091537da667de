import { paymentMethod } from '../catalog.ts'
import { type ApiError, coded } from '../errors.ts'
import type { Payment, World } from '../world.ts'

const SORTS = {
  date_approved: (payment: Payment) => payment.approvedAt,
  date_created: (payment: Payment) => payment.createdAt,
  date_last_updated: (payment: Payment) => payment.updatedAt,
  money_release_date: (payment: Payment) => payment.approvedAt,
} as const

export type PaymentPage = { ok: true; total: number; limit: number; offset: number; rows: Payment[] } | { ok: false; error: ApiError }

const ROWS_MAX = 1_000
const ROWS_DEFAULT = 30

/** `GET /v1/payments/search`: filters by equality, one date range, one sort. Codes of refusals: 1000, 1001, 1003, 1004. */
export function searchPayments(world: World, query: Record<string, string>): PaymentPage {
  const refuse = (code: number, message: string): PaymentPage => ({ ok: false, error: coded(400, code, message) })
  const limit = query['limit'] === undefined ? ROWS_DEFAULT : Number(query['limit'])
  const offset = query['offset'] === undefined ? 0 : Number(query['offset'])
  if (!Number.isInteger(limit) || limit < 0 || limit > ROWS_MAX) return refuse(1000, 'Number of rows exceeded the limits')
  if (!Number.isInteger(offset) || offset < 0) return refuse(1000, 'Number of rows exceeded the limits')
  const sort = query['sort'] ?? 'date_created'
  if (!isSort(sort)) return refuse(1003, "Field 'sort' is not valid")
  const criteria = query['criteria'] ?? 'desc'
  if (criteria !== 'asc' && criteria !== 'desc') return refuse(1004, "Field 'criteria' must be 'asc' or 'desc'")
  const range = query['range'] ?? 'date_created'
  if (!isSort(range)) return refuse(1003, "Field 'range' is not valid")
  const begin = readDate(query['begin_date'], world.now())
  const end = readDate(query['end_date'], world.now())
  if (begin === 'invalid' || end === 'invalid') return refuse(1001, 'Format of date is invalid')

  const rangeOf = SORTS[range]
  const sortOf = SORTS[sort]
  const rows = [...world.state.payments.values()]
    .filter((payment) => isVisible(world, payment.createdAt))
    .filter((payment) => matches(payment, query))
    .filter((payment) => isWithin(rangeOf(payment), begin, end))
    .sort((a, b) => compare(sortOf(a), sortOf(b)) || a.id - b.id)
  if (criteria === 'desc') rows.reverse()
  return { ok: true, total: rows.length, limit, offset, rows: rows.slice(offset, offset + limit) }
}

const isSort = (name: string): name is keyof typeof SORTS => Object.hasOwn(SORTS, name)

/** Search lags behind creation by a setting. */
export const isVisible = (world: World, createdAt: string): boolean =>
  world.now().getTime() - new Date(createdAt).getTime() >= world.state.settings.searchLagMs

function matches(payment: Payment, query: Record<string, string>): boolean {
  const fields: Record<string, string | null> = {
    id: String(payment.id),
    status: payment.status,
    external_reference: payment.externalReference,
    currency_id: payment.currency,
    payment_method_id: payment.methodId,
    payment_type_id: paymentMethod(payment.methodId).typeId,
    'collector.id': String(payment.collectorId),
    'order.id': String(payment.orderId),
  }
  return Object.entries(fields).every(([name, value]) => query[name] === undefined || query[name] === value)
}

function isWithin(value: string | null, begin: Date | null, end: Date | null): boolean {
  if (!begin && !end) return true
  if (value === null) return false
  const instant = new Date(value)
  return (!begin || instant >= begin) && (!end || instant <= end)
}

const compare = (a: string | null, b: string | null): number => (a ?? '').localeCompare(b ?? '')

const UNITS: Record<string, number> = {
  MINUTE: 60_000,
  HOUR: 3_600_000,
  DAY: 86_400_000,
  WEEK: 7 * 86_400_000,
  MONTH: 30 * 86_400_000,
  YEAR: 365 * 86_400_000,
}

/** Absolute (ISO 8601 with an offset) or relative to now: NOW, NOW-3DAYS, NOW-1MONTH. */
function readDate(text: string | undefined, now: Date): Date | null | 'invalid' {
  if (text === undefined || text === '') return null
  const relative = /^NOW(?:([+-])(\d{1,5})(MINUTE|HOUR|DAY|WEEK|MONTH|YEAR)S?)?$/i.exec(text)
  if (relative) {
    const [, sign, count, unit] = relative
    const distance = Number(count ?? 0) * (UNITS[unit?.toUpperCase() ?? ''] ?? 0)
    return new Date(now.getTime() + (sign === '-' ? -distance : distance))
  }
  if (!/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,3})?(Z|[ +-]\d{2}:?\d{2})$/.test(text)) return 'invalid'
  // A plus sign that was not escaped in the query arrives as a blank.
  const instant = new Date(text.replace(' ', '+'))
  return Number.isNaN(instant.getTime()) ? 'invalid' : instant
}
