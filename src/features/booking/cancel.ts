import type { Deps } from '../../deps.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import type { Viewer } from '../identity/store.ts'
import { reconcileOrder } from '../payment/reconcile.ts'
import { findOrderOfClass, lockOrder } from '../payment/store.ts'
import { cancelLocked } from '../virtual-class/cancel.ts'
import { isParticipant } from '../virtual-class/queries.ts'
import { decideCancel } from '../virtual-class/rules.ts'
import { findClass, lockClass } from '../virtual-class/store.ts'

export type CancelRefusal = 'unknown-class' | 'guest' | 'already-cancelled' | 'started-or-over' | 'already-paid' | 'refund-lapsed'

export const CANCEL_STATUS = {
  'unknown-class': 404,
  guest: 403,
  'already-cancelled': 409,
  'started-or-over': 409,
  'already-paid': 409,
  'refund-lapsed': 409,
} as const satisfies Record<CancelRefusal, number>

export const CANCEL_TEXT = {
  'unknown-class': 'No se encontró la clase',
  guest: 'Solo el anfitrión puede cancelar la clase',
  'already-cancelled': 'La clase está cancelada',
  'started-or-over': 'La clase ya comenzó o finalizó',
  'already-paid': 'La clase ya está pagada',
  'refund-lapsed': 'Ya no corresponde reembolso',
} as const satisfies Record<CancelRefusal, string>

export interface Cancelled {
  refund: 'full' | 'none'
  /** A part went back before: what is given back is the rest. */
  isRest: boolean
  /** A hold that was never paid, so nothing but its slot was given up. */
  wasHold: boolean
}

/**
 * Cancels a class as its host or as the admin: frees the slot, expires the code, gives the money back when the rule says so, and takes the
 * event out of the calendar. Decided under the locks of order and class, so that two cancellations refund once (behaviour 4.10).
 */
export async function cancelClass(
  deps: Deps,
  viewer: Viewer,
  classId: string,
  /** In the caller's words; kept in the audit log. */
  explanation = '',
  /**
   * `holdOnly` gives up a hold and nothing else: a class that was paid meanwhile stays. `withRefund`: the money back was promised; a class that
   * would be cancelled without it stays.
   */
  { holdOnly = false, withRefund = false }: { holdOnly?: boolean; withRefund?: boolean } = {},
): Promise<Outcome<Cancelled, CancelRefusal>> {
  const known = await findClass(deps.db.handle, classId)
  if (!known) return refuse('unknown-class')
  const actor = viewer.role === 'ADMIN' ? 'admin' : 'host'
  if (actor === 'host' && known.bookedById !== viewer.id)
    return refuse((await isParticipant(deps.db.handle, viewer.id, classId)) ? 'guest' : 'unknown-class')

  const order = await findOrderOfClass(deps.db.handle, classId)
  // No hold ends without asking: what was paid a moment ago must be known before the slot is somebody else's. Should the provider be silent,
  // the hold ends all the same, as its host wishes (D7e); the order stays watched, and money that turns up goes back (D7b).
  if (order && known.status === 'pending' && !known.paidAt) await reconcileOrder(deps, order.id)
  return deps.db.transaction(async (tx): Promise<Outcome<Cancelled, CancelRefusal>> => {
    const now = deps.clock.now()
    const locked = order ? await lockOrder(tx, order.id) : null
    const current = await lockClass(tx, classId)
    if (!current) return refuse('unknown-class')
    const isRest = (locked?.refundedCentavos ?? 0) > 0 && locked?.status === 'approved'
    if (holdOnly && current.paidAt && current.status !== 'cancelled') return refuse('already-paid')
    const decision = decideCancel(current, actor, deps.config.fullRefundHours, now)
    if (!decision.ok) {
      if (decision.reason === 'already-cancelled' && current.cancelledById === viewer.id) {
        return succeed({ refund: current.refundOwed ? 'full' : 'none', isRest, wasHold: !current.paidAt })
      }
      return refuse(decision.reason)
    }
    const { reason, refund } = decision
    if (withRefund && refund === 'none') return refuse('refund-lapsed')
    await cancelLocked(deps, tx, current, locked, { reason, byId: viewer.id, refund, explanation })
    return succeed({ refund, isRest, wasHold: !current.paidAt })
  })
}
