import type { Tx } from '../../../db/client.ts'
import type { VirtualClassRow } from '../../../db/tables.ts'
import type { Deps } from '../../../deps.ts'
import type { Outcome } from '../../../kernel/outcome.ts'
import { refuse, succeed } from '../../../kernel/outcome.ts'
import { audit } from '../../operation/attention.ts'
import { findClass, lockClass } from '../../virtual-class/store.ts'
import { BANK } from '../bank/index.ts'
import { Exercise, type Item } from '../exercise.ts'
import { generateActivitiesJob } from '../generate.ts'
import type { Answers, ItemGrade } from '../grade.ts'
import { cefrOf } from '../level.ts'
import { publish } from '../publish.ts'
import { lockSubmission, type TaskRow, updateSubmission } from '../store.ts'
import { type ItemErrors, type ItemFields, itemOfForm } from './item-form.ts'
import { ClassNotes, hashOfText, markByRubric, OwnActivity, otherItems, type TeacherRefusal, withMark } from './rules.ts'
import * as store from './store.ts'

type Refused<T, Detail = unknown> = Outcome<T, TeacherRefusal, Detail>

/** Gives everybody of a completed class the teacher's own activity instead of whatever they had (behaviour 4.16). */
export async function uploadActivity(deps: Deps, adminId: string, classId: string, sent: unknown): Promise<Refused<null>> {
  const parsed = OwnActivity.safeParse(sent)
  return withCompleted(deps, classId, async (tx) => {
    if (!parsed.success) return refuse('bad-activity')
    const { type, ...activity } = parsed.data
    await store.lockWork(tx, classId)
    const seats = await store.seatsOfClass(tx, classId)
    // What somebody answered is never thrown away, handed in or not.
    const hasAnswers = ({ submission }: store.SeatRow) => submission !== null && Object.keys(submission.answers as object).length > 0
    if (seats.some((seat) => seat.submission?.submittedAt || hasAnswers(seat))) return refuse('has-answers')
    await store.deleteEmptyWork(tx, classId)
    const now = deps.clock.now()
    for (const { userId, nivel, task: before } of seats) {
      // Sent twice, it is told once.
      if (before && isShownAs(before, parsed.data)) continue
      const own = { ...activity, taskType: type, level: cefrOf(nivel), generator: 'manual', exercise: null, model: null } as const
      const times = { state: 'draft', publishAt: now, publishedAt: null, createdAt: now, updatedAt: now } as const
      const id = await store.putTask(tx, { id: deps.ids.uuid(), classId, userId, promptVersion: null, ...own, ...times })
      await publish(deps, tx, { id, classId, userId })
    }
    await store.setUploaded(tx, classId, now)
    await audit(deps, tx, { actorId: adminId, action: 'activity.upload', subject: 'class', subjectId: classId })
    return succeed(null)
  })
}

/** Has the exercises of a class made anew, as long as none was shown to anybody (behaviour 4.16). */
export async function generateAgain(deps: Deps, adminId: string, classId: string): Promise<Refused<null>> {
  return withCompleted(deps, classId, async (tx, about) => {
    if (about.activityStatus !== 'pending') return refuse('already-sent')
    await store.deleteDrafts(tx, classId, deps.clock.now())
    await deps.jobs.enqueue(generateActivitiesJob, { classId }, { key: classId })
    await audit(deps, tx, { actorId: adminId, action: 'activity.generate', subject: 'class', subjectId: classId })
    return succeed(null)
  })
}

/** Changes one item of a draft; what is wrong with it comes back by field. */
export async function saveItem(
  deps: Deps,
  adminId: string,
  taskId: string,
  itemId: string,
  form: ItemFields,
): Promise<Refused<null, ItemErrors>> {
  return changeItem(deps, adminId, taskId, itemId, (item) => {
    const parsed = itemOfForm(item, form)
    return parsed.ok ? succeed(parsed.item) : refuse('bad-item', parsed.errors)
  })
}

/** Puts another item of the bank in the place of one of a draft. */
export async function swapItem(deps: Deps, adminId: string, taskId: string, itemId: string): Promise<Refused<null>> {
  return changeItem(deps, adminId, taskId, itemId, (item, exercise) => {
    const others = otherItems(BANK, exercise, item)
    const other = others.length === 0 ? undefined : others[deps.ids.number(others.length)]
    return other ? succeed(other) : refuse('no-other-item')
  })
}

