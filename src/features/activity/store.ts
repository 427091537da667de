import { and, asc, desc, eq, gt, isNull, lte, type SQL, sql } from 'drizzle-orm'
import type { Handle, Tx } from '../../db/client.ts'
import { activitySubmission, appUser, participation, task, virtualClass } from '../../db/tables.ts'
import type { Answers, Attempt, ItemGrade } from './grade.ts'

export type TaskRow = typeof task.$inferSelect
export type SubmissionRow = typeof activitySubmission.$inferSelect

/** How far back a person's exercises count when the next one is chosen. */
const HISTORY_MAX = 60

/** The people of a completed class who have no exercise yet; nobody whose account ended. */
export async function participantsWithoutTask(handle: Handle, classId: string): Promise<{ userId: string; nivel: string }[]> {
  return handle
    .select({ userId: participation.userId, nivel: appUser.nivel })
    .from(participation)
    .innerJoin(appUser, eq(appUser.id, participation.userId))
    .where(and(eq(participation.classId, classId), isNull(participation.taskId), isNull(appUser.deletedAt)))
    .orderBy(asc(participation.seat))
}

/** A person's last exercises with the marks of their first try, the newest first. */
export async function pastTasks(handle: Handle, userId: string): Promise<{ exercise: unknown; firstMarks: unknown }[]> {
  return handle
    .select({ exercise: task.exercise, firstMarks: activitySubmission.firstMarks })
    .from(task)
    .leftJoin(activitySubmission, and(eq(activitySubmission.taskId, task.id), eq(activitySubmission.userId, userId)))
    .where(eq(task.userId, userId))
    .orderBy(desc(task.createdAt))
    .limit(HISTORY_MAX)
}

/** False when that person has an exercise for that class already. */
export async function insertTask(tx: Tx, row: typeof task.$inferInsert): Promise<boolean> {
  const written = await tx
    .insert(task)
    .values(row)
    .onConflictDoNothing({ target: [task.classId, task.userId] })
    .returning({ id: task.id })
  if (written.length === 0) return false
  await tx
    .update(participation)
    .set({ taskId: row.id, updatedAt: row.createdAt })
    .where(and(eq(participation.classId, row.classId), eq(participation.userId, row.userId)))
  return true
}

/** Drafts whose time has come, the oldest first. */
export async function dueDrafts(handle: Handle, now: Date, limit: number): Promise<{ id: string; classId: string; userId: string }[]> {
  return handle
    .select({ id: task.id, classId: task.classId, userId: task.userId })
    .from(task)
    .where(isDueDraft(now))
    .orderBy(asc(task.publishAt))
    .limit(limit)
}

/** Whether there is any. */
export const anyDueDraft = (now: Date): SQL => sql`EXISTS (SELECT FROM ${task} WHERE ${isDueDraft(now)})`

/** The state is part of the text: an index of drafts serves no plan that has to do for every state. */
const isDueDraft = (now: Date) => and(sql`${task.state} = 'draft'`, lte(task.publishAt, now))

/** Locks a draft whose time has come; null when it was published, changed or taken away meanwhile. */
export async function lockDueDraft(tx: Tx, taskId: string, now: Date): Promise<TaskRow | null> {
  const [row] = await tx
    .select()
    .from(task)
    .where(and(eq(task.id, taskId), eq(task.state, 'draft'), lte(task.publishAt, now)))
    .for('update')
  return row ?? null
}

export async function publishTask(tx: Tx, row: Pick<TaskRow, 'id' | 'classId'>, now: Date): Promise<void> {
  await tx.update(task).set({ state: 'published', publishedAt: now, updatedAt: now }).where(eq(task.id, row.id))
  await tx
    .update(virtualClass)
    .set({ activityStatus: 'uploaded', updatedAt: now })
    .where(and(eq(virtualClass.id, row.classId), eq(virtualClass.activityStatus, 'pending')))
}

/** Published exercises that nobody handed in, published in that time, the oldest first. */
export async function unsolvedTasks(tx: Tx, published: { after: Date; before: Date }, limit: number): Promise<TaskRow[]> {
  return tx.select().from(task).where(isUnsolved(published)).orderBy(asc(task.publishedAt)).limit(limit)
}

/** Whether there is any. */
export const anyUnsolvedTask = (published: { after: Date; before: Date }): SQL =>
  sql`EXISTS (SELECT FROM ${task} WHERE ${isUnsolved(published)})`

const isUnsolved = (published: { after: Date; before: Date }) =>
  and(
    // Whatever was ever shown still is; said, in the text itself, so that the index of shown ones is found.
    sql`${task.state} = 'published'`,
    gt(task.publishedAt, published.after),
    lte(task.publishedAt, published.before),
    // Asked exercise by exercise: a join would be planned for very many of them, and read all that was ever handed in.
    sql`(SELECT max(submitted_at) FROM activity_submission WHERE task_id = ${task.id}) IS NULL`,
    sql`NOT EXISTS (SELECT FROM notice WHERE dedupe_key = 'activity-reminder:' || ${task.id})`,
  )

