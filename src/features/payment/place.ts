import type { Tx } from '../../db/client.ts'
import { savepoint, violates } from '../../db/client.ts'
import type { PaymentOrderRow, VirtualClassRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { blackoutsOf } from '../academy/hours.ts'
import { overlaps } from '../academy/rules.ts'
import { findTeacher } from '../academy/store.ts'
import { holdAccount } from '../identity/store.ts'
import { busyNow } from '../meeting/busy.ts'
import { queueMeeting } from '../meeting/create.ts'
import { announceHoldEnd } from '../notice/payment.ts'
import { cancelLocked } from '../virtual-class/cancel.ts'
import { findClass, NO_OVERLAP, OWN_HOUR, queueForHours, updateClass } from '../virtual-class/store.ts'
import { type ClassStep, canRevive } from './rules.ts'
import { paymentsOfOrder } from './store.ts'

/** Carries out the decision about the class. False: paid money found no place, so it has to go back. Order and class must be locked. */
export async function carryOutClassStep(
  deps: Deps,
  tx: Tx,
  order: PaymentOrderRow,
  bookedClass: VirtualClassRow | null,
  classStep: ClassStep,
  teacherFree: boolean,
): Promise<boolean> {
  if (!bookedClass) return true
  switch (classStep.step) {
    case 'keep':
      return true
    case 'confirm':
      await confirmPaid(deps, tx, bookedClass.id)
      return true
    case 'revive':
      return teacherFree && (await revive(deps, tx, bookedClass))
    case 'release':
      await releaseHold(deps, tx, order, bookedClass, classStep.reason)
      return true
    case 'cancel':
      await cancelLocked(deps, tx, bookedClass, order, { reason: classStep.reason, byId: null, refund: null })
      return true
  }
}

/** The money is in: the hold has no end any more, and the event is on its way. */
export async function confirmPaid(deps: Deps, tx: Tx, classId: string): Promise<void> {
  const now = deps.clock.now()
  await updateClass(tx, classId, now, { paidAt: now, holdExpiresAt: null, calendarState: 'queued' })
  await queueMeeting(deps, classId)
}

/**
 * Gives a released class its slot back, unless somebody else has it by now, its host has another class in that hour (the constraints decide), or
 * the host's account has ended.
 */
async function revive(deps: Deps, tx: Tx, released: VirtualClassRow): Promise<boolean> {
  const now = deps.clock.now()
  if (!(await holdAccount(tx, released.bookedById))) return false
  await queueForHours(tx, released, released)
  try {
    await savepoint(tx, () =>
      updateClass(tx, released.id, now, {
        status: 'pending',
        paidAt: now,
        holdExpiresAt: null,
        cancelledAt: null,
        cancelReason: null,
        cancelledById: null,
        calendarState: 'queued',
        sharesHour: false,
      }),
    )
  } catch (error) {
    if (violates(error, NO_OVERLAP) || violates(error, OWN_HOUR)) return false
    throw error
  }
  await queueMeeting(deps, released.id)
  return true
}

/**
 * Whether the teacher could still give a released class: nothing else in the calendar, and not closed meanwhile. Asks the calendar, so it
 * comes before the transaction. A class that holds its slot until now needs no answer.
 */
export async function isTeacherFree(deps: Deps, order: PaymentOrderRow): Promise<boolean> {
  const released = order.classId ? await findClass(deps.db.handle, order.classId) : null
  if (!released || !canRevive(released, deps.clock.now())) return true
  const { teacherId, startsAt, endsAt } = released
  const teacher = await findTeacher(deps.db.handle, teacherId)
  if (!teacher?.active) return false
  if ((await blackoutsOf(deps.db.handle, teacherId, startsAt, endsAt)).length > 0) return false
  const busy = await busyNow(deps, teacher, startsAt, endsAt)
  return busy.ok && !busy.value.some((interval) => overlaps(interval, released))
}

/** Frees the slot of a hold that is over and closes its preference. */
export async function releaseHold(
  deps: Deps,
  tx: Tx,
  order: PaymentOrderRow,
  held: VirtualClassRow,
  reason: 'hold_expired' | 'payment_rejected',
): Promise<void> {
  await cancelLocked(deps, tx, held, order, { reason, byId: null, refund: 'none' })
  await announceHoldEnd(deps, tx, order, await paymentsOfOrder(tx, order.id))
}
