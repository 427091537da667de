import type { CancelReason, PaymentStatus } from '../../db/tables.ts'
import type { Centavos } from '../../kernel/money.ts'
import type { OpenMoney } from '../payment/standing.ts'

/** Money that came in for an order, as Mercado Pago counts it, and what was given back of it. */
export interface Charge {
  /** Mercado Pago's operation number. */
  paymentId: string
  status: string
  amount: Centavos
  refunded: Centavos
  approvedAt: Date | null
  role: 'primary' | 'surplus' | 'orphan' | null
  /** Our refund of it; null when none was asked for. `refundId`: Mercado Pago's number of it, once it has one. */
  refund: {
    refundId: string | null
    amount: Centavos
    state: 'requested' | 'sent' | 'approved' | 'failed'
    askedAt: Date
    settledAt: Date
  } | null
  /** What became of the charge-back with which the buyer took it back; null when there was none. */
  chargeBack: { state: 'open' | 'lost' | 'won'; amount: Centavos; decidedAt: Date | null } | null
}

export interface Bill {
  status: PaymentStatus
  amount: Centavos
  refunded: Centavos
  refundedAt: Date | null
  /** Until when it can be paid. */
  expiresAt: Date
  /** Money that has not bought its class. */
  money: OpenMoney | null
  /** Why its class, or the hold of its slot, was cancelled; null while it stands. */
  cancelReason: CancelReason | null
  /** That cancellation gives the money back, whether the refund was asked for already or not. */
  refundOwed: boolean
  charges: readonly Charge[]
}

/**
 * Where a payment stands, for the one who paid. `awaiting`: it can still be paid. `lapsed`: it cannot, and nothing was paid. `credit` is not
 * told apart from `paid`: the money is in. `given-up`: the buyer released the slot unpaid; `withdrawn`: somebody else did. `no-refund`: the class was
 * cancelled and the money stays. `disputed`: the buyer's claim or charge-back stands before Mercado Pago.
 * `charged-back`: it was decided for the buyer, who has the money.
 */
export type BillStanding =
  | 'awaiting'
  | 'lapsed'
  | 'given-up'
  | 'withdrawn'
  | 'in-process'
  | 'in-review'
  | 'rejected'
  | 'paid'
  | 'no-refund'
  | 'disputed'
  | 'charged-back'
  | 'returning'
  | 'return-stuck'
  | 'partly-returned'
  | 'returned'

function isDisputed({ role, status, chargeBack }: Charge): boolean {
  if (role !== 'primary') return false
  return status === 'in_mediation' || (status === 'charged_back' && (chargeBack?.state ?? 'open') === 'open')
}

function isChargedBack({ status, chargeBack }: Pick<Charge, 'status' | 'chargeBack'>): boolean {
  return status === 'charged_back' && chargeBack?.state === 'lost'
}

/** Pure: what the rows say, in the words of the one who paid. Money is never called back before it is. */
export function standingOf(bill: Bill, now: Date): BillStanding {
  if (bill.status === 'refunded') return 'returned'
  const ways = returnsOf(bill)
  if (bill.status === 'approved') {
    const own = (moves: readonly Return[]) => moves.some(({ role }) => role === 'primary')
    if (bill.charges.some(isDisputed)) return 'disputed'
    if (bill.charges.some((charge) => charge.role === 'primary' && isChargedBack(charge))) return 'charged-back'
    if (own(ways.stuck)) return 'return-stuck'
    if (own(ways.onTheWay)) return 'returning'
    if (bill.refunded > 0) return 'partly-returned'
    if (bill.cancelReason !== 'host_cancelled') return 'paid'
    return bill.refundOwed ? 'returning' : 'no-refund'
  }
  if (bill.money === 'in-review') return 'in-review'
  if (bill.money === 'in-process') return 'in-process'
  if (bill.money === 'returning') return ways.onTheWay.length > 0 ? 'returning' : 'returned'
  if (bill.cancelReason === 'host_cancelled') return 'given-up'
  if (bill.cancelReason === 'admin_cancelled' || bill.cancelReason === 'booking_failed') return 'withdrawn'
  if (bill.cancelReason === null && bill.expiresAt > now) return 'awaiting'
  return bill.status === 'rejected' ? 'rejected' : 'lapsed'
}

export interface Return {
  paymentId: string
  amount: Centavos
  /** When it was made; asked for, while it is not. */
  at: Date
  role: Charge['role']
  /** Mercado Pago's number of the refund; null while it has none, and for one that was made there by hand. */
  refundId: string | null
}

export interface Returns {
  made: Return[]
  onTheWay: Return[]
  /** Mercado Pago refused it: a person sees to it. */
  stuck: Return[]
}

/** What went back to the buyer, what is on its way, and what does not get there by itself. */
export function returnsOf({ charges, refundedAt }: Pick<Bill, 'charges' | 'refundedAt'>): Returns {
  const returns: Returns = { made: [], onTheWay: [], stuck: [] }
  for (const charge of charges) {
    const { paymentId, role, refund, refunded, approvedAt, chargeBack } = charge
    const own = { paymentId, role, amount: refund?.amount ?? 0, refundId: refund?.refundId ?? null }
    if (refund?.state === 'approved') returns.made.push({ ...own, at: refund.settledAt })
    else if (refund?.state === 'failed') returns.stuck.push({ ...own, at: refund.askedAt })
    else if (refund) returns.onTheWay.push({ ...own, at: refund.askedAt })
    // By hand at Mercado Pago, or in part: it is told without a refund of ours.
    const outside = refunded - (refund?.state === 'approved' ? refund.amount : 0)
    const at = refundedAt ?? approvedAt
    if (outside > 0 && at) returns.made.push({ paymentId, role, amount: outside, refundId: null, at })
    if (chargeBack?.decidedAt && isChargedBack(charge))
      returns.made.push({ paymentId, role, amount: chargeBack.amount - refunded, refundId: null, at: chargeBack.decidedAt })
  }
  return returns
}

/** Of what goes back, what was paid for the class, and what was paid a second time: that says nothing of the class (the API counts alike). */
export function apart(returns: Returns): { own: Returns; surplus: Returns } {
  const only = (isWanted: (move: Return) => boolean): Returns => ({
    made: returns.made.filter(isWanted),
    onTheWay: returns.onTheWay.filter(isWanted),
    stuck: returns.stuck.filter(isWanted),
  })
  return { own: only(({ role }) => role !== 'surplus'), surplus: only(({ role }) => role === 'surplus') }
}

/** Operations that moved money: a rejected try, or one that was never made, has no place beside them. */
export function moneyIn<Paid extends Pick<Charge, 'approvedAt'>>(payments: readonly Paid[]): Paid[] {
  return payments.filter(({ approvedAt }) => approvedAt !== null)
}

/** There is something to show for it: money came in. */
export function hasReceipt(payments: readonly Pick<Charge, 'approvedAt' | 'role'>[]): boolean {
  return payments.some(({ approvedAt, role }) => approvedAt !== null && (role === 'primary' || role === 'surplus'))
}
