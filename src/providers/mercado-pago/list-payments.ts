import { Payment } from 'mercadopago'
import type { PaymentProvider, PaymentRange, ProviderPayment } from '../../features/payment/provider.ts'
import type { Clock } from '../../kernel/clock.ts'
import { plus } from '../../kernel/clock.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { readPayments, readTotal } from './answers.ts'
import type { Call } from './client.ts'
import { wireDate } from './preference-body.ts'

/** Rows of one page, as the SDK's own iterator asks for them. */
const PAGE_ROWS = 100
const SORT = { approved: 'date_approved', changed: 'date_last_updated' } as const

/**
 * Reads a range of the search page by page, oldest first, so that what is approved meanwhile only appends. A row that moved to another page
 * between two reads is counted once; when rows are missing in the end, the list is not the whole and the answer is `unavailable`.
 */
export async function listPayments(
  call: Call,
  range: PaymentRange,
  limit: number,
  clock: Clock,
): ReturnType<PaymentProvider['listPayments']> {
  const found = new Map<string, ProviderPayment>()
  for (let offset = 0; ; offset += PAGE_ROWS) {
    const answer = await call('payment.search', null, (config) => new Payment(config).search({ options: optionsOf(range, offset) }))
    if (!answer.ok) return refuse(answer.reason, answer.detail)
    const page = readPayments(answer.body, clock.now())
    const total = readTotal(answer.body)
    if (!page || total === null) return refuse('unavailable')
    if (total > limit) return refuse('too-many')
    for (const payment of page) found.set(payment.id, payment)
    if (offset + PAGE_ROWS < total && page.length > 0) continue
    if (found.size < total) return refuse('unavailable')
    return succeed([...found.values()].filter((payment) => isWithin(range, payment)))
  }
}

/** Whether the provider counts the last instant in is not documented: it is left out here, and every row is looked at again. */
function optionsOf({ by, from, to }: PaymentRange, offset: number) {
  return {
    range: SORT[by],
    begin_date: wireDate(from),
    end_date: wireDate(plus(to, -1)),
    sort: SORT[by],
    criteria: 'asc' as const,
    limit: PAGE_ROWS,
    offset,
  }
}

function isWithin({ by, from, to }: PaymentRange, payment: ProviderPayment): boolean {
  const at = by === 'approved' ? payment.approvedAt : payment.lastUpdatedAt
  return at !== null && at >= from && at < to
}
