import { and, asc, eq, exists, gt, inArray, isNotNull, isNull, lt, lte, ne, or, sql } from 'drizzle-orm'
import type { Handle, Tx } from '../../db/client.ts'
import {
  type CalendarEditRow,
  calendarEdit,
  calendarEvent,
  participation,
  teacher,
  type VirtualClassRow,
  virtualClass,
} from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { DAY_MS, plus } from '../../kernel/clock.ts'
import { foreignEvents, type ReviewTurn } from '../mirror/store.ts'
import { IS_SCHEDULED } from '../virtual-class/store.ts'
import { type Conflict, conflictsAmong, type Standing } from './rules.ts'

const LOOKED_AT_MAX = 500

export interface ClassWithEvent {
  virtualClass: VirtualClassRow & { googleEventId: string }
  /** It stands in the calendar that is mirrored; what stands in one that the teacher had before has to be asked for. */
  isMirrored: boolean
  /** As the mirror holds it; null: it does not. */
  event: Standing | null
  /** Made after the reading began, and not in it: that it is missing there says nothing yet. */
  isTooNew: boolean
}

/**
 * Classes to come whose event should stand exactly where they are, or was found gone, with how the mirror of the calendar shows it. `elsewhere`: of
 * those whose event is not in the mirrored calendar: none, all, or these.
 */
export async function classesWithEvents(
  handle: Handle,
  teacherId: string,
  mirror: { readAt: Date; coversTo: Date },
  elsewhere: ReviewTurn['elsewhere'],
  now: Date,
): Promise<ClassWithEvent[]> {
  const isMirrored = sql<boolean>`coalesce(${virtualClass.calendarId}, ${teacher.calendarId}) = ${teacher.calendarId}`
  const isGone = handle
    .select({ id: calendarEdit.id })
    .from(calendarEdit)
    .where(and(eq(calendarEdit.classId, virtualClass.id), eq(calendarEdit.kind, 'deleted'), isNull(calendarEdit.settledAt)))
  const rows = await handle
    .select({ virtualClass, event: calendarEvent, isMirrored })
    .from(virtualClass)
    .innerJoin(teacher, eq(teacher.id, virtualClass.teacherId))
    .leftJoin(
      calendarEvent,
      and(eq(calendarEvent.teacherId, virtualClass.teacherId), eq(calendarEvent.eventId, virtualClass.googleEventId)),
    )
    .where(
      and(
        eq(virtualClass.teacherId, teacherId),
        eq(virtualClass.status, 'scheduled'),
        or(eq(virtualClass.calendarState, 'synced'), and(eq(virtualClass.calendarState, 'failed'), exists(isGone))),
        isNull(virtualClass.eventWantedAt),
        isNotNull(virtualClass.googleEventId),
        elsewhere === 'all' ? undefined : or(isMirrored, elsewhere === 'none' ? undefined : inArray(virtualClass.id, [...elsewhere])),
        gt(virtualClass.endsAt, now),
        lt(virtualClass.startsAt, mirror.coversTo),
        isNotNull(virtualClass.eventCreatedAt),
      ),
    )
    .orderBy(asc(virtualClass.startsAt), asc(virtualClass.id))
    .limit(LOOKED_AT_MAX)
  return rows.flatMap(({ virtualClass: c, event, isMirrored: mirrored }) => {
    if (!c.googleEventId) return []
    const { startsAt, endsAt, contentHash } = event ?? {}
    const standing = startsAt && endsAt ? { startsAt, endsAt, contentHash: contentHash ?? '' } : null
    const isTooNew = mirrored && !standing && !(c.eventCreatedAt && c.eventCreatedAt < mirror.readAt)
    return [{ virtualClass: { ...c, googleEventId: c.googleEventId }, isMirrored: mirrored, event: standing, isTooNew }]
  })
}

/** Addresses of the people of each class: whoever should be on its event. */
export async function peopleOf(handle: Handle, classIds: readonly string[]): Promise<Map<string, string[]>> {
  const people = new Map<string, string[]>(classIds.map((id) => [id, []]))
  if (classIds.length === 0) return people
  const rows = await handle
    // Asked for one by one: for some hundred classes a join would read everybody there is.
    .select({
      classId: participation.classId,
      email: sql<string>`(SELECT who.email FROM app_user AS who WHERE who.id = ${participation.userId})`,
    })
    .from(participation)
    .where(inArray(participation.classId, [...classIds]))
    .orderBy(asc(participation.createdAt), asc(participation.seat))
  for (const { classId, email } of rows) people.get(classId)?.push(email)
  return people
}

/** What is not settled yet about a teacher's classes. */
export async function openEdits(handle: Handle, teacherId: string): Promise<CalendarEditRow[]> {
  return handle
    .select()
    .from(calendarEdit)
    .where(and(eq(calendarEdit.teacherId, teacherId), isNull(calendarEdit.settledAt)))
    .orderBy(asc(calendarEdit.foundAt), asc(calendarEdit.id))
    .limit(LOOKED_AT_MAX)
}

/** Whether it is known that the event of a class is gone. */
export async function isNotedGone(handle: Handle, classId: string): Promise<boolean> {
  const [row] = await handle
    .select({ id: calendarEdit.id })
    .from(calendarEdit)
    .where(and(eq(calendarEdit.classId, classId), eq(calendarEdit.kind, 'deleted'), isNull(calendarEdit.settledAt)))
    .limit(1)
  return row !== undefined
}

