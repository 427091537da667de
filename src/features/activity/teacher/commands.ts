import type { Tx } from '../../../db/client.ts'
import type { VirtualClassRow } from '../../../db/tables.ts'
import type { Deps } from '../../../deps.ts'
import type { Outcome } from '../../../kernel/outcome.ts'
import { refuse, succeed } from '../../../kernel/outcome.ts'
import { audit } from '../../operation/attention.ts'
import { findClass, lockClass } from '../../virtual-class/store.ts'
import { Exercise } from '../exercise.ts'
import { generateActivitiesJob } from '../generate.ts'
import { cefrOf } from '../level.ts'
import { putMark } from '../marking.ts'
import { publish } from '../publish.ts'
import type { TaskRow } from '../store.ts'
import { withDraft } from './items.ts'
import { ClassNotes, givesClass, markByRubric, mayTutor, OwnActivity, type TeacherRefusal, type Tutor } from './rules.ts'
import * as store from './store.ts'

type Refused<T> = Outcome<T, TeacherRefusal>

/**
 * Gives everybody of a completed class the teacher's own activity instead of whatever they had (behaviour 4.16). Where somebody answered theirs
 * already, nobody gets it, or with `onlyUnsolved` those who did not.
 */
export async function uploadActivity(deps: Deps, by: Tutor, classId: string, sent: unknown): Promise<Refused<null>> {
  const parsed = OwnActivity.safeParse(sent)
  return withCompleted(deps, by, classId, async (tx) => {
    if (!parsed.success) return refuse('bad-activity')
    const { onlyUnsolved, ...own } = parsed.data
    await store.lockWork(tx, classId)
    const everybody = (await store.seatsOfClass(tx, classId)).filter(({ isClosed }) => !isClosed)
    if (everybody.length === 0) return refuse('nobody-left')
    // What somebody answered is never thrown away, handed in or not.
    const seats = everybody.filter((seat) => !store.hasAnswered(seat))
    if (seats.length < everybody.length && (!onlyUnsolved || seats.length === 0)) return refuse('has-answers')
    await store.deleteEmptyWork(tx, classId)
    const now = deps.clock.now()
    for (const { userId, nivel, task: before } of seats) {
      // Sent twice, it is told once.
      if (before && isShownAs(before, own)) continue
      const made = { ...rowOf(own), level: cefrOf(nivel), generator: 'manual', exercise: null, model: null } as const
      const times = { state: 'draft', publishAt: now, publishedAt: null, createdAt: now, updatedAt: now } as const
      const id = await store.putTask(tx, { id: deps.ids.uuid(), classId, userId, promptVersion: null, ...made, ...times })
      await publish(deps, tx, { id, classId, userId, generator: 'manual' })
    }
    await store.setUploaded(tx, classId, now)
    await audit(deps, tx, { actorId: by.id, action: 'activity.upload', subject: 'class', subjectId: classId })
    return succeed(null)
  })
}

/**
 * Has the exercises of a class made anew, as long as none was shown to anybody (behaviour 4.16). Drafts go; those that the teacher changed only
 * with `dropsEdits`.
 */
export async function generateAgain(
  deps: Deps,
  by: Tutor,
  classId: string,
  { dropsEdits }: { dropsEdits: boolean },
): Promise<Refused<null>> {
  return withCompleted(deps, by, classId, async (tx, about) => {
    if (about.activityStatus !== 'pending') return refuse('already-sent')
    if (!dropsEdits && (await store.editedDrafts(tx, classId)) > 0) return refuse('edits-lost')
    await store.deleteDrafts(tx, classId, deps.clock.now())
    // The model is asked again, also where it failed so often that the bank would have its turn.
    await deps.jobs.enqueue(generateActivitiesJob, { classId }, { key: classId, replaces: true })
    await audit(deps, tx, { actorId: by.id, action: 'activity.generate', subject: 'class', subjectId: classId })
    return succeed(null)
  })
}

/** Shows a draft to its person before its time. Done twice, it is done. */
export async function publishDraft(deps: Deps, by: Tutor, taskId: string): Promise<Refused<null>> {
  const published = await withDraft(deps, by, taskId, async (tx, draft) => {
    await publish(deps, tx, draft)
    await audit(deps, tx, { actorId: by.id, action: 'activity.publish', subject: 'task', subjectId: taskId })
    return succeed(null)
  })
  return !published.ok && published.reason === 'already-sent' ? succeed(null) : published
}

/** Marks a text that somebody wrote, by the points of its rubric. `textHash` names the text that was read (`hashOfText`). */
export async function markText(
  deps: Deps,
  by: Tutor,
  taskId: string,
  itemId: string,
  sent: { points: readonly number[]; comment: string; textHash: string },
): Promise<Refused<null>> {
  return deps.db.transaction(async (tx): Promise<Refused<null>> => {
    const row = await store.lockTask(tx, taskId)
    const item = row?.exercise ? Exercise.parse(row.exercise).items.find(({ id }) => id === itemId) : undefined
    const about = row && item ? await findClass(tx, row.classId) : null
    if (!row || !item || !about || !mayTutor(by, about)) return refuse('unknown-activity')
    const mark = markByRubric(item, sent.points, sent.comment.trim())
    if (!mark.ok) return mark
    const put = await putMark(deps, tx, row, mark.value, sent.textHash)
    if (!put.ok) return put
    await audit(deps, tx, { actorId: by.id, action: 'activity.mark', subject: 'task', subjectId: taskId, detail: { item: itemId } })
    return succeed(null)
  })
}

/** Keeps what the teacher noted about a class. */
export async function saveNotes(deps: Deps, by: Tutor, classId: string, sent: unknown): Promise<Refused<null>> {
  const notes = ClassNotes.safeParse(sent)
  const about = await findClass(deps.db.handle, classId)
  if (!about || !givesClass(by, about)) return refuse('unknown-class')
  if (!notes.success) return refuse('bad-note')
  return deps.db.transaction(async (tx) => {
    await store.putNotes(tx, classId, notes.data, deps.clock.now())
    await audit(deps, tx, { actorId: by.id, action: 'class.note', subject: 'class', subjectId: classId })
    return succeed(null)
  })
}

type Own = Omit<OwnActivity, 'onlyUnsolved'>

function rowOf({ type, ...activity }: Own) {
  return { ...activity, taskType: type }
}

function isShownAs(task: TaskRow, activity: Own): boolean {
  const own = { ...rowOf(activity), state: 'published', generator: 'manual' } as const
  return (Object.keys(own) as (keyof typeof own)[]).every((name) => task[name] === own[name])
}

async function withCompleted<T>(
  deps: Deps,
  by: Tutor,
  classId: string,
  work: (tx: Tx, about: VirtualClassRow) => Promise<Refused<T>>,
): Promise<Refused<T>> {
  return deps.db.transaction(async (tx): Promise<Refused<T>> => {
    await store.holdPeople(tx, classId)
    const about = await lockClass(tx, classId)
    if (!about || !mayTutor(by, about)) return refuse('unknown-class')
    return about.status === 'completed' ? work(tx, about) : refuse('not-finished')
  })
}
