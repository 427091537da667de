import { and, eq, sql } from 'drizzle-orm'
import type { Handle } from '../../db/client.ts'
import { type CancelReason, type ClassStatus, participation, virtualClass } from '../../db/tables.ts'

/** How a class stands, in small facts: no code, no link, no name. */
export interface ClassFacts {
  id: string
  /** `gone`: the person belongs to it no more. */
  status: ClassStatus | 'gone'
  /** The video link: `preparing` once the class is paid. */
  link: 'none' | 'preparing' | 'ready'
  people: number
  peopleMax: number
  startTime: string
  /** It was a hold, and its slot is free again. */
  holdEnded: boolean
}

/** What one person may know of a class of theirs; null when it never was. */
export async function classFacts(handle: Handle, userId: string, classId: string): Promise<ClassFacts | null> {
  const [row] = await handle
    .select({
      bookedById: virtualClass.bookedById,
      status: virtualClass.status,
      cancelReason: virtualClass.cancelReason,
      paidAt: virtualClass.paidAt,
      startsAt: virtualClass.startsAt,
      peopleMax: virtualClass.maxParticipants,
      people: sql<number>`(SELECT count(*)::int FROM participation AS p WHERE p.class_id = ${virtualClass.id})`,
      participationId: participation.id,
    })
    .from(virtualClass)
    .leftJoin(participation, and(eq(participation.classId, virtualClass.id), eq(participation.userId, userId)))
    .where(eq(virtualClass.id, classId))
  if (!row) return null
  const { status, paidAt, startsAt, peopleMax } = row
  // Somebody who was taken off learns that, and nothing of what becomes of the class.
  if (row.bookedById !== userId && row.participationId === null)
    return { id: classId, status: 'gone', link: 'none', people: 0, peopleMax, startTime: startsAt.toISOString(), holdEnded: false }
  return {
    id: classId,
    status,
    link: status === 'scheduled' ? 'ready' : status === 'pending' && paidAt ? 'preparing' : 'none',
    people: Math.max(1, row.people),
    peopleMax,
    startTime: startsAt.toISOString(),
    holdEnded: status === 'cancelled' && paidAt === null && isHoldEnd(row.cancelReason),
  }
}

function isHoldEnd(reason: CancelReason | null): boolean {
  return reason === 'hold_expired' || reason === 'payment_rejected' || reason === 'booking_failed' || reason === 'host_cancelled'
}
