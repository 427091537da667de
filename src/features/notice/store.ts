import { and, eq, gt, isNull, type SQL, sql } from 'drizzle-orm'
import type { Handle, Tx } from '../../db/client.ts'
import { appUser, googleConnection, notice, participation, refund, task, teacher } from '../../db/tables.ts'
import { plus } from '../../kernel/clock.ts'
import type { Locale } from '../../kernel/locale.ts'
import { nameAmongSeveral } from '../academy/names.ts'
import { openMoneyOf } from '../payment/standing.ts'
import { findOrder, findOrderOfClass, paymentsOfOrder, primaryPaymentId } from '../payment/store.ts'
import { findClass, liveCode } from '../virtual-class/store.ts'
import type { MailChoice, MailChoices } from './choices.ts'
import type { NoticeDetails } from './compose.ts'
import type { NoticeKind } from './kinds.ts'
import { type NoticeFacts, PREPARING_AFTER_MS, REMINDERS, type ReminderKind } from './rules.ts'

export type NoticeRow = Omit<typeof notice.$inferSelect, 'kind'> & { kind: NoticeKind }

/** Writes a message down; null when one with this key was written before. */
export async function insertNotice(tx: Tx, row: typeof notice.$inferInsert & { kind: NoticeKind }): Promise<string | null> {
  const [written] = await tx.insert(notice).values(row).onConflictDoNothing({ target: notice.dedupeKey }).returning({ id: notice.id })
  return written?.id ?? null
}

export async function wasToldSince(
  tx: Tx,
  { userId, classId, kind }: { userId: string; classId: string; kind: NoticeKind },
  since: Date,
): Promise<boolean> {
  const [told] = await tx
    .select({ id: notice.id })
    .from(notice)
    .where(and(eq(notice.userId, userId), eq(notice.classId, classId), eq(notice.kind, kind), gt(notice.createdAt, since)))
    .limit(1)
  return told !== undefined
}

export async function findNotice(handle: Handle, noticeId: string): Promise<NoticeRow | null> {
  const [row] = await handle.select().from(notice).where(eq(notice.id, noticeId))
  return row ? { ...row, kind: row.kind as NoticeKind } : null
}

export async function updateNotice(handle: Handle, noticeId: string, change: Partial<typeof notice.$inferInsert>): Promise<void> {
  await handle.update(notice).set(change).where(eq(notice.id, noticeId))
}

/** Puts a message that had failed for good back in the queue. False when there is none. */
export async function requeueFailed(tx: Tx, noticeId: string): Promise<boolean> {
  const rows = await tx
    .update(notice)
    .set({ state: 'queued', attempts: 0 })
    .where(and(eq(notice.id, noticeId), eq(notice.state, 'failed')))
    .returning({ id: notice.id })
  return rows.length > 0
}

/** Whoever is written to, in which language, and what they want to hear. */
export interface Reader {
  email: string
  name: string
  isAdmin: boolean
  locale: Locale
  choices: MailChoices
}

/** Null once the account has ended. */
export async function findReader(handle: Handle, userId: string): Promise<Reader | null> {
  const [row] = await handle
    .select({
      email: appUser.email,
      name: appUser.name,
      locale: appUser.locale,
      role: appUser.role,
      newsletter: appUser.newsletter,
      dayBefore: appUser.mailDayBefore,
      hourBefore: appUser.mailHourBefore,
      activity: appUser.mailActivity,
    })
    .from(appUser)
    .where(and(eq(appUser.id, userId), isNull(appUser.deletedAt)))
  if (!row) return null
  const { email, name, role, locale, newsletter, ...choices } = row
  return { email, name, isAdmin: role === 'ADMIN', locale: locale ?? 'es', choices: { ...choices, newsletter: newsletter === 'si' } }
}

const ENDED = {
  dayBefore: { mailDayBefore: false },
  hourBefore: { mailHourBefore: false },
  activity: { mailActivity: false },
  newsletter: { newsletter: 'no' },
} as const satisfies Record<MailChoice, Partial<typeof appUser.$inferInsert>>

