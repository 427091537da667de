import type { Tx } from '../../../db/client.ts'
import type { Deps } from '../../../deps.ts'
import type { Outcome } from '../../../kernel/outcome.ts'
import { refuse, succeed } from '../../../kernel/outcome.ts'
import { audit } from '../../operation/attention.ts'
import { Exercise, type Item } from '../exercise.ts'
import type { Answers, Attempt, ItemGrade } from '../grade.ts'
import { correctCard } from '../memory/commands.ts'
import { attemptsOf, lockSubmission, type SubmissionRow, updateSubmission } from '../store.ts'
import { type ItemErrors, type ItemFields, itemOfForm } from './item-form.ts'
import { withTask } from './items.ts'
import { carriedOver, firstOf, keepsPlaces, markedAgain } from './regrade.ts'
import { scoreAfter, type TeacherRefusal, type Tutor } from './rules.ts'
import * as store from './store.ts'
import { FIELD_FLAW } from './text.es.ts'

/**
 * Mends one item of an exercise that its person has already. Whoever is at work on it goes on with the mended item; what was handed in is marked
 * anew from its answers, and loses nothing by it (decision 030). A card of the daily review follows.
 */
export async function correctItem(
  deps: Deps,
  by: Tutor,
  taskId: string,
  itemId: string,
  form: ItemFields,
): Promise<Outcome<null, TeacherRefusal, ItemErrors>> {
  return withTask<null, ItemErrors>(deps, by, taskId, async (tx, row) => {
    const exercise = Exercise.safeParse(row.exercise).data
    const before = exercise?.items.find(({ id }) => id === itemId)
    if (row.state !== 'published' || !exercise || !before) return refuse('unknown-activity')
    const parsed = itemOfForm(before, form)
    if (!parsed.ok) return refuse('bad-item', parsed.errors)
    const { item } = parsed
    const moved = movedIn(before, item)
    if (moved) return refuse('bad-item', moved)
    const items = exercise.items.map((each) => (each.id === itemId ? item : each))
    await store.updateTask(tx, taskId, { exercise: { ...exercise, items }, updatedAt: deps.clock.now() })
    const submission = await lockSubmission(tx, row.userId, taskId)
    const isRight = submission ? await markAgain(deps, tx, submission, exercise.items, before, item) : false
    await correctCard(tx, row.userId, {
      before,
      shown: { item, reading: exercise.reading },
      isRight,
      missedAt: submission?.submittedAt,
    })
    await audit(deps, tx, { actorId: by.id, action: 'activity.correct', subject: 'task', subjectId: taskId, detail: { item: itemId } })
    return succeed(null)
  })
}

/**
 * What an item may not change any more. Whoever has it before them answers by the place of an option or a pair, and marks of a text are one for
 * each point of its rubric, by their places.
 */
function movedIn(before: Item, item: Item): ItemErrors | null {
  const { places, points } = FIELD_FLAW
  if (before.kind === 'choice' && item.kind === 'choice') return keepsPlaces(before.options, item.options) ? null : { options: places }
  if (before.kind === 'match' && item.kind === 'match') {
    const isKept = (['left', 'right'] as const).every((side) => keepsPlaces(sideOf(before, side), sideOf(item, side)))
    return isKept ? null : { pairs: places }
  }
  if (before.kind === 'writing' && item.kind === 'writing') {
    const isKept = item.rubric.length === before.rubric.length && keepsPlaces(before.rubric, item.rubric)
    return isKept ? null : { rubric: points }
  }
  return null
}

function sideOf({ pairs }: Extract<Item, { kind: 'match' }>, side: 'left' | 'right'): string[] {
  return pairs.map((pair) => pair[side])
}

/** Whether the item was missed at the first try and turns out right in it: a later try says nothing about what was known. */
async function markAgain(
  deps: Deps,
  tx: Tx,
  submission: SubmissionRow,
  items: readonly Item[],
  before: Item,
  item: Item,
): Promise<boolean> {
  const now = deps.clock.now()
  const answers = carriedOver(submission.answers as Answers, before, item)
  const attempts = attemptsOf(submission)
  const [last, best] = attempts
  if (!last) {
    await updateSubmission(tx, submission.id, { answers, updatedAt: now })
    return false
  }
  const anew = (attempt: Attempt) => {
    const given = carriedOver(attempt.answers, before, item)
    return { answers: given, marks: markedAgain(attempt.marks, item, given) }
  }
  const [lastAnew, bestAnew] = [anew(last), best ? anew(best) : null]
  const was = { marks: last.marks, bestMarks: best?.marks ?? null }
  const is = { marks: lastAnew.marks, bestMarks: bestAnew?.marks ?? null }
  const firstMarks = (submission.firstMarks ?? []) as ItemGrade[]
  const first = item.kind === 'writing' ? null : firstOf(attempts, firstMarks, items)
  const firstAnew = first ? creditIn(anew(first).marks, item) : null
  await updateSubmission(tx, submission.id, {
    answers,
    submittedAnswers: lastAnew.answers,
    ...is,
    bestAnswers: bestAnew?.answers ?? null,
    ...(firstAnew === null
      ? {}
      : { firstMarks: firstMarks.map((mark) => (mark.itemId === item.id ? { ...mark, credit: firstAnew } : mark)) }),
    score: scoreAfter(submission.score ?? 0, was, is),
    updatedAt: now,
  })
  return firstAnew === 1 && (creditIn(firstMarks, item) ?? 1) < 1
}

function creditIn(marks: readonly ItemGrade[], { id }: Item): number | null {
  return marks.find(({ itemId }) => itemId === id)?.credit ?? null
}
