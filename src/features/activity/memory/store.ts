import { and, asc, count, desc, eq, isNotNull, lte, sql } from 'drizzle-orm'
import type { Handle, Tx } from '../../../db/client.ts'
import { hotRead, type Later } from '../../../db/hot-read.ts'
import { activitySubmission, appUser, reviewAnswer, reviewCard, task } from '../../../db/tables.ts'

export type CardRow = typeof reviewCard.$inferSelect
export type AnswerRow = typeof reviewAnswer.$inferSelect

/** How far back the answers of a person count. */
const TASKS_READ = 60
const ANSWERS_READ = 400
const DAYS_READ = 1_000

export async function findCard(handle: Handle, userId: string, itemHash: string): Promise<CardRow | null> {
  const [row] = await handle
    .select()
    .from(reviewCard)
    .where(and(eq(reviewCard.userId, userId), eq(reviewCard.itemHash, itemHash)))
  return row ?? null
}

export async function insertCard(tx: Tx, row: typeof reviewCard.$inferInsert): Promise<void> {
  await tx
    .insert(reviewCard)
    .values(row)
    .onConflictDoNothing({ target: [reviewCard.userId, reviewCard.itemHash] })
}

export async function updateCard(tx: Tx, id: string, change: Partial<typeof reviewCard.$inferInsert>): Promise<void> {
  await tx.update(reviewCard).set(change).where(eq(reviewCard.id, id))
}

export async function deleteCard(tx: Tx, id: string): Promise<void> {
  await tx.delete(reviewCard).where(eq(reviewCard.id, id))
}

/** The card of a question; nobody answers it until the transaction ends. */
export async function lockCardOf(tx: Tx, userId: string, itemHash: string): Promise<CardRow | null> {
  const [row] = await tx
    .select()
    .from(reviewCard)
    .where(and(eq(reviewCard.userId, userId), eq(reviewCard.itemHash, itemHash)))
    .for('update')
  return row ?? null
}

/** An own card; nobody else answers it until the transaction ends. */
export async function lockCard(tx: Tx, userId: string, cardId: string): Promise<CardRow | null> {
  const [row] = await tx
    .select()
    .from(reviewCard)
    .where(and(eq(reviewCard.id, cardId), eq(reviewCard.userId, userId)))
    .for('update')
  return row ?? null
}

export async function dueCards(handle: Handle, userId: string, now: Date, limit: number): Promise<CardRow[]> {
  return handle
    .select()
    .from(reviewCard)
    .where(and(eq(reviewCard.userId, userId), lte(reviewCard.dueAt, now)))
    .orderBy(asc(reviewCard.dueAt), asc(reviewCard.id))
    .limit(limit)
}

export async function nextDue(handle: Handle, userId: string): Promise<Date | null> {
  const [row] = await handle
    .select({ dueAt: reviewCard.dueAt })
    .from(reviewCard)
    .where(eq(reviewCard.userId, userId))
    .orderBy(asc(reviewCard.dueAt))
    .limit(1)
  return row?.dueAt ?? null
}

export async function answersOfDay(handle: Handle, userId: string, day: string): Promise<number> {
  const [row] = await handle
    .select({ answers: count() })
    .from(reviewAnswer)
    .where(and(eq(reviewAnswer.userId, userId), eq(reviewAnswer.day, day)))
  return row?.answers ?? 0
}

/** Published tasks that were never handed in, and cards that are due as far as today's review goes; in one statement, because pages ask for it. */
export async function countOpenWork(
  handle: Handle,
  userId: string,
  { now, day, aDayMax }: { now: Date; day: string; aDayMax: number },
): Promise<{ unsolved: number; toReview: number }> {
  const [row] = await readOpenWork(handle, { userId, now: now.toISOString(), day, aDayMax })
  return row ?? { unsolved: 0, toReview: 0 }
}

