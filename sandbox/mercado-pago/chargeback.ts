import { nextChargebackId } from './ids.ts'
import { chargebackEvent } from './notifier/announce.ts'
import { moveTo } from './payment/transitions.ts'
import { type Json, wireDate } from './wire.ts'
import { type Chargeback, keep, type Payment, type World } from './world.ts'

/** Opens a dispute by the card's bank over the whole payment. */
export function openChargeback(world: World, payment: Payment): Chargeback {
  const id = nextChargebackId(world.state.numbering)
  const at = world.stamp()
  const chargeback: Chargeback = {
    id,
    paymentId: payment.id,
    amount: payment.amount,
    currency: payment.currency,
    coverageApplied: null,
    createdAt: at,
    updatedAt: at,
  }
  keep(world.state.chargebacks, id, chargeback)
  moveTo(world, payment, 'charged_back', 'in_process', [chargebackEvent(chargeback)])
  return chargeback
}

/** Settled: the money is kept from the seller. Reimbursed: it is returned to the seller (`coverage_applied: true`). */
export function resolveChargeback(world: World, payment: Payment, chargeback: Chargeback, outcome: 'settled' | 'reimbursed'): void {
  chargeback.coverageApplied = outcome === 'reimbursed'
  chargeback.updatedAt = world.stamp()
  moveTo(world, payment, 'charged_back', outcome, [chargebackEvent(chargeback)])
}

export const chargebackOf = (world: World, payment: Payment): Chargeback | undefined =>
  [...world.state.chargebacks.values()].findLast((chargeback) => chargeback.paymentId === payment.id)

const DOCUMENTATION_DAYS = 8

export function presentChargeback(chargeback: Chargeback): Json {
  const created = new Date(chargeback.createdAt)
  return {
    id: chargeback.id,
    payments: [chargeback.paymentId],
    currency: chargeback.currency,
    amount: chargeback.amount,
    reason: 'general',
    coverage_applied: chargeback.coverageApplied,
    coverage_elegible: true,
    documentation_required: true,
    documentation_status: 'pending',
    documentation: [],
    date_documentation_deadline: wireDate(new Date(created.getTime() + DOCUMENTATION_DAYS * 86_400_000)),
    date_created: wireDate(created),
    date_last_updated: wireDate(chargeback.updatedAt),
    live_mode: true,
  }
}
