import { and, eq } from 'drizzle-orm'
import { participation } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import type { Viewer } from '../identity/store.ts'
import { removeMeetingJob } from '../meeting/remove.ts'
import { announceCancellation } from '../notice/cancellation.ts'
import { audit, closeCases } from '../operation/attention.ts'
import { closePreferenceJob } from '../payment/reconcile.ts'
import { refundOrder } from '../payment/refund.ts'
import { findOrderOfClass, lockOrder, refundsOfOrder } from '../payment/store.ts'
import { decideCancel } from '../virtual-class/rules.ts'
import { findClass, lockClass, markCancelled } from '../virtual-class/store.ts'

export type CancelRefusal = 'unknown-class' | 'guest' | 'already-cancelled' | 'started-or-over' | 'already-paid'

export const CANCEL_STATUS = {
  'unknown-class': 404,
  guest: 403,
  'already-cancelled': 409,
  'started-or-over': 409,
  'already-paid': 409,
} as const satisfies Record<CancelRefusal, number>

export const CANCEL_TEXT = {
  'unknown-class': 'No se encontró la clase',
  guest: 'Solo el anfitrión puede cancelar la clase',
  'already-cancelled': 'La clase está cancelada',
  'started-or-over': 'La clase ya comenzó o finalizó',
  'already-paid': 'La clase ya está pagada',
} as const satisfies Record<CancelRefusal, string>

export interface Cancelled {
  refund: 'full' | 'none'
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
  /** Gives up a hold and nothing else: a class that was paid meanwhile stays. */
  { holdOnly = false } = {},
): Promise<Outcome<Cancelled, CancelRefusal>> {
  const known = await findClass(deps.db.handle, classId)
  if (!known) return refuse('unknown-class')
  const actor = viewer.role === 'ADMIN' ? 'admin' : 'host'
  if (actor === 'host' && known.bookedById !== viewer.id)
    return refuse((await isGuest(deps, viewer.id, classId)) ? 'guest' : 'unknown-class')

  const order = await findOrderOfClass(deps.db.handle, classId)
  return deps.db.transaction(async (tx): Promise<Outcome<Cancelled, CancelRefusal>> => {
    const now = deps.clock.now()
    const locked = order ? await lockOrder(tx, order.id) : null
    const current = await lockClass(tx, classId)
    if (!current) return refuse('unknown-class')
    if (holdOnly && current.paidAt && current.status !== 'cancelled') return refuse('already-paid')
    const decision = decideCancel(current, actor, deps.config.fullRefundHours, now)
    if (!decision.ok) {
      if (decision.reason === 'already-cancelled' && current.cancelledById === viewer.id) {
        const refunds = locked ? await refundsOfOrder(tx, locked.id) : []
        return succeed({ refund: refunds.length > 0 ? 'full' : 'none', wasHold: !current.paidAt })
      }
      return refuse(decision.reason)
    }
    await markCancelled(tx, classId, { reason: decision.reason, byId: viewer.id, at: now })
    if (decision.refund === 'full' && locked) await refundOrder(deps, tx, locked, decision.reason)
    if (current.googleEventId || current.paidAt) await deps.jobs.enqueue(removeMeetingJob, { classId }, { key: classId })
    if (!current.paidAt && locked?.preferenceId) await deps.jobs.enqueue(closePreferenceJob, { orderId: locked.id }, { key: locked.id })
    await closeCases(deps, tx, { subject: 'class', subjectId: classId }, viewer.id)
    await audit(deps, tx, {
      actorId: viewer.id,
      action: 'class.cancel',
      subject: 'class',
      subjectId: classId,
      detail: { refund: decision.refund, ...(explanation ? { explanation } : {}) },
    })
    if (current.paidAt) await announceCancellation(deps, tx, current, decision.refund)
    return succeed({ refund: decision.refund, wasHold: !current.paidAt })
  })
}

async function isGuest(deps: Deps, userId: string, classId: string): Promise<boolean> {
  const rows = await deps.db.handle
    .select({ id: participation.id })
    .from(participation)
    .where(and(eq(participation.userId, userId), eq(participation.classId, classId)))
  return rows.length > 0
}