async function changeItem(
  deps: Deps,
  adminId: string,
  taskId: string,
  itemId: string,
  change: (item: Item, exercise: Exercise) => Refused<Item, ItemErrors>,
): Promise<Refused<null, ItemErrors>> {
  return withDraft(deps, taskId, async (tx, draft): Promise<Refused<null, ItemErrors>> => {
    const exercise = draft.exercise === null ? null : Exercise.parse(draft.exercise)
    const before = exercise?.items.find(({ id }) => id === itemId)
    if (!exercise || !before) return refuse('unknown-activity')
    const changed = change(before, exercise)
    if (!changed.ok) return changed
    const items = exercise.items.map((item) => (item.id === itemId ? changed.value : item))
    await store.updateTask(tx, taskId, { exercise: { ...exercise, items }, updatedAt: deps.clock.now() })
    const detail = { item: itemId, now: changed.value.id }
    await audit(deps, tx, { actorId: adminId, action: 'activity.edit', subject: 'task', subjectId: taskId, detail })
    return succeed(null)
  })
}

/** Shows a draft to its person before its time. Done twice, it is done. */
export async function publishDraft(deps: Deps, adminId: string, taskId: string): Promise<Refused<null>> {
  const published = await withDraft(deps, taskId, async (tx, draft) => {
    await publish(deps, tx, draft)
    await audit(deps, tx, { actorId: adminId, action: 'activity.publish', subject: 'task', subjectId: taskId })
    return succeed(null)
  })
  return !published.ok && published.reason === 'already-sent' ? succeed(null) : published
}

/** Marks a text that somebody wrote, by the points of its rubric. `textHash` names the text that was read (`hashOfText`). */
export async function markText(
  deps: Deps,
  adminId: string,
  taskId: string,
  itemId: string,
  sent: { points: readonly number[]; comment: string; textHash: string },
): Promise<Refused<null>> {
  return deps.db.transaction(async (tx): Promise<Refused<null>> => {
    const row = await store.lockTask(tx, taskId)
    const item = row?.exercise ? Exercise.parse(row.exercise).items.find(({ id }) => id === itemId) : undefined
    const [seat] = row ? (await store.seatsOfClass(tx, row.classId)).filter(({ task }) => task?.id === taskId) : []
    if (!row || !item || !seat?.submission?.submittedAt) return refuse('unknown-activity')
    const mark = markByRubric(item, sent.points, sent.comment.trim())
    if (!mark.ok) return mark
    const submission = await lockSubmission(tx, row.userId, taskId)
    const text = (submission.submittedAnswers as Answers)[itemId]
    if (hashOfText(String(text ?? '')) !== sent.textHash) return refuse('text-changed')
    const marked = withMark({ marks: (submission.marks ?? []) as ItemGrade[], score: submission.score ?? 0 }, mark.value)
    await updateSubmission(tx, submission.id, { ...marked, updatedAt: deps.clock.now() })
    await audit(deps, tx, { actorId: adminId, action: 'activity.mark', subject: 'task', subjectId: taskId, detail: { item: itemId } })
    return succeed(null)
  })
}

/** Keeps what the teacher noted about a class. */
export async function saveNotes(deps: Deps, adminId: string, classId: string, sent: unknown): Promise<Refused<null>> {
  const notes = ClassNotes.safeParse(sent)
  if (!notes.success) return refuse('bad-note')
  if (!(await findClass(deps.db.handle, classId))) return refuse('unknown-class')
  return deps.db.transaction(async (tx) => {
    await store.putNotes(tx, classId, notes.data, deps.clock.now())
    await audit(deps, tx, { actorId: adminId, action: 'class.note', subject: 'class', subjectId: classId })
    return succeed(null)
  })
}

function isShownAs(task: TaskRow, { type, ...activity }: OwnActivity): boolean {
  const own = { ...activity, taskType: type, state: 'published', generator: 'manual' } as const
  return (Object.keys(own) as (keyof typeof own)[]).every((name) => task[name] === own[name])
}

async function withCompleted<T>(
  deps: Deps,
  classId: string,
  work: (tx: Tx, about: VirtualClassRow) => Promise<Refused<T>>,
): Promise<Refused<T>> {
  return deps.db.transaction(async (tx): Promise<Refused<T>> => {
    const about = await lockClass(tx, classId)
    if (!about) return refuse('unknown-class')
    return about.status === 'completed' ? work(tx, about) : refuse('not-finished')
  })
}

async function withDraft<T, Detail>(
  deps: Deps,
  taskId: string,
  work: (tx: Tx, draft: TaskRow) => Promise<Refused<T, Detail>>,
): Promise<Refused<T, Detail>> {
  return deps.db.transaction(async (tx): Promise<Refused<T, Detail>> => {
    // The class first (docs/domain.md): publishing writes into it.
    const found = await store.findTask(tx, taskId)
    if (!found || !(await lockClass(tx, found.classId))) return refuse('unknown-activity')
    const row = await store.lockTask(tx, taskId)
    if (!row) return refuse('unknown-activity')
    return row.state === 'draft' ? work(tx, row) : refuse('already-sent')
  })
}
