import { and, eq, isNull } from 'drizzle-orm'
import type { ClassType } from '../../config.ts'
import { type Tx, violates } from '../../db/client.ts'
import { appUser, type PaymentOrderRow, paymentOrder, virtualClass } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { MINUTE_MS, plus } from '../../kernel/clock.ts'
import { type Centavos, toPesos } from '../../kernel/money.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { overlaps, refuseSlot } from '../academy/rules.ts'
import { defaultTeacher, loadSchedule, type Teacher } from '../academy/store.ts'
import { busyTime } from '../meeting/busy.ts'
import { confirmPaid, reconcileOrder } from '../payment/reconcile.ts'
import { nextCheck } from '../payment/rules.ts'
import {
  findOrder,
  findOrderByPreference,
  findOrderOfClass,
  insertOrder,
  lockOrder,
  storePreference,
  updateOrder,
} from '../payment/store.ts'
import { agreesWithPrice, priceOf } from '../virtual-class/rules.ts'
import { countUnpaidHolds, findClass, insertPending, lapsedHolds, lockClass, markCancelled, NO_OVERLAP } from '../virtual-class/store.ts'
import { nearestFree } from './availability.ts'
import type { BookingRefusal, BookingRefusalDetail } from './rules.ts'
import type { SlotRequest } from './schema.ts'

export type BookingOutcome<T> = Outcome<T, BookingRefusal, BookingRefusalDetail>

export interface StartedCheckout {
  classId: string
  preferenceId: string
  initPoint: string
  holdExpiresAt: Date
  price: Centavos
}

/** While another request of the same person makes the preference of the same hold, wait this long before taking over. */
const PREFERENCE_WAIT_MS = 3_000
const PREFERENCE_POLL_MS = 100

/**
 * The product's one action: hold the slot, write the order, make the preference, in this order (behaviour 4.8, D17). The hold and the
 * order are committed before Mercado Pago is called; a crash in between leaves a hold that ends by itself.
 */
export async function startCheckout(deps: Deps, userId: string, request: SlotRequest): Promise<BookingOutcome<StartedCheckout>> {
  const allowed = await checkSlot(deps, request)
  if (!allowed.ok) return allowed
  const { teacher } = allowed.value
  const price = priceOf(deps.config.pricing, request.classType, request.count)
  if (!agreesWithPrice(request.price, price)) return refuse('price-mismatch', { expectedPrice: toPesos(price) })

  const mine = await findOwnHold(deps, userId, teacher.id, request)
  if (mine) return finishCheckout(deps, mine, request, 'wait')

  const ready = await makeRoom(deps, teacher, request)
  if (!ready.ok) return ready
  const held = await holdSlot(deps, userId, teacher, request, price)
  if (held.ok) return finishCheckout(deps, held.value, request, 'create')
  // The same person may have held the very same slot a moment ago, with a double click.
  const twin = held.reason === 'slot-taken' ? await findOwnHold(deps, userId, teacher.id, request) : null
  return twin ? finishCheckout(deps, twin, request, 'wait') : held
}

/** Checks 12 to 18 of behaviour 4.2. */
async function checkSlot(deps: Deps, slot: SlotRequest): Promise<BookingOutcome<{ teacher: Teacher }>> {
  const teacher = await defaultTeacher(deps.db.handle)
  if (!teacher) return refuse('closed')
  const schedule = await loadSchedule(deps.db.handle, teacher, slot.startsAt, slot.endsAt)
  const reason = refuseSlot(schedule, slot, deps.clock.now())
  if (!reason) return succeed({ teacher })
  return refuse(reason, {
    slotMinutes: schedule.slotMinutes,
    minNoticeMinutes: schedule.minNoticeMinutes,
    horizonDays: schedule.horizonDays,
  })
}