const IS_ON: Record<MailChoice, SQL> = {
  dayBefore: eq(appUser.mailDayBefore, true),
  hourBefore: eq(appUser.mailHourBefore, true),
  activity: eq(appUser.mailActivity, true),
  newsletter: eq(appUser.newsletter, 'si'),
}

/** Ends mails of one sort. False when there is no such account, or nothing to end. */
export async function endMails(tx: Tx, userId: string, choice: MailChoice, now: Date): Promise<boolean> {
  const rows = await tx
    .update(appUser)
    .set({ ...ENDED[choice], updatedAt: now })
    .where(and(eq(appUser.id, userId), isNull(appUser.deletedAt), IS_ON[choice]))
    .returning({ id: appUser.id })
  return rows.length > 0
}

/** The present state of everything that a message is about. */
export async function factsOf(handle: Handle, row: NoticeRow, now: Date): Promise<NoticeFacts & NoticeDetails> {
  const about = row.classId ? await findClass(handle, row.classId) : null
  const orderId = typeof row.data.orderId === 'string' ? row.data.orderId : null
  const order = orderId ? await findOrder(handle, orderId) : about ? await findOrderOfClass(handle, about.id) : null
  const isHost = about?.bookedById === row.userId
  const rejected = order ? (await paymentsOfOrder(handle, order.id)).filter((payment) => payment.status === 'rejected') : []
  const newest = rejected.toSorted((a, b) => a.providerUpdatedAt.getTime() - b.providerUpdatedAt.getTime()).at(-1)
  return {
    now,
    about,
    seat: isHost ? 'host' : about && (await isGuest(handle, about.id, row.userId)) ? 'guest' : null,
    order: order && { id: order.id, status: order.status },
    money: order ? await openMoneyOf(handle, order.id) : null,
    rejection: newest?.statusDetail ?? null,
    refund: typeof row.data.refundId === 'string' ? await refundState(handle, row.data.refundId) : null,
    activityDone: row.kind === 'activity-reminder' && about !== null && (await isActivityDone(handle, about.id, row.userId)),
    activityId: row.kind.startsWith('activity-') && about ? await activityOf(handle, about.id, row.userId) : null,
    workWaits: about !== null && (await doesWorkWait(handle, row, about.id)),
    calendarConnected: row.kind === 'calendar-disconnected' && (await isCalendarConnected(handle, row.userId)),
    data: row.data,
    hostName: about ? await nameOf(handle, about.bookedById) : null,
    paymentId: order ? await primaryPaymentId(handle, order.id) : null,
    code: about && isHost ? await liveCode(handle, about.id) : null,
    teacherName: about ? await nameAmongSeveral(handle, about.teacherId) : null,
  }
}

async function isGuest(handle: Handle, classId: string, userId: string): Promise<boolean> {
  const rows = await handle
    .select({ id: participation.id })
    .from(participation)
    .where(and(eq(participation.classId, classId), eq(participation.userId, userId)))
  return rows.length > 0
}

async function isActivityDone(handle: Handle, classId: string, userId: string): Promise<boolean> {
  const [row] = await handle
    .select({ completed: participation.completed })
    .from(participation)
    .where(and(eq(participation.classId, classId), eq(participation.userId, userId)))
  return row?.completed ?? false
}

async function activityOf(handle: Handle, classId: string, userId: string): Promise<string | null> {
  const [row] = await handle
    .select({ id: task.id })
    .from(task)
    .where(and(eq(task.classId, classId), eq(task.userId, userId), eq(task.state, 'published')))
  return row?.id ?? null
}

/** Whether drafts of a class still wait for its teacher, or texts, whichever a message is about. For whoever gives it no more, nothing does. */
async function doesWorkWait(handle: Handle, { kind, userId }: Pick<NoticeRow, 'kind' | 'userId'>, classId: string): Promise<boolean> {
  if (kind !== 'drafts-ready' && kind !== 'texts-waiting') return false
  const work =
    kind === 'drafts-ready'
      ? sql`SELECT FROM task WHERE class_id = c.id AND state = 'draft'`
      : sql`SELECT FROM activity_submission AS s JOIN task AS t ON t.id = s.task_id
          WHERE t.class_id = c.id AND (s.marks @> '[{"credit": null}]' OR s.best_marks @> '[{"credit": null}]')`
  const { rows } = await handle.execute(sql`
    SELECT 1 FROM virtual_class AS c JOIN teacher AS g ON g.id = c.teacher_id
    WHERE c.id = ${classId} AND g.active AND g.user_id = ${userId} AND EXISTS (${work})`)
  return rows.length > 0
}

