import { and, asc, count, desc, eq, getTableColumns, gt, inArray, sql } from 'drizzle-orm'
import type { Handle, Tx } from '../../../db/client.ts'
import { activitySubmission, appUser, classNote, classTranscript, participation, task, virtualClass } from '../../../db/tables.ts'
import type { SubmissionRow, TaskRow } from '../store.ts'
import type { ClassNotes } from './rules.ts'

export interface SeatRow {
  userId: string
  name: string
  nivel: string
  /** The account ended: they get nothing any more. */
  isClosed: boolean
  task: TaskRow | null
  submission: SubmissionRow | null
}

/** Everybody of a class with their exercise and what they did with it. */
export async function seatsOfClass(handle: Handle, classId: string): Promise<SeatRow[]> {
  return handle
    .select({
      userId: participation.userId,
      name: appUser.name,
      nivel: appUser.nivel,
      isClosed: sql<boolean>`${appUser.deletedAt} IS NOT NULL`,
      task,
      submission: activitySubmission,
    })
    .from(participation)
    .innerJoin(appUser, eq(appUser.id, participation.userId))
    .leftJoin(task, eq(task.id, participation.taskId))
    .leftJoin(activitySubmission, eq(activitySubmission.taskId, task.id))
    .where(eq(participation.classId, classId))
    .orderBy(asc(participation.seat))
}

/** Whether somebody did anything about what they were given, handed in or not. */
export function hasAnswered({ submission }: Pick<SeatRow, 'submission'>): boolean {
  return submission !== null && (submission.submittedAt !== null || Object.keys(submission.answers as object).length > 0)
}

export async function findTask(handle: Handle, taskId: string): Promise<TaskRow | null> {
  const [row] = await handle.select().from(task).where(eq(task.id, taskId))
  return row ?? null
}

export async function lockTask(tx: Tx, taskId: string): Promise<TaskRow | null> {
  const [row] = await tx.select().from(task).where(eq(task.id, taskId)).for('update')
  return row ?? null
}

export async function updateTask(tx: Tx, taskId: string, change: Partial<typeof task.$inferInsert>): Promise<void> {
  await tx.update(task).set(change).where(eq(task.id, taskId))
}

/** Keeps the accounts of everybody of a class from ending until the transaction does: people before classes (docs/domain.md). */
export async function holdPeople(tx: Tx, classId: string): Promise<void> {
  const people = tx.select({ userId: participation.userId }).from(participation).where(eq(participation.classId, classId))
  await tx.select({ id: appUser.id }).from(appUser).where(inArray(appUser.id, people)).orderBy(asc(appUser.id)).for('key share')
}

/** Drafts of a class that the teacher changed. */
export async function editedDrafts(tx: Tx, classId: string): Promise<number> {
  const [row] = await tx
    .select({ drafts: count() })
    .from(task)
    .where(and(eq(task.classId, classId), eq(task.state, 'draft'), gt(task.updatedAt, task.createdAt)))
  return row?.drafts ?? 0
}

/** Puts an activity in the place of the one that this person had for this class, if any; it is theirs and not yet done. */
export async function putTask(tx: Tx, row: typeof task.$inferInsert): Promise<string> {
  const { id: _id, createdAt: _createdAt, ...change } = row
  const [written] = await tx
    .insert(task)
    .values(row)
    .onConflictDoUpdate({ target: [task.classId, task.userId], set: change })
    .returning({ id: task.id })
  if (!written) throw new Error('The activity was not written')
  await tx
    .update(participation)
    .set({ taskId: written.id, completed: false, updatedAt: row.updatedAt })
    .where(and(eq(participation.classId, row.classId), eq(participation.userId, row.userId)))
  return written.id
}

/** Holds everybody's exercise of a class and what they did with it, so that nobody answers what is about to be replaced. */
export async function lockWork(tx: Tx, classId: string): Promise<void> {
  const tasks = await tx.select({ id: task.id }).from(task).where(eq(task.classId, classId)).orderBy(asc(task.id)).for('update')
  if (tasks.length === 0) return
  const ids = tasks.map(({ id }) => id)
  await tx
    .select({ id: activitySubmission.id })
    .from(activitySubmission)
    .where(inArray(activitySubmission.taskId, ids))
    .orderBy(asc(activitySubmission.id))
    .for('update')
}

/** Takes work on the exercises of a class away in which nothing was answered: it begins anew with what takes their place. */
export async function deleteEmptyWork(tx: Tx, classId: string): Promise<void> {
  await tx
    .delete(activitySubmission)
    .where(sql`task_id IN (SELECT id FROM task WHERE class_id = ${classId}) AND submitted_at IS NULL AND answers = '{}'`)
}

/** Takes the drafts of a class away, so that they are made anew. */
export async function deleteDrafts(tx: Tx, classId: string, now: Date): Promise<void> {
  const drafts = sql`(SELECT id FROM task WHERE class_id = ${classId} AND state = 'draft')`
  await tx.update(participation).set({ taskId: null, updatedAt: now }).where(sql`task_id IN ${drafts}`)
  await tx.delete(task).where(and(eq(task.classId, classId), eq(task.state, 'draft')))
}

export async function setUploaded(tx: Tx, classId: string, now: Date): Promise<void> {
  await tx.update(virtualClass).set({ activityStatus: 'uploaded', updatedAt: now }).where(eq(virtualClass.id, classId))
}

export async function findNotes(handle: Handle, classId: string): Promise<ClassNotes | null> {
  const [row] = await handle
    .select({ wentWell: classNote.wentWell, errorsHeard: classNote.errorsHeard, vocabulary: classNote.vocabulary })
    .from(classNote)
    .where(eq(classNote.classId, classId))
  return row ?? null
}

/** What the teacher noted about a class, and what is kept of what was said in it. */
export async function recordOf(
  handle: Handle,
  classId: string,
): Promise<{ notes: ClassNotes | null; transcript: { characters: number; deleteAt: Date } | null }> {
  const { wentWell, errorsHeard, vocabulary } = getTableColumns(classNote)
  const [row] = await handle
    .select({
      notes: { wentWell, errorsHeard, vocabulary },
      transcript: { characters: sql<number>`char_length(${classTranscript.body})`, deleteAt: classTranscript.deleteAt },
    })
    .from(virtualClass)
    .leftJoin(classNote, eq(classNote.classId, virtualClass.id))
    .leftJoin(classTranscript, eq(classTranscript.classId, virtualClass.id))
    .where(eq(virtualClass.id, classId))
  const { notes = null, transcript } = row ?? {}
  return { notes, transcript: transcript?.deleteAt ? { ...transcript, deleteAt: transcript.deleteAt } : null }
}

/** What was noted about the last classes of a person, the newest first. */
export async function notesAbout(handle: Handle, userId: string, limit: number): Promise<ClassNotes[]> {
  return handle
    .select({ wentWell: classNote.wentWell, errorsHeard: classNote.errorsHeard, vocabulary: classNote.vocabulary })
    .from(classNote)
    .innerJoin(participation, and(eq(participation.classId, classNote.classId), eq(participation.userId, userId)))
    .innerJoin(virtualClass, eq(virtualClass.id, classNote.classId))
    .orderBy(desc(virtualClass.startsAt))
    .limit(limit)
}

export async function putNotes(tx: Tx, classId: string, notes: ClassNotes, now: Date): Promise<void> {
  await tx
    .insert(classNote)
    .values({ classId, ...notes, createdAt: now, updatedAt: now })
    .onConflictDoUpdate({ target: classNote.classId, set: { ...notes, updatedAt: now } })
}