/** Calls to other systems that must come before the transaction: busy time read again, and lapsed holds asked about (D7a). */
async function makeRoom(deps: Deps, teacher: Teacher, slot: SlotRequest): Promise<BookingOutcome<null>> {
  const busy = await busyTime(deps, teacher.id, slot.startsAt, slot.endsAt, 'now')
  if (!busy.ok) return refuse('calendar-unreadable')
  if (busy.value.some((interval) => overlaps(interval, slot))) return slotTaken(deps, slot)
  for (const { classId } of await lapsedHolds(deps.db.handle, teacher.id, slot, deps.clock.now())) {
    const order = await findOrderOfClass(deps.db.handle, classId)
    if (order) await reconcileOrder(deps, order.id)
  }
  return succeed(null)
}

async function slotTaken(deps: Deps, slot: SlotRequest): Promise<BookingOutcome<never>> {
  const alternatives = await nearestFree(deps, slot.startsAt)
  return refuse('slot-taken', {
    alternatives: alternatives.map((free) => ({ start: free.startsAt.toISOString(), end: free.endsAt.toISOString() })),
  })
}

async function holdSlot(
  deps: Deps,
  userId: string,
  teacher: Teacher,
  request: SlotRequest,
  price: Centavos,
): Promise<BookingOutcome<PaymentOrderRow>> {
  const classId = deps.ids.uuid()
  const orderId = deps.ids.uuid()
  try {
    const outcome = await deps.db.transaction(async (tx) => {
      const now = deps.clock.now()
      const expiresAt = plus(now, deps.config.holdMinutes * MINUTE_MS)
      if (await hasTooManyHolds(deps, tx, userId)) return refuse('too-many-holds')
      await insertPending(tx, { ...classRow(classId, userId, teacher, request, price), holdExpiresAt: expiresAt, paidAt: null }, now)
      await insertOrder(tx, { ...orderRow(orderId, userId, request, price, now, expiresAt), classId })
      return succeed(null)
    })
    if (!outcome.ok) return outcome
  } catch (error) {
    if (violates(error, NO_OVERLAP)) return slotTaken(deps, request)
    deps.log.error({ error: messageOf(error) }, 'a hold could not be stored')
    return refuse('not-stored')
  }
  const order = await findOrder(deps.db.handle, orderId)
  return order ? succeed(order) : refuse('not-stored')
}

function classRow(id: string, userId: string, teacher: Teacher, request: SlotRequest, price: Centavos) {
  return {
    id,
    teacherId: teacher.id,
    bookedById: userId,
    startsAt: request.startsAt,
    endsAt: request.endsAt,
    classType: request.classType,
    maxParticipants: request.count,
    priceCentavos: price,
    learningFocus: request.focus,
  }
}

