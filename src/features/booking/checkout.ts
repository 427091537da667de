import { and, eq, inArray, isNull, or } from 'drizzle-orm'
import { hotRead, type Later } from '../../db/hot-read.ts'
import { type PaymentOrderRow, paymentOrder, virtualClass } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { type Centavos, toPesos } from '../../kernel/money.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { overlaps } from '../academy/rules.ts'
import type { Teacher } from '../academy/store.ts'
import { closePreferenceJob } from '../payment/close-preference.ts'
import { reconcileOrder } from '../payment/reconcile.ts'
import { findOrder, insertOrder, lockOrder, storePreference } from '../payment/store.ts'
import { cancelLocked } from '../virtual-class/cancel.ts'
import { inTheWay } from '../virtual-class/in-the-way.ts'
import { agreesWithPrice, priceOf } from '../virtual-class/rules.ts'
import { findClass, insertPending, LIVE, lockClass } from '../virtual-class/store.ts'
import { touching } from '../virtual-class/touching.ts'
import { makePreference, orderRow } from './preference.ts'
import type { BookingOutcome } from './rules.ts'
import type { SlotRequest } from './schema.ts'
import { checkSlot, classRow, hasRoom, hasTooManyHolds, lockHost, orNotStored, slotTaken, takeFirstFree } from './slot.ts'

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
  return orNotStored(deps, 'not-stored', async () => {
    const allowed = await checkSlot(deps, request, request.teacherId)
    if (!allowed.ok) return allowed
    const price = priceOf(deps.config.pricing, request.classType, request.count)
    if (!agreesWithPrice(request.price, price)) return refuse('price-mismatch', { expectedPrice: toPesos(price) })

    const before = await ownClasses(deps, userId, request)
    const mine = await orderOfHold(deps, before.holds, request)
    if (mine) return finishCheckout(deps, mine, request, 'wait')

    const take = (teacher: Teacher) => holdSlot(deps, userId, teacher, request, price)
    const held = (await hasTooManyHolds(deps, userId, before.holds.length))
      ? refuse('too-many-holds')
      : await takeFirstFree(deps, userId, allowed.value, request, take, before.inTheWay)
    if (held.ok) return finishCheckout(deps, held.value, request, 'create')
    // The same person may have held the very same slot a moment ago, with a double click.
    const mayBeOwn = held.reason === 'own-class' || held.reason === 'too-many-holds'
    const twin = mayBeOwn ? await orderOfHold(deps, (await ownClasses(deps, userId, request)).holds, request) : null
    return twin ? finishCheckout(deps, twin, request, 'wait') : held
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
  const outcome = await deps.db.transaction(async (tx) => {
    if (!(await lockHost(tx, userId))) return refuse('no-account')
    if (!(await hasRoom(deps, tx, userId))) return refuse('too-many-holds')
    const order = orderRow(deps, orderId, userId, request, price)
    const row = classRow(classId, userId, teacher, request, price)
    await insertPending(tx, { ...row, holdExpiresAt: order.expiresAt, paidAt: null }, order.createdAt)
    await insertOrder(tx, { ...order, classId })
    return succeed(null)
  })
  if (!outcome.ok) return outcome
  const order = await findOrder(deps.db.handle, orderId)
  return order ? succeed(order) : refuse('not-stored')
}

/** An unexpired hold of this person for exactly this slot, type, count and text, with whomever if it may be anybody (behaviour 4.8 check 6). */
async function orderOfHold(
  deps: Deps,
  holds: Awaited<ReturnType<typeof ownClasses>>['holds'],
  request: SlotRequest,
): Promise<PaymentOrderRow | null> {
  const now = deps.clock.now()
  const match = holds.find(
    (hold) =>
      hold.startsAt.getTime() === request.startsAt.getTime() &&
      (request.teacherId === undefined || hold.teacherId === request.teacherId) &&
      hold.holdExpiresAt !== null &&
      hold.holdExpiresAt > now &&
      hold.classType === request.classType &&
      hold.maxParticipants === request.count &&
      hold.learningFocus === request.focus,
  )
  return match?.orderId ? findOrder(deps.db.handle, match.orderId) : null
}

/** All that a person holds without having paid, and what they have in an hour: both are asked next, and most of a crowd need no more of their own. */
async function ownClasses(deps: Deps, userId: string, { startsAt, endsAt }: SlotRequest) {
  const rows = await readOwn(deps.db.handle, { userId, from: startsAt, to: endsAt })
  const now = deps.clock.now()
  return {
    holds: rows.filter(({ status, paidAt }) => status === 'pending' && paidAt === null),
    inTheWay: rows.filter((own) => overlaps(own, { startsAt, endsAt })).map((own) => inTheWay({ ...own, bookedById: userId }, now)),
  }
}

const readOwn = hotRead((handle, later: (name: 'userId' | 'from' | 'to') => Later) =>
  handle
    .select({
      classId: virtualClass.id,
      orderId: paymentOrder.id,
      teacherId: virtualClass.teacherId,
      status: virtualClass.status,
      paidAt: virtualClass.paidAt,
      startsAt: virtualClass.startsAt,
      endsAt: virtualClass.endsAt,
      holdExpiresAt: virtualClass.holdExpiresAt,
      classType: virtualClass.classType,
      maxParticipants: virtualClass.maxParticipants,
      learningFocus: virtualClass.learningFocus,
    })
    .from(virtualClass)
    .leftJoin(paymentOrder, eq(paymentOrder.classId, virtualClass.id))
    .where(
      and(
        eq(virtualClass.bookedById, later('userId')),
        or(
          and(eq(virtualClass.status, 'pending'), isNull(virtualClass.paidAt)),
          and(inArray(virtualClass.status, [...LIVE]), touching(later('from'), later('to'))),
        ),
      ),
    ),
)

/**
 * Gives a hold its preference and its address to pay at. `wait`: another request may be doing just that; take over only if it does not
 * finish, so that a crash in between cannot leave a hold that can never be paid.
 */
async function finishCheckout(
  deps: Deps,
  held: PaymentOrderRow,
  request: SlotRequest,
  mode: 'create' | 'wait',
): Promise<BookingOutcome<StartedCheckout>> {
  const order = mode === 'wait' ? await waitForPreference(deps, held) : held
  // Mercado Pago failed for the other request, and the hold went with it: paying is not possible now, for this one either.
  if (!order) return refuse('provider-failed')
  const ready = order.preferenceId ? succeed(order) : await addPreference(deps, order, request)
  if (!ready.ok) return ready
  const { id, classId, preferenceId, initPoint, expiresAt, amountCentavos } = ready.value
  if (!classId || !preferenceId || !initPoint) return refuse('not-stored')
  const bookedClass = await findClass(deps.db.handle, classId)
  if (bookedClass?.status === 'pending') {
    return succeed({ classId, preferenceId, initPoint, holdExpiresAt: expiresAt, price: amountCentavos })
  }
  // The hold was given up or ran out while the preference was made: there is nothing to pay for.
  await deps.jobs.enqueue(closePreferenceJob, { orderId: id }, { key: id })
  return slotTaken(deps, held.userId, request)
}

/** The order as soon as it has its preference, or when the time is up. Null: the hold is gone and nothing is left to pay for. */
async function waitForPreference(deps: Deps, held: PaymentOrderRow): Promise<PaymentOrderRow | null> {
  let order: PaymentOrderRow | null = held
  for (let waited = 0; order && !order.preferenceId && waited < PREFERENCE_WAIT_MS; waited += PREFERENCE_POLL_MS) {
    await new Promise((resolve) => setTimeout(resolve, PREFERENCE_POLL_MS))
    order = await findOrder(deps.db.handle, held.id)
    const bookedClass = held.classId ? await findClass(deps.db.handle, held.classId) : null
    if (bookedClass?.status !== 'pending') return null
  }
  return order
}

async function addPreference(deps: Deps, order: PaymentOrderRow, request: SlotRequest): Promise<BookingOutcome<PaymentOrderRow>> {
  const made = await makePreference(deps, order, request)
  if (!made.ok) {
    await abandonHold(deps, order)
    return made
  }
  return succeed((await storePreference(deps.db.handle, order.id, made.value, deps.clock.now())) ?? order)
}

/**
 * The payment could not be started: the slot is free again at once (behaviour 4.8, check 9), unless the provider, asked first, knows of money.
 * Nobody was given an address to pay at, so its silence changes nothing. A preference that was made all the same is looked for and closed.
 */
async function abandonHold(deps: Deps, order: PaymentOrderRow): Promise<void> {
  await reconcileOrder(deps, order.id)
  await deps.db.transaction(async (tx) => {
    const locked = await lockOrder(tx, order.id)
    const bookedClass = locked?.classId ? await lockClass(tx, locked.classId) : null
    if (!locked || locked.preferenceId || bookedClass?.status !== 'pending' || bookedClass.paidAt) return
    await cancelLocked(deps, tx, bookedClass, locked, { reason: 'booking_failed', byId: null, refund: 'none' })
  })
}
