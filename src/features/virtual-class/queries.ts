import { and, asc, count, desc, eq, gt, inArray, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import type { Handle } from '../../db/client.ts'
import { hotRead, type Later } from '../../db/hot-read.ts'
import { accessCode, appUser, type CancelReason, type ClassStatus, participation, paymentOrder, virtualClass } from '../../db/tables.ts'
import { teacherNameOf } from '../academy/names.ts'
import { type OpenMoney, openMoney } from '../payment/standing.ts'
import { touching } from './touching.ts'

/** Somebody who joined a class with its code. */
export interface Guest {
  participationId: string
  name: string
  joinedAt: Date
  /** When they last used the button that leads to the video call; null: not yet. */
  enteredAt: Date | null
}

/** One row of a person's list of classes, as pages and API see it. The Meet link is never part of it. */
export interface MyClass {
  id: string
  startsAt: Date
  endsAt: Date
  classType: 'individual' | 'grupal'
  rol: 'anfitrion' | 'participante'
  status: ClassStatus
  cancelReason: CancelReason | null
  activityCompleted: boolean
  /** Whether the person was there, and for how long; null: nobody knows. */
  attended: boolean | null
  attendedMinutes: number | null
  /** The own exercise, once it is published. */
  activityId: string | null
  currentParticipants: number
  maxParticipants: number
  hostName: string
  /** Who gives it; null while the academy has one teacher only. */
  teacherName: string | null
  /** In the order in which they joined; empty for a guest, who is told only who invited. */
  guests: Guest[]
  learningFocus: string | null
  refundLapsed: boolean
  rescheduleCount: number
  /** It was paid at some time. A class that never was is a hold. */
  wasPaid: boolean
  /** Money for it that is neither a class nor back yet; only for the host. */
  money: OpenMoney | null
  /** Only for the host of a scheduled class. */
  accessCode: string | null
}

const UPCOMING_MAX = 100

/** Classes of a person that have not ended: scheduled, or cancelled after confirmation; by start (behaviour 4.10, R36). */
export async function upcomingClasses(handle: Handle, userId: string, now: Date): Promise<MyClass[]> {
  return (await readUpcoming(handle, { userId, now })).map((row) => myClass(row, userId))
}

const readUpcoming = hotRead((handle, later: (name: 'userId' | 'now') => Later) =>
  selectMyClasses(handle, later('userId'), {
    where: and(
      gt(virtualClass.endsAt, later('now')),
      inArray(virtualClass.status, ['scheduled', 'cancelled']),
      isNotNull(participation.id),
    ),
    order: [asc(virtualClass.startsAt), asc(virtualClass.id)],
    limit: UPCOMING_MAX,
    offset: 0,
  }),
)

/** Of those, the one that is given next. */
export function nextOf(upcoming: readonly MyClass[]): MyClass | null {
  return upcoming.find(({ status }) => status === 'scheduled') ?? null
}

/** The newest class of a person whose own activity is there and not done yet. */
export async function classWithActivity(handle: Handle, userId: string): Promise<MyClass | null> {
  const [newest] = await readWithActivity(handle, { userId })
  return newest ? myClass(newest, userId) : null
}

const readWithActivity = hotRead((handle, later: (name: 'userId') => Later) =>
  selectMyClasses(handle, later('userId'), {
    where: and(eq(virtualClass.status, 'completed'), isNotNull(ownActivityId()), eq(participation.completed, false)),
    order: [desc(virtualClass.startsAt), desc(virtualClass.id)],
    limit: 1,
    offset: 0,
  }),
)

/** What the person of that seat gets to do, once it is shown: a group's exercises are published one by one. */
function ownActivityId(): SQL<string | null> {
  return sql`(SELECT t.id FROM task AS t WHERE t.id = ${participation.taskId} AND t.state = 'published')`
}

/** One class of a person, as host or guest, in whatever state; null when it is none of theirs. */
export async function ownClass(handle: Handle, userId: string, classId: string): Promise<MyClass | null> {
  const [row] = await myClasses(handle, userId, { where: eq(virtualClass.id, classId), order: [asc(virtualClass.id)], limit: 1, offset: 0 })
  return row ?? null
}

/** Classes that a person booked or joined: found from the person's side, so that nobody else's are read. */
export function belongsTo(userId: string | Later): SQL {
  return sql`${virtualClass.id} IN (
    SELECT mine.class_id FROM participation AS mine WHERE mine.user_id = ${userId}
    UNION SELECT booked.id FROM virtual_class AS booked WHERE booked.booked_by_id = ${userId})`
}

interface MyClassesQuery {
  where: SQL | undefined
  order: SQL[]
  limit: number
  offset: number
}

/** Rows of a person's lists, for the history and single classes. */
export async function myClasses(handle: Handle, userId: string, query: MyClassesQuery): Promise<MyClass[]> {
  return (await selectMyClasses(handle, userId, query)).map((row) => myClass(row, userId))
}

function selectMyClasses(handle: Handle, userId: string | Later, query: MyClassesQuery) {
  return handle
    .select({
      id: virtualClass.id,
      startsAt: virtualClass.startsAt,
      endsAt: virtualClass.endsAt,
      classType: virtualClass.classType,
      bookedById: virtualClass.bookedById,
      status: virtualClass.status,
      cancelReason: virtualClass.cancelReason,
      completed: participation.completed,
      attended: participation.attended,
      attendedMinutes: participation.attendedMinutes,
      activityId: ownActivityId(),
      hostName: appUser.name,
      teacherName: teacherNameOf(),
      guests: guestsOf(),
      paidAt: virtualClass.paidAt,
      money: openMoney(),
      people: sql<number>`(SELECT count(*)::int FROM participation AS p WHERE p.class_id = ${virtualClass.id})`,
      maxParticipants: virtualClass.maxParticipants,
      learningFocus: virtualClass.learningFocus,
      refundLapsed: virtualClass.refundLapsed,
      rescheduleCount: virtualClass.rescheduleCount,
      code: accessCode.code,
    })
    .from(virtualClass)
    .innerJoin(appUser, eq(appUser.id, virtualClass.bookedById))
    .leftJoin(paymentOrder, eq(paymentOrder.classId, virtualClass.id))
    .leftJoin(participation, and(eq(participation.classId, virtualClass.id), eq(participation.userId, userId)))
    .leftJoin(accessCode, and(eq(accessCode.classId, virtualClass.id), isNull(accessCode.retiredAt)))
    .where(and(belongsTo(userId), query.where))
    .orderBy(...query.order)
    .limit(query.limit)
    .offset(query.offset)
}

type MyClassRow = Awaited<ReturnType<typeof selectMyClasses>>[number]

/** Name by name: this is made for every class that is shown, and copying what is left of a row takes five times as long. */
function myClass(row: MyClassRow, userId: string): MyClass {
  const isHost = row.bookedById === userId
  return {
    id: row.id,
    startsAt: row.startsAt,
    endsAt: row.endsAt,
    classType: row.classType,
    rol: isHost ? 'anfitrion' : 'participante',
    status: row.status,
    cancelReason: row.cancelReason,
    activityCompleted: row.completed ?? false,
    attended: row.attended,
    attendedMinutes: row.attendedMinutes,
    activityId: row.activityId,
    currentParticipants: Math.max(row.people, 1),
    maxParticipants: row.maxParticipants,
    hostName: row.hostName,
    teacherName: row.teacherName,
    guests: isHost ? row.guests.map(readGuest) : [],
    learningFocus: row.learningFocus,
    refundLapsed: row.refundLapsed,
    rescheduleCount: row.rescheduleCount,
    wasPaid: row.paidAt !== null,
    money: isHost ? row.money : null,
    accessCode: isHost && row.status === 'scheduled' ? row.code : null,
  }
}

type GuestJson = Omit<Guest, 'joinedAt' | 'enteredAt'> & { joinedAt: string; enteredAt: string | null }

function guestsOf() {
  return sql<GuestJson[]>`coalesce((
    SELECT json_agg(json_build_object('participationId', p.id, 'name', guest.name, 'joinedAt', p.created_at, 'enteredAt', p.entered_at)
      ORDER BY p.created_at, p.seat)
    FROM participation AS p JOIN app_user AS guest ON guest.id = p.user_id
    WHERE p.class_id = ${virtualClass.id} AND p.rol = 'participante'), '[]'::json)`
}

function readGuest({ joinedAt, enteredAt, ...guest }: GuestJson): Guest {
  return { ...guest, joinedAt: new Date(joinedAt), enteredAt: enteredAt === null ? null : new Date(enteredAt) }
}

/** Who joined a class, in the order in which they did. */
export function guestNamesOf() {
  return sql<string[]>`coalesce((
    SELECT array_agg(guest.name ORDER BY p.created_at, p.seat) FROM participation AS p JOIN app_user AS guest ON guest.id = p.user_id
    WHERE p.class_id = ${virtualClass.id} AND p.rol = 'participante'), ARRAY[]::text[])`
}

/** How many are in a class; its host also before the money is there. */
export function peopleOf() {
  return sql<number>`greatest(1, (SELECT count(*)::int FROM participation AS p WHERE p.class_id = ${virtualClass.id}))`
}

/** Whether that person is the host or a guest of a confirmed class. */
export async function isParticipant(handle: Handle, userId: string, classId: string): Promise<boolean> {
  const rows = await handle
    .select({ id: participation.id })
    .from(participation)
    .where(and(eq(participation.userId, userId), eq(participation.classId, classId)))
  return rows.length > 0
}

export async function hostNameOf(handle: Handle, userId: string): Promise<string> {
  const [row] = await handle.select({ name: appUser.name }).from(appUser).where(eq(appUser.id, userId))
  return row?.name ?? ''
}

/** How many paid classes of a person wait for their link (behaviour D19a). */
export async function countPreparing(handle: Handle, userId: string): Promise<number> {
  const [row] = await readPreparing(handle, { userId })
  return row?.classes ?? 0
}

const readPreparing = hotRead((handle, later: (name: 'userId') => Later) =>
  handle
    .select({ classes: count() })
    .from(virtualClass)
    .where(and(eq(virtualClass.bookedById, later('userId')), eq(virtualClass.status, 'pending'), isNotNull(virtualClass.paidAt))),
)

/** Derived, never stored (behaviour invariant 19). */
export async function countCompleted(handle: Handle, userId: string): Promise<number> {
  const [row] = await readCompleted(handle, { userId })
  return row?.classes ?? 0
}

const readCompleted = hotRead((handle, later: (name: 'userId') => Later) =>
  handle
    .select({ classes: count() })
    .from(participation)
    .innerJoin(virtualClass, eq(virtualClass.id, participation.classId))
    .where(and(eq(participation.userId, later('userId')), eq(virtualClass.status, 'completed'))),
)

/** The scheduled class of a person that ends next, for the top bar. */
export async function nextClassOf(handle: Handle, userId: string, now: Date): Promise<{ startsAt: Date; endsAt: Date } | null> {
  const [row] = await readNext(handle, { userId, now })
  return row ?? null
}

const readNext = hotRead((handle, later: (name: 'userId' | 'now') => Later) =>
  handle
    .select({ startsAt: virtualClass.startsAt, endsAt: virtualClass.endsAt })
    .from(virtualClass)
    .innerJoin(participation, and(eq(participation.classId, virtualClass.id), eq(participation.userId, later('userId'))))
    .where(and(eq(virtualClass.status, 'scheduled'), gt(virtualClass.endsAt, later('now'))))
    .orderBy(asc(virtualClass.startsAt))
    .limit(1),
)

const LIVE = ['pending', 'scheduled'] as const

export interface LiveClass {
  id: string
  startsAt: Date
  endsAt: Date
  hostName: string
}

/** Live classes of a teacher that touch [from, to), by start: at most `limit`, and how many there are. */
export async function liveClassesWithin(
  handle: Handle,
  teacherId: string,
  { startsAt: from, endsAt: to }: { startsAt: Date; endsAt: Date },
  limit: number,
): Promise<{ classes: LiveClass[]; total: number }> {
  const inside = and(eq(virtualClass.teacherId, teacherId), inArray(virtualClass.status, [...LIVE]), touching(from, to))
  const [counted] = await handle.select({ total: count() }).from(virtualClass).where(inside)
  const classes = await handle
    .select({ id: virtualClass.id, startsAt: virtualClass.startsAt, endsAt: virtualClass.endsAt, hostName: appUser.name })
    .from(virtualClass)
    .innerJoin(appUser, eq(appUser.id, virtualClass.bookedById))
    .where(inside)
    .orderBy(asc(virtualClass.startsAt), asc(virtualClass.id))
    .limit(limit)
  return { classes, total: counted?.total ?? 0 }
}
