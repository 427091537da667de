import { and, count, desc, eq, sql } from 'drizzle-orm'
import type { Handle } from '../../db/client.ts'
import { activitySubmission, type TaskGenerator, task, virtualClass } from '../../db/tables.ts'
import type { Exercise } from './exercise.ts'
import type { Answers, ItemGrade } from './grade.ts'
import { findAny, findOwn, type SubmissionRow, type TaskRow } from './store.ts'
import { exerciseOf } from './twins.ts'

/** One line of a person's list of activities. */
export interface ActivityRow {
  id: string
  title: string
  description: string
  type: 'exam' | 'audio' | 'video' | 'reading'
  difficulty: 'easy' | 'medium' | 'hard'
  level: string
  generator: TaskGenerator
  classStartsAt: Date
  participants: number
  startedAt: Date | null
  submittedAt: Date | null
  score: number | null
  total: number | null
  marks: readonly ItemGrade[]
  /** Of what is kept beside the last submission, if anything. */
  bestMarks: readonly ItemGrade[] | null
}

/** Published activities of a person, the newest class first. */
export async function ownActivities(handle: Handle, userId: string, page: { limit: number; offset: number }): Promise<ActivityRow[]> {
  const rows = await handle
    .select({
      id: task.id,
      title: task.title,
      description: task.description,
      type: task.taskType,
      difficulty: task.difficulty,
      level: task.level,
      generator: task.generator,
      classStartsAt: virtualClass.startsAt,
      participants: sql<number>`(SELECT count(*)::int FROM participation AS p WHERE p.class_id = ${virtualClass.id})`,
      startedAt: activitySubmission.startedAt,
      submittedAt: activitySubmission.submittedAt,
      score: activitySubmission.score,
      total: activitySubmission.total,
      marks: activitySubmission.marks,
      bestMarks: activitySubmission.bestMarks,
    })
    .from(task)
    .innerJoin(virtualClass, eq(virtualClass.id, task.classId))
    .leftJoin(activitySubmission, and(eq(activitySubmission.taskId, task.id), eq(activitySubmission.userId, userId)))
    .where(and(eq(task.userId, userId), eq(task.state, 'published')))
    .orderBy(desc(task.createdAt), desc(task.id))
    .limit(page.limit)
    .offset(page.offset)
  return rows.map((row) => ({ ...row, marks: (row.marks ?? []) as ItemGrade[], bestMarks: row.bestMarks as ItemGrade[] | null }))
}

export async function countActivities(handle: Handle, userId: string): Promise<number> {
  const [row] = await handle
    .select({ activities: count() })
    .from(task)
    .where(and(eq(task.userId, userId), eq(task.state, 'published')))
  return row?.activities ?? 0
}

/** An own, published activity with the person's work on it. `exercise` null: the teacher's own text has no gaps to fill in. */
export interface Activity {
  id: string
  classId: string
  title: string
  description: string
  type: ActivityRow['type']
  difficulty: ActivityRow['difficulty']
  level: string
  generator: TaskGenerator
  exercise: Exercise | null
  content: string
  work: {
    startedAt: Date
    submittedAt: Date | null
    /** As they are kept by now; `submitted` is what was handed in last, to which the marks belong. */
    answers: Answers
    submitted: Answers
    score: number | null
    total: number | null
    marks: readonly ItemGrade[]
    bestMarks: readonly ItemGrade[] | null
  } | null
}

export async function ownActivity(handle: Handle, userId: string, taskId: string): Promise<Activity | null> {
  const found = await findOwn(handle, userId, taskId)
  return found && activityOf(found)
}

/** The activity as its person has it, for the teacher: also a draft. */
export async function anyActivity(handle: Handle, taskId: string): Promise<Activity | null> {
  const found = await findAny(handle, taskId)
  return found && activityOf(found)
}

function activityOf({ task: row, submission }: { task: TaskRow; submission: SubmissionRow | null }): Activity {
  return {
    id: row.id,
    classId: row.classId,
    title: row.title,
    description: row.description,
    type: row.taskType,
    difficulty: row.difficulty,
    level: row.level,
    generator: row.generator,
    exercise: exerciseOf(row),
    content: row.content,
    work: submission
      ? {
          startedAt: submission.startedAt,
          submittedAt: submission.submittedAt,
          answers: submission.answers as Answers,
          submitted: (submission.submittedAnswers ?? {}) as Answers,
          score: submission.score,
          total: submission.total,
          marks: (submission.marks ?? []) as ItemGrade[],
          bestMarks: submission.bestMarks as ItemGrade[] | null,
        }
      : null,
  }
}