function orderRow(
  id: string,
  userId: string,
  request: { classType: ClassType; count: number },
  price: Centavos,
  now: Date,
  expiresAt: Date,
) {
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

/** Counted with the person's row locked, so that parallel requests cannot slip past the limit together (D7e). */
async function hasTooManyHolds(deps: Deps, tx: Tx, userId: string): Promise<boolean> {
  await tx.select({ id: appUser.id }).from(appUser).where(eq(appUser.id, userId)).for('update')
  return (await countUnpaidHolds(tx, userId)) >= deps.config.maxUnpaidHolds
}

/** An unexpired hold of this person for exactly this slot, type, count and text (behaviour 4.8 check 6). */
async function findOwnHold(deps: Deps, userId: string, teacherId: string, request: SlotRequest): Promise<PaymentOrderRow | null> {
  const now = deps.clock.now()
  const rows = await deps.db.handle
    .select({ order: paymentOrder, bookedClass: virtualClass })
    .from(virtualClass)
    .innerJoin(paymentOrder, eq(paymentOrder.classId, virtualClass.id))
    .where(
      and(
        eq(virtualClass.bookedById, userId),
        eq(virtualClass.teacherId, teacherId),
        eq(virtualClass.status, 'pending'),
        isNull(virtualClass.paidAt),
        eq(virtualClass.startsAt, request.startsAt),
      ),
    )
  const match = rows.find(
    ({ bookedClass }) =>
      bookedClass.holdExpiresAt !== null &&
      bookedClass.holdExpiresAt > now &&
      bookedClass.classType === request.classType &&
      bookedClass.maxParticipants === request.count &&
      bookedClass.learningFocus === request.focus,
  )
  return match?.order ?? null
}

/**
 * Gives a hold its preference and its address to pay at. `wait`: another request may be doing just that; take over only if it does not
 * finish, so that a crash in between cannot leave a hold that can never be paid.
 */
async function finishCheckout(
  deps: Deps,
  order: PaymentOrderRow,
  request: SlotRequest,
  mode: 'create' | 'wait',
): Promise<BookingOutcome<StartedCheckout>> {
  let current = order
  for (let waited = 0; mode === 'wait' && !current.preferenceId && waited < PREFERENCE_WAIT_MS; waited += PREFERENCE_POLL_MS) {
    await new Promise((resolve) => setTimeout(resolve, PREFERENCE_POLL_MS))
    current = (await findOrder(deps.db.handle, order.id)) ?? current
  }
  if (!current.preferenceId) {
    const made = await makePreference(deps, current, request)
    if (!made.ok) {
      await abandonHold(deps, current)
      return made
    }
    current = (await storePreference(deps.db.handle, current.id, made.value, deps.clock.now())) ?? current
  }
  const { classId, preferenceId, initPoint, expiresAt, amountCentavos } = current
  if (!classId || !preferenceId || !initPoint) return refuse('not-stored')
  const bookedClass = await findClass(deps.db.handle, classId)
  // The hold was given up or ran out while the preference was made: there is nothing to pay for.
  if (bookedClass?.status !== 'pending') return slotTaken(deps, request)
  return succeed({ classId, preferenceId, initPoint, holdExpiresAt: expiresAt, price: amountCentavos })
}

/** Everything in the request follows from the order, so that a repeated request is the same request under the same key. */
async function makePreference(
  deps: Deps,
  order: { id: string; userId: string; amountCentavos: Centavos; createdAt: Date; expiresAt: Date },
  request: { count: number },
): Promise<BookingOutcome<{ preferenceId: string; initPoint: string }>> {
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

/** The payment could not be started: the slot is free again at once. A preference that was made all the same stays watched. */
async function abandonHold(deps: Deps, order: PaymentOrderRow): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const locked = await lockOrder(tx, order.id)
    const bookedClass = locked?.classId ? await lockClass(tx, locked.classId) : null
    if (!locked || locked.preferenceId || bookedClass?.status !== 'pending' || bookedClass.paidAt) return
    await markCancelled(tx, bookedClass.id, { reason: 'booking_failed', byId: null, at: deps.clock.now() })
  })
}

/** `POST /api/mercado-pago/create-preference`: an order without a class, in the specification's order (behaviour 4.1). */
export async function createPreference(
  deps: Deps,
  userId: string,
  request: { classType: ClassType; count: number; price: unknown },
): Promise<BookingOutcome<{ preferenceId: string; initPoint: string }>> {
  const price = priceOf(deps.config.pricing, request.classType, request.count)
  if (!agreesWithPrice(request.price, price)) return refuse('price-mismatch', { expectedPrice: toPesos(price) })
  const now = deps.clock.now()
  const expiresAt = plus(now, deps.config.holdMinutes * MINUTE_MS)
  const order = orderRow(deps.ids.uuid(), userId, request, price, now, expiresAt)
  const made = await makePreference(deps, order, request)
  if (!made.ok) return made
  try {
    await insertOrder(deps.db.handle, { ...order, ...made.value })
  } catch (error) {
    deps.log.error({ error: messageOf(error) }, 'an order could not be stored')
    return refuse('order-not-stored')
  }
  return succeed(made.value)
}

