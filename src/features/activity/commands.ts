import type { Tx } from '../../db/client.ts'
import type { Deps } from '../../deps.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { holdAccount } from '../identity/store.ts'
import type { Exercise } from './exercise.ts'
import { type Answers, type Grade, grade, keepMarkedTexts, keptBeside } from './grade.ts'
import { markTextsJob } from './marking.ts'
import { rememberMissed } from './memory/commands.ts'
import { type ActivityRefusal, parseAnswers, solutionFrom } from './rules.ts'
import * as store from './store.ts'
import { exerciseOf } from './twins.ts'

type Refused<T> = Outcome<T, ActivityRefusal>

/** Sets the start once (behaviour 4.14). */
export async function startActivity(
  deps: Deps,
  userId: string,
  taskId: string,
): Promise<Refused<{ startedAt: Date; solutionFrom: Date | null }>> {
  return withOwnTask(deps, userId, taskId, async (_tx, { submission }) =>
    succeed({ startedAt: submission.startedAt, solutionFrom: solutionFrom(submission, deps.config.solutionDelayMinutes) }),
  )
}

/** Keeps some answers without handing them in; the others stay as they are. Two windows at once lose nothing but the same answer. */
export async function saveAnswers(deps: Deps, userId: string, taskId: string, sent: unknown): Promise<Refused<{ answers: Answers }>> {
  return withOwnTask(deps, userId, taskId, async (tx, { task, submission }) => {
    const answers = merged(task, submission, sent)
    if (!answers.ok) return answers
    await store.updateSubmission(tx, submission.id, { answers: answers.value, updatedAt: deps.clock.now() })
    return succeed({ answers: answers.value })
  })
}

/** Hands in what was saved and what comes with it. Handed in again, the new answers count and the best score stays (behaviour 4.14). */
export async function submitActivity(
  deps: Deps,
  userId: string,
  taskId: string,
  sent: unknown,
): Promise<Refused<{ grade: Grade; best: { score: number; total: number } }>> {
  return withOwnTask(deps, userId, taskId, async (tx, { task, submission }) => {
    const answers = merged(task, submission, sent)
    if (!answers.ok) return answers
    const now = deps.clock.now()
    const exercise = exerciseOf(task)
    const before = store.attemptsOf(submission)
    const marked = keepMarkedTexts(grade({ items: exercise?.items ?? [] }, answers.value), before, answers.value)
    const best = Math.max(marked.score, submission.score ?? 0)
    const kept = keptBeside(before, marked.items)
    const handedIn = { startedAt: submission.startedAt, submittedAt: submission.submittedAt ?? now }
    await store.updateSubmission(tx, submission.id, {
      answers: answers.value,
      submittedAnswers: answers.value,
      submittedAt: handedIn.submittedAt,
      score: best,
      total: marked.total,
      marks: marked.items,
      bestAnswers: kept?.answers ?? null,
      bestMarks: kept?.marks ?? null,
      ...(submission.submittedAt ? {} : { firstMarks: marked.items }),
      updatedAt: now,
    })
    // What a teacher's own text asks has no topic to remember it by.
    if (exercise && task.exercise !== null && !submission.submittedAt) {
      // A review shows the answer: not before the solution may be seen.
      const notBefore = solutionFrom(handedIn, deps.config.solutionDelayMinutes) ?? now
      await rememberMissed(deps, tx, userId, { exercise, marks: marked.items, notBefore })
    }
    await store.completeParticipation(tx, userId, task.classId, now)
    // Another text is asked about from the beginning, however often a model failed at the one before.
    if (marked.waiting > 0 && deps.exercises) await deps.jobs.enqueue(markTextsJob, { taskId }, { key: taskId, replaces: true })
    return succeed({ grade: marked, best: { score: best, total: marked.total } })
  })
}

/** The exercise with its answers, once they may be seen. */
export async function solutionOf(
  deps: Deps,
  userId: string,
  taskId: string,
): Promise<Refused<{ exercise: Exercise | null; solvedContent: string }>> {
  const found = await store.findOwn(deps.db.handle, userId, taskId)
  if (!found) return refuse('unknown-activity')
  const from = solutionFrom(found.submission, deps.config.solutionDelayMinutes)
  if (from === null || deps.clock.now() < from) return refuse('solution-early')
  return succeed({ exercise: exerciseOf(found.task), solvedContent: found.task.solvedContent })
}

function merged(task: store.TaskRow, submission: store.SubmissionRow, sent: unknown): Refused<Answers> {
  const parsed = parseAnswers({ items: exerciseOf(task)?.items ?? [] }, sent)
  return parsed.ok ? succeed({ ...(submission.answers as Answers), ...parsed.value }) : parsed
}

/** Runs `work` on an own, published task with the locked row of the person's work on it, which begins with that if it had not. */
async function withOwnTask<T>(
  deps: Deps,
  userId: string,
  taskId: string,
  work: (tx: Tx, own: { task: store.TaskRow; submission: store.SubmissionRow }) => Promise<Refused<T>>,
): Promise<Refused<T>> {
  return deps.db.transaction(async (tx) => {
    if (!(await holdAccount(tx, userId)) || !(await store.holdOwn(tx, userId, taskId))) return refuse('unknown-activity')
    const submission = await store.beginSubmission(tx, { id: deps.ids.uuid(), taskId, userId, now: deps.clock.now() })
    // As it is now that nobody replaces it any more.
    const held = await store.findOwn(tx, userId, taskId)
    return held ? work(tx, { task: held.task, submission }) : refuse('unknown-activity')
  })
}