/** Completed classes of the last days whose exercises were not made, oldest first. */
export async function classesWithoutTasks(handle: Handle, startedAfter: Date, endedBefore: Date, limit: number): Promise<string[]> {
  const { rows } = await handle.execute<{ id: string }>(sql`
    SELECT c.id ${thoseWithoutTasks(startedAfter, endedBefore)}
    ORDER BY c.ends_at LIMIT ${limit}`)
  return rows.map(({ id }) => id)
}

/** Whether there is any. */
export const anyClassWithoutTasks = (startedAfter: Date, endedBefore: Date): SQL =>
  sql`EXISTS (SELECT ${thoseWithoutTasks(startedAfter, endedBefore)})`

/** Whoever has ended has begun, which tells even a plan for any two times that there are not many between them. */
const thoseWithoutTasks = (startedAfter: Date, endedBefore: Date) => sql`FROM virtual_class AS c
    WHERE c.status = 'completed' AND c.starts_at > ${startedAfter} AND c.starts_at < ${endedBefore} AND c.ends_at <= ${endedBefore}
      AND EXISTS (
        SELECT 1 FROM participation AS p JOIN app_user AS u ON u.id = p.user_id
        WHERE p.class_id = c.id AND p.task_id IS NULL AND u.deleted_at IS NULL)`

/** Keeps a published exercise of that person as it is until the transaction ends: an exercise is locked before the work on it (docs/domain.md). */
export async function holdOwn(tx: Tx, userId: string, taskId: string): Promise<boolean> {
  const rows = await tx
    .select({ id: task.id })
    .from(task)
    .where(and(eq(task.id, taskId), eq(task.userId, userId), eq(task.state, 'published')))
    .for('key share')
  return rows.length > 0
}

/** A published exercise of that person; with `lock` the row of their work on it is theirs until the transaction ends. */
export async function findOwn(
  handle: Handle,
  userId: string,
  taskId: string,
): Promise<{ task: TaskRow; submission: SubmissionRow | null } | null> {
  const [row] = await handle
    .select({ task, submission: activitySubmission })
    .from(task)
    .leftJoin(activitySubmission, and(eq(activitySubmission.taskId, task.id), eq(activitySubmission.userId, userId)))
    .where(and(eq(task.id, taskId), eq(task.userId, userId), eq(task.state, 'published')))
  return row ?? null
}

/** Anybody's exercise, also a draft, with the work of its person. */
export async function findAny(handle: Handle, taskId: string): Promise<{ task: TaskRow; submission: SubmissionRow | null } | null> {
  const [row] = await handle
    .select({ task, submission: activitySubmission })
    .from(task)
    .leftJoin(activitySubmission, eq(activitySubmission.taskId, task.id))
    .where(eq(task.id, taskId))
  return row ?? null
}

/** What was handed in, the last first, and what is kept beside it. */
export function attemptsOf({ submittedAnswers, marks, bestAnswers, bestMarks }: SubmissionRow): Attempt[] {
  const attempts = [
    { answers: submittedAnswers, marks },
    { answers: bestAnswers, marks: bestMarks },
  ] as { answers: Answers | null; marks: ItemGrade[] | null }[]
  return attempts.flatMap(({ answers, marks: given }) => (answers && given ? [{ answers, marks: given }] : []))
}

/** Locks the work of a person on a task, which begins with that if it had not. Also where somebody takes it away meanwhile. */
export async function beginSubmission(
  tx: Tx,
  { id, taskId, userId, now }: { id: string; taskId: string; userId: string; now: Date },
): Promise<SubmissionRow> {
  const [row] = await tx
    .insert(activitySubmission)
    .values({ id, taskId, userId, startedAt: now, updatedAt: now })
    .onConflictDoUpdate({
      target: [activitySubmission.userId, activitySubmission.taskId],
      set: { updatedAt: sql`${activitySubmission.updatedAt}` },
    })
    .returning()
  if (!row) throw new Error('The submission was not begun')
  return row
}

export async function lockSubmission(tx: Tx, userId: string, taskId: string): Promise<SubmissionRow | null> {
  const [row] = await tx
    .select()
    .from(activitySubmission)
    .where(and(eq(activitySubmission.userId, userId), eq(activitySubmission.taskId, taskId)))
    .for('update')
  return row ?? null
}

export async function updateSubmission(tx: Tx, id: string, change: Partial<typeof activitySubmission.$inferInsert>): Promise<void> {
  await tx.update(activitySubmission).set(change).where(eq(activitySubmission.id, id))
}

export async function completeParticipation(tx: Tx, userId: string, classId: string, now: Date): Promise<void> {
  await tx
    .update(participation)
    .set({ completed: true, updatedAt: now })
    .where(and(eq(participation.userId, userId), eq(participation.classId, classId)))
}
