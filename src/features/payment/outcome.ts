import type { PaymentOrderRow, PaymentStatus } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { plus, SECOND_MS } from '../../kernel/clock.ts'
import type { Centavos } from '../../kernel/money.ts'
import { findClass } from '../virtual-class/store.ts'
import { reconcileOrder } from './reconcile.ts'
import { openMoneyOf } from './standing.ts'
import { claimAsking, findOrder, findOrderByPreference, findRefundOfPayment, paymentsOfOrder, primaryPaymentId } from './store.ts'

/** The provider is asked about one order at most this often, however often a page asks us (behaviour 4.13). */
const ASKED_EVERY_MS = 5 * SECOND_MS

/** Where a payment of one's own stands, and its class with it. */
export interface PaymentOutcome {
  orderId: string
  preferenceId: string | null
  status: PaymentStatus
  amount: Centavos
  currency: string
  paymentId: string | null
  bookedClass: {
    id: string
    status: string
    startsAt: Date
    endsAt: Date
    classType: 'individual' | 'grupal'
    maxParticipants: number
    learningFocus: string | null
    /** While unpaid. */
    holdExpiresAt: Date | null
    /** Paid, and the link is being made. */
    preparing: boolean
    /** It was paid in time once, whatever became of it. */
    wasPaid: boolean
    /** The buyer released its slot. */
    givenUp: boolean
  } | null
  /** The money is going back, or has gone back. */
  returned: boolean
  /** Money is on its way or stands before a person: nobody should pay again. */
  money: 'in-process' | 'in-review' | null
  /** The provider's reason for the newest attempt it rejected, for example "cc_rejected_insufficient_amount". */
  rejection: string | null
}

/**
 * Everything of an outcome that changes what a buyer is told, as one word for page and API alike: whoever shows a page of this revision has
 * nothing new to show until it is another one. Opaque; only to be compared.
 */
export function revisionOf(outcome: PaymentOutcome): string {
  const { status, bookedClass, returned, money, rejection } = outcome
  const classState = bookedClass ? (bookedClass.preparing ? 'preparing' : bookedClass.status) : 'none'
  return [returned ? 'returned' : status, classState, money ?? 'no-money', rejection ?? 'not-rejected'].join('.')
}

/**
 * The state of a person's own order, by preference or by our reference; null when it is unknown or somebody else's. While it is not settled
 * the provider is asked first, so that a lost notification does not matter.
 */
export async function paymentOutcome(
  deps: Deps,
  userId: string,
  by: { preferenceId: string } | { orderId: string },
): Promise<PaymentOutcome | null> {
  let order = 'orderId' in by ? await findOrder(deps.db.handle, by.orderId) : await findOrderByPreference(deps.db.handle, by.preferenceId)
  if (order?.userId !== userId) return null
  const now = deps.clock.now()
  // An attempt counts, whether it is answered or not: pages poll, and a provider that is down must not be asked at their pace.
  if (await claimAsking(deps.db.handle, order.id, now, plus(now, -ASKED_EVERY_MS))) {
    await reconcileOrder(deps, order.id)
    order = (await findOrder(deps.db.handle, order.id)) ?? order
  }
  const found = order.classId ? await findClass(deps.db.handle, order.classId) : null
  return {
    orderId: order.id,
    preferenceId: order.preferenceId,
    status: order.status,
    amount: order.amountCentavos,
    currency: order.currency,
    paymentId: await primaryPaymentId(deps.db.handle, order.id),
    bookedClass: found && {
      id: found.id,
      status: found.status,
      startsAt: found.startsAt,
      endsAt: found.endsAt,
      classType: found.classType,
      maxParticipants: found.maxParticipants,
      learningFocus: found.learningFocus,
      holdExpiresAt: found.holdExpiresAt,
      preparing: found.status === 'pending' && found.paidAt !== null,
      wasPaid: found.paidAt !== null,
      givenUp: found.cancelReason === 'host_cancelled',
    },
    returned: order.status === 'refunded' || (await isReturning(deps, order.id)),
    ...(await attempts(deps, order)),
  }
}

async function attempts(deps: Deps, order: PaymentOrderRow): Promise<Pick<PaymentOutcome, 'money' | 'rejection'>> {
  const unsettled = order.status === 'pending' || order.status === 'rejected'
  const money = unsettled ? await openMoneyOf(deps.db.handle, order.id) : null
  const rejected = (await paymentsOfOrder(deps.db.handle, order.id)).filter((payment) => payment.status === 'rejected')
  const newest = rejected.toSorted((a, b) => a.providerUpdatedAt.getTime() - b.providerUpdatedAt.getTime()).at(-1)
  return { money: money === 'returning' ? null : money, rejection: newest?.statusDetail ?? null }
}

/** Money of the order itself is on its way back: asked for, and not refused for good. */
async function isReturning(deps: Deps, orderId: string): Promise<boolean> {
  const paymentId = await primaryPaymentId(deps.db.handle, orderId)
  const refund = paymentId ? await findRefundOfPayment(deps.db.handle, paymentId) : null
  return refund !== null && refund.state !== 'failed'
}
