import { and, asc, eq, gt, isNull, lte, ne, or, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../db/client.ts'
import { appUser, googleConnection, participation, userIdentity, type VirtualClassRow, virtualClass } from '../../db/tables.ts'
import { DAY_MS, plus } from '../../kernel/clock.ts'
import { ASKED_AFTER_MS, type Attendance, type Expected } from './rules.ts'

/** Meet keeps its records for thirty days; after a week nobody waits for them any more. */
const ASKED_FOR_MS = 7 * DAY_MS

export interface UnreadClass {
  row: VirtualClassRow
  teacherSubject: string
}

/** Classes that are over, of teachers whose account tells who was there, held in Meet, not read yet, and due to be asked about. */
export async function unreadClasses(handle: Handle, now: Date, limit: number): Promise<UnreadClass[]> {
  return handle
    .select({ row: virtualClass, teacherSubject: googleConnection.subject })
    .from(virtualClass)
    .innerJoin(googleConnection, eq(googleConnection.teacherId, virtualClass.teacherId))
    .where(isUnread(now))
    .orderBy(asc(virtualClass.attendanceChecks), asc(virtualClass.endsAt))
    .limit(limit)
}

/** Whether there is any. */
export const anyUnreadClass = (now: Date): SQL =>
  sql`EXISTS (SELECT FROM ${virtualClass} JOIN ${googleConnection} ON ${eq(googleConnection.teacherId, virtualClass.teacherId)} WHERE ${isUnread(now)})`

const isUnread = (now: Date) =>
  and(
    eq(virtualClass.status, 'completed'),
    isNull(virtualClass.attendanceReadAt),
    isNull(virtualClass.roomUrl),
    or(
      ...ASKED_AFTER_MS.map((afterMs, checks) =>
        and(eq(virtualClass.attendanceChecks, checks), lte(virtualClass.endsAt, plus(now, -afterMs))),
      ),
    ),
    gt(virtualClass.endsAt, plus(now, -ASKED_FOR_MS)),
    eq(googleConnection.readsAttendance, true),
    eq(googleConnection.status, 'connected'),
  )

export async function expectedIn(handle: Handle, classId: string): Promise<Expected[]> {
  return handle
    .select({ userId: participation.userId, name: appUser.name, subject: userIdentity.subject })
    .from(participation)
    .innerJoin(appUser, eq(appUser.id, participation.userId))
    .leftJoin(userIdentity, and(eq(userIdentity.userId, participation.userId), eq(userIdentity.provider, 'google')))
    .where(eq(participation.classId, classId))
    .orderBy(asc(participation.seat))
}

/** What the teacher said stands against what Meet says; and not the other way round. */
export async function saveAttendance(
  handle: Handle,
  classId: string,
  { userId, attended, minutes }: Attendance,
  source: 'manual' | 'meet',
  now: Date,
): Promise<void> {
  const open = source === 'meet' ? or(isNull(participation.attendanceSource), ne(participation.attendanceSource, 'manual')) : undefined
  await handle
    .update(participation)
    .set({
      attended,
      attendedMinutes: source === 'manual' ? sql`CASE WHEN ${attended}::boolean THEN ${participation.attendedMinutes} END` : minutes,
      attendanceSource: source,
      attendanceAt: now,
      updatedAt: now,
    })
    .where(and(eq(participation.classId, classId), eq(participation.userId, userId), open))
}
