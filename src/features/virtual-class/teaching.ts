import { and, asc, desc, eq, isNotNull, lt, lte, or, type SQL } from 'drizzle-orm'
import type { Handle } from '../../db/client.ts'
import { appUser, participation, type VirtualClassRow, virtualClass } from '../../db/tables.ts'
import { guestNamesOf, peopleOf } from './queries.ts'
import { endingAfter } from './touching.ts'

/** A class as the person who gives it sees it in a list. */
export interface TaughtClass {
  id: string
  startsAt: Date
  endsAt: Date
  classType: 'individual' | 'grupal'
  status: VirtualClassRow['status']
  hostName: string
  /** In the order in which they joined. */
  guestNames: string[]
  learningFocus: string | null
  people: number
  maxParticipants: number
}

const COMING_MAX = 100
const GIVEN_SHOWN = 20

/** Classes of a teacher that are paid and not over, by start: who is to come when, also while a link is still being made. */
export async function comingClassesOf(handle: Handle, teacherId: string, now: Date): Promise<TaughtClass[]> {
  const isPaid = or(eq(virtualClass.status, 'scheduled'), and(eq(virtualClass.status, 'pending'), isNotNull(virtualClass.paidAt)))
  return taught(handle, and(eq(virtualClass.teacherId, teacherId), isPaid, endingAfter(now)), asc(virtualClass.startsAt), COMING_MAX)
}

/** The last classes that a teacher has given, the newest first. */
export async function givenClassesOf(handle: Handle, teacherId: string, now: Date): Promise<TaughtClass[]> {
  const isGiven = or(eq(virtualClass.status, 'scheduled'), eq(virtualClass.status, 'completed'))
  return taught(
    handle,
    // What is over has begun: said to the database, too, which goes through starts.
    and(eq(virtualClass.teacherId, teacherId), isGiven, lte(virtualClass.endsAt, now), lt(virtualClass.startsAt, now)),
    desc(virtualClass.startsAt),
    GIVEN_SHOWN,
  )
}

async function taught(handle: Handle, where: SQL | undefined, order: SQL, limit: number): Promise<TaughtClass[]> {
  return handle
    .select({
      id: virtualClass.id,
      startsAt: virtualClass.startsAt,
      endsAt: virtualClass.endsAt,
      classType: virtualClass.classType,
      status: virtualClass.status,
      hostName: appUser.name,
      guestNames: guestNamesOf(),
      learningFocus: virtualClass.learningFocus,
      people: peopleOf(),
      maxParticipants: virtualClass.maxParticipants,
    })
    .from(virtualClass)
    .innerJoin(appUser, eq(appUser.id, virtualClass.bookedById))
    .where(where)
    .orderBy(order, asc(virtualClass.id))
    .limit(limit)
}

/** One class of a teacher's, with everybody in it. */
export interface TaughtRecord {
  bookedClass: VirtualClassRow
  hostName: string
  /** By seat: the host first. Empty before the class is confirmed. */
  roster: readonly {
    userId: string
    name: string
    attendance: { attended: boolean; minutes: number | null; source: 'manual' | 'meet' } | null
  }[]
}

/** A paid class that this teacher gives, or gave; null when it is none of theirs, as if it did not exist. */
export async function taughtClass(handle: Handle, teacherId: string, classId: string): Promise<TaughtRecord | null> {
  const [found] = await handle
    .select({ bookedClass: virtualClass, hostName: appUser.name })
    .from(virtualClass)
    .innerJoin(appUser, eq(appUser.id, virtualClass.bookedById))
    .where(and(eq(virtualClass.id, classId), eq(virtualClass.teacherId, teacherId), isNotNull(virtualClass.paidAt)))
  if (!found) return null
  const people = await handle
    .select({
      userId: participation.userId,
      name: appUser.name,
      attended: participation.attended,
      minutes: participation.attendedMinutes,
      source: participation.attendanceSource,
    })
    .from(participation)
    .innerJoin(appUser, eq(appUser.id, participation.userId))
    .where(eq(participation.classId, classId))
    .orderBy(asc(participation.seat))
  const roster = people.map(({ userId, name, attended, minutes, source }) => ({
    userId,
    name,
    attendance: attended === null || source === null ? null : { attended, minutes, source },
  }))
  return { ...found, roster }
}
