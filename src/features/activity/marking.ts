import { z } from 'zod'
import type { Tx } from '../../db/client.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { backoffMs } from '../../kernel/backoff.ts'
import { plus, SECOND_MS } from '../../kernel/clock.ts'
import { type Outcome, refuse, succeed } from '../../kernel/outcome.ts'
import { Exercise, type Item } from './exercise.ts'
import type { Attempt, ItemGrade } from './grade.ts'
import { askModel, type For } from './model/ask.ts'
import { marksQuestion } from './model/questions.ts'
import { countCalls } from './model/store.ts'
import * as store from './store.ts'
import { hashOfText, markByRubric, scoreAfter } from './teacher/rules.ts'
import { lockTask } from './teacher/store.ts'

/** After so many failures of the model the text is left to the teacher. */
const FAILURES_MAX = 5
/** For one person's exercise: whoever rewrites a text more often waits for the teacher. */
const CALLS_MAX = 6
/** After so long no other text is begun: one may take two calls of 45 seconds, and the job has 200. */
const TIME_MAX_MS = 100 * SECOND_MS

/** Puts a mark on a text that was handed in, last or in what is kept beside it, if it is still the text that was read. The task is locked. */
export async function putMark(
  deps: Deps,
  tx: Tx,
  task: Pick<store.TaskRow, 'id' | 'userId'>,
  mark: ItemGrade,
  textHash: string,
): Promise<Outcome<null, 'unknown-activity' | 'text-changed'>> {
  const submission = await store.lockSubmission(tx, task.userId, task.id)
  if (!submission?.submittedAt) return refuse('unknown-activity')
  const [last, best] = store.attemptsOf(submission)
  const isIn = (attempt: Attempt | undefined) =>
    attempt !== undefined && hashOfText(String(attempt.answers[mark.itemId] ?? '')) === textHash
  if (!last || !(isIn(last) || isIn(best))) return refuse('text-changed')
  const before = { marks: last.marks, bestMarks: best?.marks ?? null }
  const after = {
    marks: isIn(last) ? withMark(last.marks, mark) : last.marks,
    bestMarks: best && isIn(best) ? withMark(best.marks, mark) : before.bestMarks,
  }
  const score = scoreAfter(submission.score ?? 0, before, after)
  await store.updateSubmission(tx, submission.id, { ...after, score, updatedAt: deps.clock.now() })
  return succeed(null)
}

/** A model changes no mark that a teacher gave meanwhile. */
function withMark(marks: readonly ItemGrade[], mark: ItemGrade): ItemGrade[] {
  return marks.map((each) => (each.itemId === mark.itemId && (mark.by !== 'model' || each.credit === null) ? mark : each))
}

interface WaitingText {
  item: Extract<Item, { kind: 'writing' }>
  text: string
}

/**
 * Has a model mark the texts of a submission that wait for a reader. Where there is no model, it keeps failing, or the day's cap is reached, the
 * teacher marks them, who may change every mark. What does not fit into the time of one job goes on in the next.
 */
async function markTexts(deps: Deps, taskId: string, failures: number): Promise<void> {
  const found = await store.findAny(deps.db.handle, taskId)
  const model = deps.exercises
  if (!model || !found?.submission) return
  const { task, submission } = found
  const whom: For = { classId: task.classId, userId: task.userId }
  const until = plus(deps.clock.now(), TIME_MAX_MS)
  for (const { item, text } of waitingTexts(task, submission)) {
    if ((await countCalls(deps.db.handle, whom, 'marks')) >= CALLS_MAX) return
    if (deps.clock.now() >= until) {
      await deps.jobs.enqueue(markTextsJob, { taskId, failures }, { key: taskId })
      return
    }
    const marks = await askModel(deps, model, whom, marksQuestion(item, text))
    if (marks.ok) {
      const mark = markByRubric(item, marks.value.points, marks.value.comment)
      if (mark.ok) await keep(deps, taskId, { ...mark.value, by: 'model' }, hashOfText(text))
    } else if (marks.reason !== 'cap-reached' && failures + 1 < FAILURES_MAX) {
      const startAfter = plus(deps.clock.now(), backoffMs(failures + 1, deps.ids, marks.detail?.retryAfterMs))
      await deps.jobs.enqueue(markTextsJob, { taskId, failures: failures + 1 }, { key: taskId, startAfter })
      return
    }
  }
}

/** Of the last submission and of what is kept beside it; the same text is read once. */
function waitingTexts(task: store.TaskRow, submission: store.SubmissionRow): WaitingText[] {
  const items = Exercise.safeParse(task.exercise).data?.items ?? []
  const waiting = new Map<string, WaitingText>()
  for (const { answers, marks } of store.attemptsOf(submission)) {
    for (const { itemId, credit } of marks) {
      const item = items.find(({ id }) => id === itemId)
      const text = answers[itemId]
      if (credit === null && item?.kind === 'writing' && typeof text === 'string') waiting.set(`${itemId} ${text}`, { item, text })
    }
  }
  return [...waiting.values()]
}

async function keep(deps: Deps, taskId: string, mark: ItemGrade, textHash: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const task = await lockTask(tx, taskId)
    // Rewritten meanwhile: its own submission asks again.
    if (task) await putMark(deps, tx, task, mark, textHash)
  })
}

/** After a submission with a text that waits for a reader. */
export const markTextsJob = defineJob({
  name: 'activity.mark-texts',
  payload: z.object({ taskId: z.uuid(), failures: z.number().int().min(0).optional() }),
  timeoutSeconds: 200,
  atOnceMax: 2,
  run: (deps, { taskId, failures }) => markTexts(deps, taskId, failures ?? 0),
})
