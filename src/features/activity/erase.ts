import { and, asc, eq, inArray, ne } from 'drizzle-orm'
import type { Tx } from '../../db/client.ts'
import { activitySubmission, classNote, participation, reviewAnswer, reviewCard, task, virtualClass } from '../../db/tables.ts'
import { deleteTranscriptsOf } from './transcript/store.ts'

/**
 * Takes away what exercises know of a person: what they got and answered, what came back for review, what was noted about lessons with them
 * alone, what was said in their classes, and the objective that they wrote for others. The person's row is locked.
 */
export async function eraseActivities(tx: Tx, userId: string, now: Date): Promise<void> {
  // Tasks before the work on them, as whoever marks it does.
  const own = await tx.select({ id: task.id }).from(task).where(eq(task.userId, userId)).orderBy(asc(task.id)).for('update')
  await tx.delete(reviewAnswer).where(eq(reviewAnswer.userId, userId))
  await tx.delete(reviewCard).where(eq(reviewCard.userId, userId))
  await tx.delete(activitySubmission).where(eq(activitySubmission.userId, userId))
  if (own.length > 0) {
    await tx.update(participation).set({ taskId: null, updatedAt: now }).where(eq(participation.userId, userId))
    await tx.delete(task).where(eq(task.userId, userId))
  }
  const booked = tx.select({ id: virtualClass.id }).from(virtualClass).where(eq(virtualClass.bookedById, userId))
  await tx
    .update(task)
    .set({ description: '' })
    .where(and(inArray(task.classId, booked), ne(task.generator, 'manual'), ne(task.description, '')))
  const alone = tx
    .select({ id: virtualClass.id })
    .from(virtualClass)
    .where(and(eq(virtualClass.bookedById, userId), eq(virtualClass.classType, 'individual')))
  await tx.delete(classNote).where(inArray(classNote.classId, alone))
  await deleteTranscriptsOf(tx, userId)
}