export async function findOpenEdit(handle: Handle, editId: string): Promise<CalendarEditRow | null> {
  const [row] = await handle
    .select()
    .from(calendarEdit)
    .where(and(eq(calendarEdit.id, editId), isNull(calendarEdit.settledAt)))
  return row ?? null
}

export type FoundEdit = Pick<CalendarEditRow, 'teacherId' | 'classId' | 'kind' | 'eventId' | 'startsAt' | 'endsAt' | 'detail'>

/** Writes down what was found. False: it was known, exactly so. */
export async function noteEdit(deps: Deps, tx: Tx, found: FoundEdit): Promise<boolean> {
  const { startsAt, endsAt, detail } = found
  const noted = await tx
    .insert(calendarEdit)
    .values({ id: deps.ids.uuid(), foundAt: deps.clock.now(), ...found })
    .onConflictDoUpdate({
      target: [calendarEdit.classId, calendarEdit.kind, calendarEdit.eventId],
      targetWhere: isNull(calendarEdit.settledAt),
      set: { startsAt, endsAt, detail },
      setWhere: sql`(${calendarEdit.startsAt}, ${calendarEdit.endsAt}, ${calendarEdit.detail})
        IS DISTINCT FROM (${startsAt}::timestamptz, ${endsAt}::timestamptz, ${detail}::text)`,
    })
    .returning({ id: calendarEdit.id })
  return noted.length > 0
}

export type EditOutcome = NonNullable<CalendarEditRow['outcome']>

/** Settles what is open about a class. Returns how many edits that were. */
export async function settleEdits(
  handle: Handle,
  classId: string,
  kinds: readonly CalendarEditRow['kind'][],
  outcome: EditOutcome,
  now: Date,
): Promise<number> {
  const settled = await handle
    .update(calendarEdit)
    .set({ outcome, settledAt: now })
    .where(and(eq(calendarEdit.classId, classId), inArray(calendarEdit.kind, [...kinds]), isNull(calendarEdit.settledAt)))
    .returning({ id: calendarEdit.id })
  return settled.length
}

export async function settleEdit(handle: Handle, editId: string, outcome: EditOutcome, now: Date): Promise<void> {
  await handle.update(calendarEdit).set({ outcome, settledAt: now }).where(eq(calendarEdit.id, editId))
}

/** Classes that are over or cancelled, with something open about them. */
export async function endedWithEdits(handle: Handle, teacherId: string, now: Date): Promise<string[]> {
  const rows = await handle
    .selectDistinct({ classId: calendarEdit.classId })
    .from(calendarEdit)
    .innerJoin(virtualClass, eq(virtualClass.id, calendarEdit.classId))
    .where(
      and(
        eq(calendarEdit.teacherId, teacherId),
        isNull(calendarEdit.settledAt),
        or(ne(virtualClass.status, 'scheduled'), lte(virtualClass.endsAt, now)),
      ),
    )
    .limit(LOOKED_AT_MAX)
  return rows.map(({ classId }) => classId)
}

/**
 * Appointments of the teacher that lie over a class to come. Whether any does is asked of all appointments as one set of times: joined, each class would
 * look at every appointment, because PostgreSQL takes what lies ahead for a row or two among a million that are over.
 */
export async function conflictsOf(handle: Handle, teacherId: string, now: Date): Promise<Conflict[]> {
  const { teacherId: of, classId, blocks, startsAt, endsAt } = calendarEvent
  // One without a length is in the way, too, of the class that it lies in.
  const busy = sql`(SELECT range_agg(tstzrange(${startsAt}, greatest(${endsAt}, ${startsAt} + interval '1 microsecond'))) FROM ${calendarEvent}
    WHERE ${of} = ${teacherId} AND ${classId} IS NULL AND ${blocks} AND ${endsAt} > ${plus(now, -DAY_MS)})`
  const under = await handle
    .select({ classId: virtualClass.id, startsAt: virtualClass.startsAt, endsAt: virtualClass.endsAt })
    .from(virtualClass)
    .where(
      and(
        eq(virtualClass.teacherId, teacherId),
        IS_SCHEDULED,
        gt(virtualClass.endsAt, now),
        sql`tstzrange(${virtualClass.startsAt}, ${virtualClass.endsAt}) && ${busy}`,
      ),
    )
    .orderBy(asc(virtualClass.startsAt), asc(virtualClass.id))
    .limit(LOOKED_AT_MAX)
  const [first] = under
  if (!first) return []
  const end = new Date(Math.max(...under.map((c) => c.endsAt.getTime())))
  return conflictsAmong(under, await foreignEvents(handle, teacherId, first.startsAt, end)).slice(0, LOOKED_AT_MAX)
}

/** Events that we once made for a class and that are not the one it has: left behind by an answer that was lost. */
export async function strayEvents(handle: Handle, teacherId: string): Promise<{ classId: string; eventId: string }[]> {
  const rows = await handle
    .select({ classId: virtualClass.id, eventId: calendarEvent.eventId })
    .from(calendarEvent)
    .innerJoin(virtualClass, and(eq(virtualClass.id, calendarEvent.classId), eq(virtualClass.teacherId, calendarEvent.teacherId)))
    .where(
      and(
        eq(calendarEvent.teacherId, teacherId),
        inArray(virtualClass.calendarState, ['synced', 'none']),
        or(
          and(eq(virtualClass.status, 'scheduled'), ne(virtualClass.googleEventId, calendarEvent.eventId)),
          eq(virtualClass.status, 'cancelled'),
        ),
      ),
    )
    .orderBy(asc(calendarEvent.startsAt), asc(calendarEvent.eventId))
    .limit(50)
  return rows
}
