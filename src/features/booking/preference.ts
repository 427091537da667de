import type { ClassType } from '../../config.ts'
import type { Deps } from '../../deps.ts'
import { MINUTE_MS, plus } from '../../kernel/clock.ts'
import { type Centavos, toPesos } from '../../kernel/money.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { findTeacher } from '../academy/store.ts'
import { holdAccount } from '../identity/store.ts'
import { nextCheck } from '../payment/rules.ts'
import { insertOrder } from '../payment/store.ts'
import { agreesWithPrice, priceOf } from '../virtual-class/rules.ts'
import type { BookingOutcome } from './rules.ts'
import { orNotStored } from './slot.ts'

export interface Preference {
  preferenceId: string
  initPoint: string
}

/** `POST /api/mercado-pago/create-preference`: an order without a class, in the specification's order (behaviour 4.1). */
export async function createPreference(
  deps: Deps,
  userId: string,
  request: { classType: ClassType; count: number; teacherId?: string; price: unknown },
): Promise<BookingOutcome<Preference>> {
  if (request.teacherId !== undefined && !(await findTeacher(deps.db.handle, request.teacherId))?.active) return refuse('unknown-teacher')
  const price = priceOf(deps.config.pricing, request.classType, request.count)
  if (!agreesWithPrice(request.price, price)) return refuse('price-mismatch', { expectedPrice: toPesos(price) })
  const order = orderRow(deps, deps.ids.uuid(), userId, request, price)
  const made = await makePreference(deps, order, request)
  if (!made.ok) return made
  return orNotStored(deps, 'order-not-stored', async () => {
    return deps.db.transaction(async (tx) => {
      if (!(await holdAccount(tx, userId))) return refuse('no-account')
      await insertOrder(tx, { ...order, ...made.value, teacherId: request.teacherId ?? null, preferenceAt: deps.clock.now() })
      return succeed(made.value)
    })
  })
}

/** Everything in the request follows from the order, so that a repeated request is the same request under the same key. */
export async function makePreference(
  deps: Deps,
  order: { id: string; userId: string; amountCentavos: Centavos; createdAt: Date; expiresAt: Date },
  request: { count: number },
): Promise<BookingOutcome<Preference>> {
  const answer = await deps.payments.createPreference({
    orderId: order.id,
    itemId: `${order.userId}-${order.createdAt.getTime()}`,
    title: `HablaInglesYa - Clase virtual para ${request.count} persona(s)`,
    amount: order.amountCentavos,
    validFrom: order.createdAt,
    expiresAt: order.expiresAt,
  })
  if (answer.ok) return answer
  deps.log.warn({ orderId: order.id, reason: answer.reason }, 'preference could not be created')
  return refuse(answer.reason === 'incomplete' ? 'provider-incomplete' : 'provider-failed')
}

/** A new order; it ends when the hold ends (D7). */
export function orderRow(deps: Deps, id: string, userId: string, request: { classType: ClassType; count: number }, price: Centavos) {
  const now = deps.clock.now()
  const expiresAt = plus(now, deps.config.holdMinutes * MINUTE_MS)
  return {
    id,
    userId,
    amountCentavos: price,
    classType: request.classType,
    maxParticipants: request.count,
    expiresAt,
    nextCheckAt: nextCheck({ createdAt: now, expiresAt, status: 'pending', approvedAt: null }, now),
    createdAt: now,
    updatedAt: now,
  }
}