async function nameOf(handle: Handle, userId: string): Promise<string | null> {
  const [row] = await handle.select({ name: appUser.name }).from(appUser).where(eq(appUser.id, userId))
  return row?.name ?? null
}

async function refundState(handle: Handle, refundId: string): Promise<NoticeFacts['refund']> {
  const [row] = await handle.select({ state: refund.state }).from(refund).where(eq(refund.id, refundId))
  return row?.state ?? null
}

async function isCalendarConnected(handle: Handle, userId: string): Promise<boolean> {
  const [row] = await handle
    .select({ status: googleConnection.status })
    .from(googleConnection)
    .innerJoin(teacher, eq(teacher.id, googleConnection.teacherId))
    .where(eq(teacher.userId, userId))
  return row?.status === 'connected'
}

export interface DueReminder {
  classId: string
  userId: string
  moveCount: number
  dedupeKey: string
}

/**
 * Reminders whose time has come and that nobody wrote yet: host and guests of scheduled classes, for the hour that the class has now. Who
 * learned of that hour after the reminder was due (booked late, moved late, joined late) needs none.
 */
export async function dueReminders(handle: Handle, kind: ReminderKind, now: Date, limit: number): Promise<DueReminder[]> {
  const { rows } = await handle.execute<{ class_id: string; user_id: string; move_count: number; dedupe_key: string }>(sql`
    SELECT c.id AS class_id, p.user_id, c.move_count, ${keyOf(kind)} AS dedupe_key
    ${thoseToRemind(kind, now)}
    ORDER BY c.starts_at, p.seat LIMIT ${limit}`)
  return rows.map((row) => ({ classId: row.class_id, userId: row.user_id, moveCount: row.move_count, dedupeKey: row.dedupe_key }))
}

function thoseToRemind(kind: ReminderKind, now: Date): SQL {
  const { beforeMs, untilMs } = REMINDERS[kind]
  return sql`FROM virtual_class c JOIN participation p ON p.class_id = c.id
    WHERE c.status = 'scheduled' AND c.starts_at > ${plus(now, untilMs)} AND c.starts_at <= ${plus(now, beforeMs)}
      AND greatest(p.created_at, c.fixed_at) <= c.starts_at - make_interval(secs => ${beforeMs / 1_000})
      AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.dedupe_key = ${keyOf(kind)})`
}

const keyOf = (kind: ReminderKind): SQL => sql`${`${kind}:`}::text || c.id || ':' || c.move_count || ':' || p.user_id`

/** Paid classes whose link takes longer than usual, and whose hosts do not know yet. */
export async function longPreparing(handle: Handle, now: Date, limit: number): Promise<{ classId: string; userId: string }[]> {
  const { rows } = await handle.execute<{ class_id: string; user_id: string }>(sql`
    SELECT c.id AS class_id, c.booked_by_id AS user_id ${longInPreparation(now)}
    ORDER BY c.starts_at LIMIT ${limit}`)
  return rows.map((row) => ({ classId: row.class_id, userId: row.user_id }))
}

function longInPreparation(now: Date): SQL {
  return sql`FROM virtual_class c WHERE c.status = 'pending' AND c.paid_at <= ${plus(now, -PREPARING_AFTER_MS)} AND c.starts_at > ${now}
      AND NOT EXISTS (SELECT 1 FROM notice n WHERE n.dedupe_key = 'class-preparing:' || c.id)`
}

/** Whether there is any of those, or a reminder of one of these kinds. */
export function anyTimeToTell(kinds: readonly ReminderKind[], now: Date): SQL {
  const causes = [...kinds.map((kind) => thoseToRemind(kind, now)), longInPreparation(now)]
  return sql.join(
    causes.map((cause) => sql`EXISTS (SELECT ${cause})`),
    sql` OR `,
  )
}
