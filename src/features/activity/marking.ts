import { z } from 'zod'
import type { Tx } from '../../db/client.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { backoffMs } from '../../kernel/backoff.ts'
import { plus } from '../../kernel/clock.ts'
import { type Outcome, refuse, succeed } from '../../kernel/outcome.ts'
import { Exercise, type Item } from './exercise.ts'
import type { Answers, ItemGrade } from './grade.ts'
import { askModel, type For } from './model/ask.ts'
import { marksQuestion } from './model/questions.ts'
import { countCalls } from './model/store.ts'
import * as store from './store.ts'
import { hashOfText, markByRubric, withMark } from './teacher/rules.ts'
import { lockTask } from './teacher/store.ts'

/** After so many failures of the model the text is left to the teacher. */
const FAILURES_MAX = 5
/** For one person's exercise: whoever rewrites a text more often waits for the teacher. */
const CALLS_MAX = 6

/** Puts a mark on a text that was handed in, if it is still the text that was read. The task is locked. */
export async function putMark(
  deps: Deps,
  tx: Tx,
  task: Pick<store.TaskRow, 'id' | 'userId'>,
  mark: ItemGrade,
  textHash: string,
): Promise<Outcome<null, 'unknown-activity' | 'text-changed'>> {
  const submission = await store.lockSubmission(tx, task.userId, task.id)
  if (!submission?.submittedAt) return refuse('unknown-activity')
  const text = (submission.submittedAnswers as Answers)[mark.itemId]
  if (hashOfText(String(text ?? '')) !== textHash) return refuse('text-changed')
  const marks = (submission.marks ?? []) as ItemGrade[]
  // A model changes no mark that a teacher gave meanwhile.
  if (mark.by === 'model' && marks.some(({ itemId, credit }) => itemId === mark.itemId && credit !== null)) return succeed(null)
  const marked = withMark({ marks, score: submission.score ?? 0 }, mark)
  await store.updateSubmission(tx, submission.id, { ...marked, updatedAt: deps.clock.now() })
  return succeed(null)
}

interface WaitingText {
  item: Extract<Item, { kind: 'writing' }>
  text: string
}

/**
 * Has a model mark the texts of a submission that wait for a reader. Where there is no model, it keeps failing, or the day's cap is reached, the
 * teacher marks them, who may change every mark.
 */
async function markTexts(deps: Deps, taskId: string, failures: number): Promise<void> {
  const found = await store.findAny(deps.db.handle, taskId)
  const model = deps.exercises
  if (!model || !found?.submission) return
  const whom: For = { classId: found.task.classId, userId: found.task.userId }
  for (const { item, text } of waitingTexts(found.task, found.submission)) {
    if ((await countCalls(deps.db.handle, whom, 'marks')) >= CALLS_MAX) return
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

function waitingTexts(task: store.TaskRow, submission: store.SubmissionRow): WaitingText[] {
  const exercise = Exercise.safeParse(task.exercise)
  const answers = (submission.submittedAnswers ?? {}) as Answers
  const waiting = ((submission.marks ?? []) as ItemGrade[]).filter(({ credit }) => credit === null).map(({ itemId }) => itemId)
  return (exercise.data?.items ?? []).flatMap((item) => {
    const text = answers[item.id]
    return item.kind === 'writing' && waiting.includes(item.id) && typeof text === 'string' ? [{ item, text }] : []
  })
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
