import { type Exercise, ITEMS_MAX, type Item } from '../../features/activity/exercise.ts'
import { type Attempt, toldScore } from '../../features/activity/grade.ts'
import { type HeadErrors, type HeadFields, headFormOf } from '../../features/activity/teacher/head-form.ts'
import { formOf, ITEM_KINDS, type ItemErrors, type ItemFields } from '../../features/activity/teacher/item-form.ts'
import type { SeatActivity } from '../../features/activity/teacher/queries.ts'
import { hashOfText, type TeacherRefusal } from '../../features/activity/teacher/rules.ts'
import type { LeftLine } from '../../features/activity/twins.ts'
import type { ClassActivityView, UploadForm } from '../pages/admin/activity.tsx'
import { ANCHOR, type HeadView, type ItemView, type Problem, type SeatView, type TextView } from '../pages/admin/activity-view.ts'
import type { Notice } from '../ui/chrome.ts'
import { answerText, keyText, labelOf, markOf, rightText } from './answers.ts'

/** What a refused form brings back to the page. */
export interface Typed {
  reason?: TeacherRefusal
  upload?: UploadForm
  notes?: ClassActivityView['notes']['values']
  transcript?: string
  head?: { taskId: string; fields: HeadFields; errors: HeadErrors | null }
  item?: { taskId: string; itemId: string; fields: ItemFields | null; errors: ItemErrors | null }
  mark?: { taskId: string; itemId: string; textHash: string; comment: string }
  generate?: true
}

/** One person of a class, with what was typed about their exercise and refused, or what was done about it. */
export function seatView(
  { name, isClosed, task, handedIn }: SeatActivity,
  typed: Typed,
  error: string | null,
  notice: Notice | null,
): SeatView {
  const items = task?.items ?? []
  const [last] = handedIn?.attempts ?? []
  return {
    name,
    isClosed,
    notice,
    task: task && {
      ...task,
      reading: task.exercise?.reading ?? null,
      head: headView(task.id, task.exercise, typed, error),
      items: (task.exercise?.items ?? []).map((item) => itemView(task.id, item, typed, error)),
      blanks: ITEM_KINDS.map((kind) => blankView(task.id, kind, typed, error)),
    },
    handedIn: handedIn && {
      at: handedIn.at,
      results: items.map((item) => ({
        label: labelOf(item),
        mark: markOf(last?.marks.find(({ itemId }) => itemId === item.id)?.credit ?? null),
        yours: answerText(item, last?.answers[item.id] ?? null),
        right: item.kind === 'writing' ? '' : rightText(item),
      })),
      score: toldScore(handedIn.score, handedIn.total, handedIn.attempts[0]?.marks ?? [], handedIn.attempts[1]?.marks),
      texts: items.flatMap((item) => (item.kind === 'writing' ? textViews(task?.id ?? '', item, handedIn.attempts, typed, error) : [])),
    },
  }
}

/** What somebody wrote for an item, last and in what is kept beside it; the same text once. */
function textViews(
  taskId: string,
  { id, prompt, rubric }: Extract<Item, { kind: 'writing' }>,
  attempts: readonly Attempt[],
  typed: Typed,
  error: string | null,
): TextView[] {
  const views = new Map<string, TextView>()
  for (const { answers, marks } of attempts) {
    const text = answers[id]
    if (typeof text !== 'string' || text.trim() === '' || views.has(text)) continue
    const textHash = hashOfText(text)
    const given = marks.find(({ itemId }) => itemId === id)
    const sent = typed.mark?.taskId === taskId && typed.mark.itemId === id ? typed.mark : null
    // What was marked and has changed since leads to what is there now.
    const isSent = sent !== null && (sent.textHash === textHash || views.size === 0)
    views.set(text, {
      itemId: id,
      isEarlier: views.size > 0,
      prompt,
      text,
      textHash,
      rubric,
      points: given?.points ?? null,
      comment: isSent ? sent.comment : (given?.comment ?? ''),
      isByModel: given?.by === 'model',
      error: isSent ? error : null,
    })
  }
  return [...views.values()]
}

/** Who of a class answered what they had, and who did not, for what the teacher sends in its place. */
export function answeredOf(seats: readonly SeatActivity[]): { answered: string[]; unsolved: string[] } {
  const living = seats.filter(({ isClosed }) => !isClosed)
  const names = (hasAnswered: boolean) => living.filter((seat) => seat.hasAnswered === hasAnswered).map(({ name }) => name)
  return { answered: names(true), unsolved: names(false) }
}

/** Lines without fields of what the teacher sent, each told once however many got it. */
export function leftLinesOf(seats: readonly SeatView[]): LeftLine[] {
  const lines = seats.flatMap(({ task }) => task?.left ?? [])
  return [...new Map(lines.map((line) => [JSON.stringify(line), line])).values()]
}

function headView(taskId: string, exercise: Exercise | null, typed: Typed, error: string | null): HeadView {
  const sent = typed.head?.taskId === taskId ? typed.head : null
  return { fields: sent?.fields ?? (exercise ? headFormOf(exercise) : {}), errors: sent?.errors ?? null, error: sent ? error : null }
}

function itemView(taskId: string, item: Item, typed: Typed, error: string | null): ItemView {
  const sent = typed.item?.taskId === taskId && typed.item.itemId === item.id ? typed.item : null
  return {
    id: item.id,
    kind: item.kind,
    label: labelOf(item),
    key: keyText(item),
    fields: sent?.fields ?? formOf(item),
    errors: sent?.errors ?? null,
    error: sent ? error : null,
  }
}

/** An empty form for one more item of that kind, or one that was refused. */
function blankView(taskId: string, kind: Item['kind'], typed: Typed, error: string | null): ItemView {
  const id = blankId(kind)
  const sent = typed.item?.taskId === taskId && typed.item.itemId === id ? typed.item : null
  const fields = sent?.fields ?? { difficulty: 'medium' }
  return { id, kind, label: '', key: '', fields, errors: sent?.errors ?? null, error: sent ? error : null }
}

/** Names the form for one more item of that kind. */
export function blankId(kind: Item['kind']): string {
  return `nuevo-${kind}`
}

/** What was refused, for the top of the page, with the way to it: a form that is no longer there leads to its exercise. */
export function problemOf(typed: Typed, error: string | null, seats: readonly SeatView[]): Problem | null {
  if (error === null) return null
  const { head, item, mark } = typed
  if (typed.upload) return { text: error, anchor: ANCHOR.upload }
  if (typed.notes) return { text: error, anchor: ANCHOR.notes }
  if (typed.generate) return { text: error, anchor: ANCHOR.generate }
  if (typed.transcript !== undefined) return { text: error, anchor: ANCHOR.transcript }
  if (mark) return { text: error, anchor: ANCHOR.item(mark.taskId, mark.itemId) }
  const taskId = head?.taskId ?? item?.taskId ?? ''
  const task = seats.find((seat) => seat.task?.id === taskId)?.task
  if (task?.state === 'draft' && head) return { text: error, anchor: ANCHOR.head(taskId) }
  const blanks = task?.state === 'draft' && task.items.length < ITEMS_MAX ? task.blanks : []
  const forms = [...(task?.items ?? []), ...blanks]
  const isThere = item && forms.some(({ id }) => id === item.itemId)
  return { text: error, anchor: isThere ? ANCHOR.item(taskId, item.itemId) : ANCHOR.task(taskId) }
}
