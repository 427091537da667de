import type { Handle } from '../../db/client.ts'
import type { PaymentOrderRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import type { Teacher } from '../academy/store.ts'
import { confirmPaid } from '../payment/place.ts'
import { findOrderByPreference, isBeingReturned, lockOrder, updateOrder } from '../payment/store.ts'
import { agreesWithPrice } from '../virtual-class/rules.ts'
import { findClass, insertPending } from '../virtual-class/store.ts'
import type { BookingOutcome, BookingRefusal } from './rules.ts'
import type { SlotRequest } from './schema.ts'
import { checkSlot, classRow, hasRoom, hasTooManyHolds, lockHost, orNotStored, takeFirstFree } from './slot.ts'

export interface Booked {
  classId: string
  /** Null once the class is paid. */
  holdExpiresAt: Date | null
}

/** `POST /api/booking`: a class for a preference that exists, in the specification's order (behaviour 4.2, checks 11 to 25). */
export async function book(deps: Deps, userId: string, request: SlotRequest & { preferenceId: string }): Promise<BookingOutcome<Booked>> {
  return orNotStored(deps, 'not-stored', async () => {
    const found = await findOrderByPreference(deps.db.handle, request.preferenceId)
    const order = found?.userId === userId ? found : null
    const repeated = order ? await findRepeat(deps.db.handle, order, request) : null
    if (repeated) return succeed(repeated)
    const teacherId = request.teacherId ?? order?.teacherId ?? undefined
    const allowed = await checkSlot(deps, request, teacherId)
    if (!allowed.ok) return allowed
    if (!order) return refuse('unknown-preference')
    const early = refuseOrder(order, request, deps.clock.now())
    if (early) return refuse(early)
    const wanted = teacherId === undefined ? request : { ...request, teacherId }
    if (!isPaid(order) && (await hasTooManyHolds(deps, userId))) return refuse('too-many-holds')
    return takeFirstFree(deps, userId, allowed.value, wanted, (teacher) => insertBooking(deps, order, teacher, request))
  })
}

async function insertBooking(deps: Deps, order: PaymentOrderRow, teacher: Teacher, request: SlotRequest): Promise<BookingOutcome<Booked>> {
  const classId = deps.ids.uuid()
  return deps.db.transaction(async (tx): Promise<BookingOutcome<Booked>> => {
    const now = deps.clock.now()
    if (!(await lockHost(tx, order.userId))) return refuse('no-account')
    const locked = await lockOrder(tx, order.id)
    if (!locked) return refuse('unknown-preference')
    // The same call may have been made twice at once: the second one finds the first one's class here.
    const twin = await findRepeat(tx, locked, request)
    if (twin) return succeed(twin)
    const reason = refuseOrder(locked, request, now)
    if (reason) return refuse(reason)
    const paid = isPaid(locked)
    if (paid && (await isBeingReturned(tx, locked.id))) return refuse('preference-expired')
    if (!paid && !(await hasRoom(deps, tx, locked.userId))) return refuse('too-many-holds')
    const row = classRow(classId, locked.userId, teacher, request, locked.amountCentavos)
    await insertPending(tx, { ...row, holdExpiresAt: locked.expiresAt, paidAt: null }, now)
    await updateOrder(tx, locked.id, now, { classId })
    // Confirmed directly: there is nothing left to hold for (D17a).
    if (paid) await confirmPaid(deps, tx, classId)
    return succeed({ classId, holdExpiresAt: paid ? null : locked.expiresAt })
  })
}

function isPaid(order: PaymentOrderRow): boolean {
  return order.status === 'approved'
}

/** Checks 20 to 22. */
function refuseOrder(order: PaymentOrderRow, request: SlotRequest, now: Date): BookingRefusal | null {
  if (order.classId) return 'preference-used'
  const agrees =
    order.classType === request.classType && order.maxParticipants === request.count && agreesWithPrice(request.price, order.amountCentavos)
  const isOther = request.teacherId !== undefined && order.teacherId !== null && request.teacherId !== order.teacherId
  if (!agrees || isOther) return 'order-mismatch'
  return order.status === 'refunded' || order.expiresAt <= now ? 'preference-expired' : null
}

/** Check 11: the exact repeat of a booking that this preference already made and that still stands. */
async function findRepeat(handle: Handle, order: PaymentOrderRow, request: SlotRequest): Promise<Booked | null> {
  const bookedClass = order.classId ? await findClass(handle, order.classId) : null
  if (bookedClass?.status !== 'pending' && bookedClass?.status !== 'scheduled') return null
  const same =
    bookedClass.startsAt.getTime() === request.startsAt.getTime() &&
    bookedClass.endsAt.getTime() === request.endsAt.getTime() &&
    bookedClass.classType === request.classType &&
    bookedClass.maxParticipants === request.count &&
    (request.teacherId === undefined || bookedClass.teacherId === request.teacherId)
  return same ? { classId: bookedClass.id, holdExpiresAt: bookedClass.holdExpiresAt } : null
}
