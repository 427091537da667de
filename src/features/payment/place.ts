import { z } from 'zod'
import type { Tx } from '../../db/client.ts'
import { savepoint, violates } from '../../db/client.ts'
import type { CancelReason, PaymentOrderRow, VirtualClassRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { backoffMs } from '../../kernel/backoff.ts'
import { MINUTE_MS, plus, SECOND_MS } from '../../kernel/clock.ts'
import { succeed } from '../../kernel/outcome.ts'
import { overlaps } from '../academy/rules.ts'
import { blackoutsOf } from '../academy/store.ts'
import { busyTime } from '../meeting/busy.ts'
import { queueMeeting } from '../meeting/create.ts'
import { queueRemoval } from '../meeting/remove.ts'
import { announceCancellation } from '../notice/cancellation.ts'
import { audit } from '../operation/attention.ts'
import { findClass, markCancelled, NO_OVERLAP, updateClass } from '../virtual-class/store.ts'
import { type ClassStep, canRevive } from './rules.ts'
import { findOrder } from './store.ts'

/** Carries out the decision about the class. False: paid money found no place, so it has to go back. Order and class must be locked. */
export async function moveClass(
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
      return teacherFree && (await revive(deps, tx, bookedClass.id))
    case 'release':
      await releaseHold(deps, tx, order, bookedClass.id, classStep.reason)
      return true
    case 'cancel':
      await cancel(deps, tx, bookedClass.id, classStep.reason)
      // Also while the event is being made: it may exist at Google before we have heard of it.
      if (bookedClass.paidAt) await queueRemoval(deps, bookedClass.id)
      await announceCancellation(deps, tx, bookedClass)
      return true
  }
}

/** The money is in: the hold has no end any more, and the event is on its way. */
export async function confirmPaid(deps: Deps, tx: Tx, classId: string): Promise<void> {
  const now = deps.clock.now()
  await updateClass(tx, classId, now, { paidAt: now, holdExpiresAt: null, calendarState: 'queued' })
  await queueMeeting(deps, classId)
}

/** Gives a released class its slot back, unless somebody else has it by now: the constraint decides. */
async function revive(deps: Deps, tx: Tx, classId: string): Promise<boolean> {
  const now = deps.clock.now()
  try {
    await savepoint(tx, () =>
      updateClass(tx, classId, now, {
        status: 'pending',
        paidAt: now,
        holdExpiresAt: null,
        cancelledAt: null,
        cancelReason: null,
        cancelledById: null,
        calendarState: 'queued',
      }),
    )
  } catch (error) {
    if (violates(error, NO_OVERLAP)) return false
    throw error
  }
  await queueMeeting(deps, classId)
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
  if ((await blackoutsOf(deps.db.handle, teacherId, startsAt, endsAt)).length > 0) return false
  const busy = await busyTime(deps, teacherId, startsAt, endsAt, 'recent')
  return busy.ok && !busy.value.some((interval) => overlaps(interval, released))
}

/** Frees the slot of a hold that is over and closes its preference. */
export async function releaseHold(
  deps: Deps,
  tx: Tx,
  order: PaymentOrderRow,
  classId: string,
  reason: 'hold_expired' | 'payment_rejected',
): Promise<void> {
  await cancel(deps, tx, classId, reason)
  if (order.preferenceId) await deps.jobs.enqueue(closePreferenceJob, { orderId: order.id }, { key: order.id })
}

async function cancel(deps: Deps, tx: Tx, classId: string, reason: CancelReason): Promise<void> {
  await markCancelled(tx, classId, { reason, byId: null, at: deps.clock.now() })
  await audit(deps, tx, { actorId: null, action: 'class.cancel', subject: 'class', subjectId: classId, detail: { reason } })
}

/** A hold that ends by its time is closed a little after it. */
const CLOSING_AFTER_END_MS = 5 * MINUTE_MS

/**
 * Closes the preference of a hold that is over, and one that we never heard of because the answer to its creation was lost. Tried until it is
 * done or the preference's own end has come: from then on nobody can pay it. Money that comes all the same follows its own rule (D7b).
 */
async function closePreference(deps: Deps, orderId: string, failures: number): Promise<void> {
  const order = await findOrder(deps.db.handle, orderId)
  if (!order) return
  const closed = await closeAll(deps, order)
  if (closed.ok || closed.reason === 'refused') return
  const startAfter = plus(deps.clock.now(), backoffMs(failures + 1, deps.ids, closed.detail?.retryAfterMs))
  if (startAfter >= plus(order.expiresAt, CLOSING_AFTER_END_MS)) return
  await deps.jobs.enqueue(closePreferenceJob, { orderId, failures: failures + 1 }, { key: orderId, startAfter })
}

async function closeAll(deps: Deps, order: PaymentOrderRow): ReturnType<Deps['payments']['closePreference']> {
  const found = order.preferenceId ? succeed([order.preferenceId]) : await deps.payments.findPreferences(order.id)
  if (!found.ok) return found
  // The provider refuses an end that is not after the beginning.
  const at = new Date(Math.max(deps.clock.now().getTime(), order.createdAt.getTime() + SECOND_MS))
  for (const preferenceId of found.value) {
    const closed = await deps.payments.closePreference(preferenceId, at)
    if (!closed.ok) return closed
  }
  return succeed(null)
}

export const closePreferenceJob = defineJob({
  name: 'payment.close-preference',
  payload: z.object({ orderId: z.uuid(), failures: z.number().int().min(0).optional() }),
  run: (deps, { orderId, failures }) => closePreference(deps, orderId, failures ?? 0),
})