/** `POST /api/booking`: a class for a preference that exists (behaviour 4.2). */
export async function book(
  deps: Deps,
  userId: string,
  request: SlotRequest & { preferenceId: string },
): Promise<BookingOutcome<{ classId: string; holdExpiresAt: Date | null }>> {
  const order = await findOrderByPreference(deps.db.handle, request.preferenceId)
  const repeated = order?.userId === userId ? await findRepeat(deps, order, request) : null
  if (repeated) return succeed(repeated)
  const allowed = await checkSlot(deps, request)
  if (!allowed.ok) return allowed
  if (order?.userId !== userId) return refuse('unknown-preference')
  const early = refuseOrder(order, request, deps.clock.now())
  if (early) return refuse(early)
  const ready = await makeRoom(deps, allowed.value.teacher, request)
  if (!ready.ok) return ready
  const classId = deps.ids.uuid()
  try {
    return await deps.db.transaction(async (tx): Promise<BookingOutcome<{ classId: string; holdExpiresAt: Date | null }>> => {
      const now = deps.clock.now()
      const tooMany = await hasTooManyHolds(deps, tx, userId)
      const locked = await lockOrder(tx, order.id)
      if (!locked) return refuse('unknown-preference')
      const reason = refuseOrder(locked, request, now)
      if (reason) return refuse(reason)
      if (tooMany) return refuse('too-many-holds')
      const row = classRow(classId, userId, allowed.value.teacher, request, locked.amountCentavos)
      // Already paid: confirmed directly, there is nothing left to hold for (D17a).
      const paid = locked.status === 'approved'
      await insertPending(tx, { ...row, holdExpiresAt: locked.expiresAt, paidAt: null }, now)
      await updateOrder(tx, locked.id, now, { classId })
      if (paid) await confirmPaid(deps, tx, classId)
      return succeed({ classId, holdExpiresAt: paid ? null : locked.expiresAt })
    })
  } catch (error) {
    if (violates(error, NO_OVERLAP)) return twinOrTaken(deps, order, request)
    deps.log.error({ error: messageOf(error) }, 'a booking could not be stored')
    return refuse('not-stored')
  }
}

/** Checks 20 to 22 of behaviour 4.2. */
function refuseOrder(order: PaymentOrderRow, request: SlotRequest, now: Date): BookingRefusal | null {
  if (order.classId) return 'preference-used'
  const agrees =
    order.classType === request.classType && order.maxParticipants === request.count && agreesWithPrice(request.price, order.amountCentavos)
  if (!agrees) return 'order-mismatch'
  return order.status === 'refunded' || order.expiresAt <= now ? 'preference-expired' : null
}

/** The exact repeat of a booking that this preference already made and that still stands (check 11). */
async function findRepeat(
  deps: Deps,
  order: PaymentOrderRow,
  request: SlotRequest,
): Promise<{ classId: string; holdExpiresAt: Date | null } | null> {
  const bookedClass = order.classId ? await findClass(deps.db.handle, order.classId) : null
  if (bookedClass?.status !== 'pending' && bookedClass?.status !== 'scheduled') return null
  const same =
    bookedClass.startsAt.getTime() === request.startsAt.getTime() &&
    bookedClass.endsAt.getTime() === request.endsAt.getTime() &&
    bookedClass.classType === request.classType &&
    bookedClass.maxParticipants === request.count
  return same ? { classId: bookedClass.id, holdExpiresAt: bookedClass.holdExpiresAt } : null
}

async function twinOrTaken(
  deps: Deps,
  order: PaymentOrderRow,
  request: SlotRequest,
): Promise<BookingOutcome<{ classId: string; holdExpiresAt: Date | null }>> {
  const current = await findOrder(deps.db.handle, order.id)
  const repeated = current ? await findRepeat(deps, current, request) : null
  return repeated ? succeed(repeated) : slotTaken(deps, request)
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
