import { and, asc, eq, gt, sql } from 'drizzle-orm'
import type { Handle, Tx } from '../../db/client.ts'
import {
  appUser,
  idempotencyKey,
  notice,
  participation,
  paymentOrder,
  session,
  signInAttempt,
  supportTicket,
  teacher,
  userIdentity,
  virtualClass,
} from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { eraseActivities } from '../activity/erase.ts'
import { queueGuests } from '../meeting/guests.ts'
import { audit } from '../operation/attention.ts'
import { closePreferenceJob } from '../payment/close-preference.ts'
import { lockClass } from '../virtual-class/store.ts'
import { CLOSED_NAME, type CloseRefusal, closedEmail, decideClose, type Unfinished } from './closing.ts'

/** Whether an account could be ended now, for the page that explains it. */
export async function standingOfAccount(deps: Deps, userId: string): Promise<{ isStaff: boolean; unfinished: Unfinished }> {
  const { handle } = deps.db
  const [person] = await handle.select({ role: appUser.role }).from(appUser).where(eq(appUser.id, userId))
  return {
    isStaff: person?.role !== 'USER' || (await isTeacher(handle, userId)),
    unfinished: await unfinishedOf(handle, userId, deps.clock.now()),
  }
}

/**
 * Ends an account for good: what is personal goes, what accounting needs stays under nobody's name (behaviour Z16). The person's row is locked
 * first; whatever gives them something new holds it, too (`holdAccount`), so that nothing begins behind our back.
 */
export async function closeAccount(deps: Deps, userId: string, typed: string): Promise<Outcome<null, CloseRefusal>> {
  return deps.db.transaction(async (tx): Promise<Outcome<null, CloseRefusal>> => {
    const [person] = await tx.select().from(appUser).where(eq(appUser.id, userId)).for('update')
    // Sent twice: the first one did it.
    if (!person || person.deletedAt) return succeed(null)
    const now = deps.clock.now()
    const isStaff = person.role !== 'USER' || (await isTeacher(tx, userId))
    const unfinished = await unfinishedOf(tx, userId, now)
    const decision = decideClose({ isStaff, unfinished, email: person.email, typed })
    if (!decision.ok) return refuse(decision.reason)
    await leaveClasses(deps, tx, userId, now)
    await closeOpenPreferences(deps, tx, userId, now)
    await erase(tx, userId, now)
    await audit(deps, tx, { actorId: userId, action: 'account.close', subject: 'user', subjectId: userId })
    return succeed(null)
  })
}

async function isTeacher(handle: Handle, userId: string): Promise<boolean> {
  return (await handle.select({ id: teacher.id }).from(teacher).where(eq(teacher.userId, userId))).length > 0
}

async function unfinishedOf(handle: Handle, userId: string, now: Date): Promise<Unfinished> {
  const { rows } = await handle.execute<{ classes: number; holds: number; payments: number }>(sql`
    SELECT
      (SELECT count(*)::int FROM virtual_class WHERE booked_by_id = ${userId}
        AND ((status = 'scheduled' AND ends_at > ${now}) OR (status = 'pending' AND paid_at IS NOT NULL))) AS classes,
      (SELECT count(*)::int FROM virtual_class WHERE booked_by_id = ${userId} AND status = 'pending' AND paid_at IS NULL) AS holds,
      (SELECT count(*)::int FROM payment_order o WHERE o.user_id = ${userId} AND (
        EXISTS (SELECT FROM provider_payment p WHERE p.order_id = o.id AND p.status IN ('pending', 'in_process', 'authorized'))
        OR (o.status = 'approved' AND o.class_id IS NULL AND NOT EXISTS (
          SELECT FROM refund r JOIN provider_payment p ON p.id = r.payment_id WHERE p.order_id = o.id))
      )) AS payments`)
  return rows[0] ?? { classes: 0, holds: 0, payments: 0 }
}

/** Gives the seats in coming classes of others free; the calendar follows. */
async function leaveClasses(deps: Deps, tx: Tx, userId: string, now: Date): Promise<void> {
  const seats = await tx
    .select({ classId: participation.classId, joinedAt: participation.createdAt })
    .from(participation)
    .innerJoin(virtualClass, eq(virtualClass.id, participation.classId))
    .where(
      and(
        eq(participation.userId, userId),
        eq(participation.rol, 'participante'),
        eq(virtualClass.status, 'scheduled'),
        gt(virtualClass.endsAt, now),
      ),
    )
    .orderBy(asc(participation.classId))
  for (const { classId, joinedAt } of seats) {
    await lockClass(tx, classId)
    await tx.delete(participation).where(and(eq(participation.classId, classId), eq(participation.userId, userId)))
    await queueGuests(deps, classId)
    const detail = { joinedAt: joinedAt.toISOString() }
    await audit(deps, tx, { actorId: userId, action: 'class.leave', subject: 'class', subjectId: classId, detail })
  }
}

/** Nobody should pay for what can no longer be booked. What is paid all the same goes back by itself (D17a). */
async function closeOpenPreferences(deps: Deps, tx: Tx, userId: string, now: Date): Promise<void> {
  const open = await tx
    .select({ id: paymentOrder.id })
    .from(paymentOrder)
    .where(and(eq(paymentOrder.userId, userId), eq(paymentOrder.status, 'pending'), gt(paymentOrder.expiresAt, now)))
  for (const { id } of open) await deps.jobs.enqueue(closePreferenceJob, { orderId: id }, { key: id })
}

/** Takes everything personal away. A feature that keeps something about people takes it away here. */
async function erase(tx: Tx, userId: string, now: Date): Promise<void> {
  await tx
    .update(appUser)
    .set({
      name: CLOSED_NAME,
      googleName: '',
      hasOwnName: false,
      email: closedEmail(userId),
      image: null,
      telefono: null,
      localidad: '-',
      nivel: 'inicial',
      newsletter: 'no',
      zone: null,
      locale: null,
      theme: null,
      transcriptsAgreedAt: null,
      deletedAt: now,
      updatedAt: now,
    })
    .where(eq(appUser.id, userId))
  // The same Google account starts anew.
  await tx.delete(userIdentity).where(eq(userIdentity.userId, userId))
  await tx.delete(session).where(eq(session.userId, userId))
  await tx.delete(signInAttempt).where(eq(signInAttempt.userId, userId))
  // What they wrote themselves: answers, objectives, and conversations with their messages.
  await eraseActivities(tx, userId, now)
  await tx
    .update(virtualClass)
    .set({ learningFocus: null, summary: null, description: null, updatedAt: now })
    .where(eq(virtualClass.bookedById, userId))
  await tx.delete(supportTicket).where(eq(supportTicket.userId, userId))
  await tx.delete(idempotencyKey).where(eq(idempotencyKey.userId, userId))
  await tx
    .update(notice)
    .set({ state: 'skipped', lastError: 'account closed' })
    .where(and(eq(notice.userId, userId), eq(notice.state, 'queued')))
}