const readOpenWork = hotRead((handle, later: (name: 'userId' | 'now' | 'day' | 'aDayMax') => Later) =>
  handle
    .select({
      unsolved: sql<number>`(SELECT count(*)::int FROM task AS t LEFT JOIN activity_submission AS s ON s.task_id = t.id
        WHERE t.user_id = ${later('userId')} AND t.state = 'published' AND s.submitted_at IS NULL)`,
      toReview: sql<number>`least(
        (SELECT count(*) FROM review_card AS c WHERE c.user_id = ${later('userId')} AND c.due_at <= ${later('now')}::timestamptz),
        greatest(0, ${later('aDayMax')}::int
          - (SELECT count(*) FROM review_answer AS a WHERE a.user_id = ${later('userId')} AND a.day = ${later('day')}::date)))::int`,
    })
    .from(sql`(SELECT) AS nothing`),
)

/** False when that card was answered that day already. */
export async function insertAnswer(tx: Tx, row: typeof reviewAnswer.$inferInsert): Promise<boolean> {
  const written = await tx
    .insert(reviewAnswer)
    .values(row)
    .onConflictDoNothing({ target: [reviewAnswer.cardId, reviewAnswer.day] })
    .returning({ id: reviewAnswer.id })
  return written.length > 0
}

export async function findAnswer(
  handle: Handle,
  userId: string,
  cardId: string,
  day: string,
): Promise<{ card: CardRow; answer: AnswerRow } | null> {
  const [row] = await handle
    .select({ card: reviewCard, answer: reviewAnswer })
    .from(reviewAnswer)
    .innerJoin(reviewCard, eq(reviewCard.id, reviewAnswer.cardId))
    .where(and(eq(reviewAnswer.userId, userId), eq(reviewAnswer.cardId, cardId), eq(reviewAnswer.day, day)))
  return row ?? null
}

/** First tries that were handed in, the newest first. */
export async function firstTries(handle: Handle, userId: string): Promise<{ exercise: unknown; firstMarks: unknown; at: Date }[]> {
  const rows = await readTries(handle, { userId })
  return rows.flatMap(({ at, ...row }) => (at ? [{ ...row, at }] : []))
}

const readTries = hotRead((handle, later: (name: 'userId') => Later) =>
  handle
    .select({ exercise: task.exercise, firstMarks: activitySubmission.firstMarks, at: activitySubmission.submittedAt })
    .from(activitySubmission)
    .innerJoin(task, eq(task.id, activitySubmission.taskId))
    .where(and(eq(activitySubmission.userId, later('userId')), isNotNull(activitySubmission.submittedAt)))
    .orderBy(desc(activitySubmission.submittedAt))
    .limit(TASKS_READ),
)

/** Answers in the daily review, the newest first. */
export async function reviewAnswers(handle: Handle, userId: string): Promise<{ item: unknown; credit: number }[]> {
  return readAnswers(handle, { userId })
}

const readAnswers = hotRead((handle, later: (name: 'userId') => Later) =>
  handle
    .select({ item: reviewCard.item, credit: reviewAnswer.credit })
    .from(reviewAnswer)
    .innerJoin(reviewCard, eq(reviewCard.id, reviewAnswer.cardId))
    .where(eq(reviewAnswer.userId, later('userId')))
    .orderBy(desc(reviewAnswer.answeredAt))
    .limit(ANSWERS_READ),
)

/** Days of reviews, the newest first. */
export async function reviewDays(handle: Handle, userId: string): Promise<string[]> {
  const rows = await handle
    .selectDistinct({ day: reviewAnswer.day })
    .from(reviewAnswer)
    .where(eq(reviewAnswer.userId, userId))
    .orderBy(desc(reviewAnswer.day))
    .limit(DAYS_READ)
  return rows.map(({ day }) => day)
}

export async function declaredLevel(handle: Handle, userId: string): Promise<string> {
  const [row] = await handle.select({ nivel: appUser.nivel }).from(appUser).where(eq(appUser.id, userId))
  return row?.nivel ?? ''
}
