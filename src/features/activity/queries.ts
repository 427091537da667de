import { and, count, desc, eq, sql } from 'drizzle-orm'
import type { Handle } from '../../db/client.ts'
import { activitySubmission, task, virtualClass } from '../../db/tables.ts'
import { Exercise } from './exercise.ts'
import type { Answers, ItemGrade } from './grade.ts'
import { findOwn } from './store.ts'

/** One line of a person's list of activities. */
export interface ActivityRow {
  id: string
  title: string
  description: string
  type: 'exam' | 'audio' | 'video' | 'reading'
  difficulty: 'easy' | 'medium' | 'hard'
  level: string
  classStartsAt: Date
  participants: number
  startedAt: Date | null
  submittedAt: Date | null
  score: number | null
  total: number | null
}

/** Published activities of a person, the newest class first. */
export async function ownActivities(handle: Handle, userId: string, page: { limit: number; offset: number }): Promise<ActivityRow[]> {
  return handle
    .select({
      id: task.id,
      title: task.title,
      description: task.description,
      type: task.taskType,
      difficulty: task.difficulty,
      level: task.level,
      classStartsAt: virtualClass.startsAt,
      participants: sql<number>`(SELECT count(*)::int FROM participation AS p WHERE p.class_id = ${virtualClass.id})`,
      startedAt: activitySubmission.startedAt,
      submittedAt: activitySubmission.submittedAt,
      score: activitySubmission.score,
      total: activitySubmission.total,
    })
    .from(task)
    .innerJoin(virtualClass, eq(virtualClass.id, task.classId))
    .leftJoin(activitySubmission, and(eq(activitySubmission.taskId, task.id), eq(activitySubmission.userId, userId)))
    .where(and(eq(task.userId, userId), eq(task.state, 'published')))
    .orderBy(desc(task.createdAt), desc(task.id))
    .limit(page.limit)
    .offset(page.offset)
}

export async function countActivities(handle: Handle, userId: string): Promise<number> {
  const [row] = await handle
    .select({ activities: count() })
    .from(task)
    .where(and(eq(task.userId, userId), eq(task.state, 'published')))
  return row?.activities ?? 0
}

/** An own, published activity with the person's work on it. `exercise` null: the teacher's own text instead. */
export interface Activity {
  id: string
  classId: string
  title: string
  description: string
  type: ActivityRow['type']
  difficulty: ActivityRow['difficulty']
  level: string
  generator: 'ai' | 'builtin' | 'manual'
  exercise: Exercise | null
  content: string
  work: {
    startedAt: Date
    submittedAt: Date | null
    answers: Answers
    score: number | null
    total: number | null
    marks: readonly ItemGrade[]
  } | null
}

export async function ownActivity(handle: Handle, userId: string, taskId: string): Promise<Activity | null> {
  const found = await findOwn(handle, userId, taskId)
  if (!found) return null
  const { task: row, submission } = found
  return {
    id: row.id,
    classId: row.classId,
    title: row.title,
    description: row.description,
    type: row.taskType,
    difficulty: row.difficulty,
    level: row.level,
    generator: row.generator,
    exercise: row.exercise === null ? null : Exercise.parse(row.exercise),
    content: row.content,
    work: submission
      ? {
          startedAt: submission.startedAt,
          submittedAt: submission.submittedAt,
          answers: submission.answers as Answers,
          score: submission.score,
          total: submission.total,
          marks: (submission.marks ?? []) as ItemGrade[],
        }
      : null,
  }
}
