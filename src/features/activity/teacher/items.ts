import { isDeepStrictEqual } from 'node:util'
import type { Tx } from '../../../db/client.ts'
import type { Deps } from '../../../deps.ts'
import type { Outcome } from '../../../kernel/outcome.ts'
import { refuse, succeed } from '../../../kernel/outcome.ts'
import { holdAccount } from '../../identity/store.ts'
import { audit } from '../../operation/attention.ts'
import { findClass, lockClass } from '../../virtual-class/store.ts'
import { BANK } from '../bank/index.ts'
import { Exercise, ITEMS_MAX, ITEMS_MIN, type Item, OWN_TOPIC } from '../exercise.ts'
import { askModel } from '../model/ask.ts'
import { itemQuestion } from '../model/questions.ts'
import { memoryOf } from '../past.ts'
import type { TaskRow } from '../store.ts'
import { type HeadErrors, type HeadFields, headOfForm } from './head-form.ts'
import { ITEM_KINDS, type ItemErrors, type ItemFields, itemOfForm } from './item-form.ts'
import { mayTutor, otherItems, type TeacherRefusal, type Tutor } from './rules.ts'
import * as store from './store.ts'

type Refused<T, Detail = unknown> = Outcome<T, TeacherRefusal, Detail>

/** Changes one item of a draft; what is wrong with it comes back by field. */
export async function saveItem(
  deps: Deps,
  by: Tutor,
  taskId: string,
  itemId: string,
  form: ItemFields,
): Promise<Refused<null, ItemErrors>> {
  return changeItem(deps, by, taskId, itemId, (item) => {
    const parsed = itemOfForm(item, form)
    return parsed.ok ? succeed(parsed.item) : refuse('bad-item', parsed.errors)
  })
}

/**
 * Has the model write another item in the place of one of a draft; where there is none, or it fails, the bank gives one. The model is asked
 * outside any transaction: what somebody changed meanwhile stays.
 */
export async function rewriteItem(deps: Deps, by: Tutor, taskId: string, itemId: string): Promise<Refused<'model' | 'bank'>> {
  const draft = deps.exercises ? await store.findTask(deps.db.handle, taskId) : null
  const about = draft ? await findClass(deps.db.handle, draft.classId) : null
  // The model is asked for nobody who may not decide about it; whoever that is, is told below.
  const exercise =
    about && mayTutor(by, about) && draft?.state === 'draft' && draft.exercise !== null ? Exercise.parse(draft.exercise) : null
  const replaced = exercise?.items.find(({ id }) => id === itemId)
  if (deps.exercises && draft && exercise && replaced) {
    const id = `m-${deps.ids.uuid().slice(0, 8)}`
    const whom = { classId: draft.classId, userId: draft.userId }
    const written = await askModel(deps, deps.exercises, whom, itemQuestion(id, exercise, replaced, draft.description))
    if (written.ok) {
      const changed = await changeItem(deps, by, taskId, itemId, (item) =>
        isDeepStrictEqual(item, replaced) ? succeed(written.value) : refuse('item-changed'),
      )
      return changed.ok ? succeed('model') : refuse(changed.reason)
    }
  }
  const swapped = await swapItem(deps, by, taskId, itemId, replaced)
  return swapped.ok ? succeed('bank') : swapped
}

/** Puts another item of the bank, if possible one that this person was not given yet, in the place of one of a draft; with `seen`, only while that one is still as it was seen. */
export async function swapItem(deps: Deps, by: Tutor, taskId: string, itemId: string, seen?: Item): Promise<Refused<null>> {
  const draft = await store.findTask(deps.db.handle, taskId)
  const { given } = draft ? await memoryOf(deps, draft.userId) : { given: new Map() }
  return changeItem(deps, by, taskId, itemId, (item, exercise) => {
    if (seen && !isDeepStrictEqual(item, seen)) return refuse('item-changed')
    const others = otherItems(BANK, exercise, item, given)
    const other = others.length === 0 ? undefined : others[deps.ids.number(others.length)]
    return other ? succeed(other) : refuse('no-other-item')
  })
}

/** Adds an item of the teacher's own, of the kind that was sent, to a draft; a text to write stays last. */
export async function addItem(deps: Deps, by: Tutor, taskId: string, sent: string, form: ItemFields): Promise<Refused<null, ItemErrors>> {
  return changeItems(deps, by, taskId, ({ items, level }) => {
    if (items.length >= ITEMS_MAX) return refuse('items-bounds')
    const kind = ITEM_KINDS.find((each) => each === sent)
    if (!kind) return refuse('bad-item')
    const id = `t-${deps.ids.uuid().slice(0, 8)}`
    const parsed = itemOfForm({ id, kind, level, topic: OWN_TOPIC }, form)
    if (!parsed.ok) return refuse('bad-item', parsed.errors)
    const texts = items.filter((item) => item.kind === 'writing')
    const others = items.filter((item) => item.kind !== 'writing')
    const added = kind === 'writing' ? [...others, ...texts, parsed.item] : [...others, parsed.item, ...texts]
    return succeed({ items: added, detail: { added: id } })
  })
}

/** Takes an item out of a draft that has enough others. */
export async function removeItem(deps: Deps, by: Tutor, taskId: string, itemId: string): Promise<Refused<null>> {
  return changeItems(deps, by, taskId, ({ items }) => {
    const others = items.filter(({ id }) => id !== itemId)
    if (others.length === items.length) return refuse('unknown-activity')
    return others.length < ITEMS_MIN ? refuse('items-bounds') : succeed({ items: others, detail: { removed: itemId } })
  })
}

/** Changes the title and the reading of a draft; what is wrong with them comes back by field. */
export async function saveHead(deps: Deps, by: Tutor, taskId: string, form: HeadFields): Promise<Refused<null, HeadErrors>> {
  return withDraft(deps, by, taskId, async (tx, draft): Promise<Refused<null, HeadErrors>> => {
    if (draft.exercise === null) return refuse('unknown-activity')
    const exercise = Exercise.parse(draft.exercise)
    const parsed = headOfForm(exercise, form)
    if (!parsed.ok) return refuse('bad-item', parsed.errors)
    const { head } = parsed
    await store.updateTask(tx, taskId, { title: head.title, exercise: { ...exercise, ...head }, updatedAt: deps.clock.now() })
    await audit(deps, tx, { actorId: by.id, action: 'activity.edit', subject: 'task', subjectId: taskId, detail: { head: head.title } })
    return succeed(null)
  })
}

function changeItem(
  deps: Deps,
  by: Tutor,
  taskId: string,
  itemId: string,
  change: (item: Item, exercise: Exercise) => Refused<Item, ItemErrors>,
): Promise<Refused<null, ItemErrors>> {
  return changeItems(deps, by, taskId, (exercise) => {
    const before = exercise.items.find(({ id }) => id === itemId)
    if (!before) return refuse('unknown-activity')
    const changed = change(before, exercise)
    if (!changed.ok) return changed
    const items = exercise.items.map((item) => (item.id === itemId ? changed.value : item))
    return succeed({ items, detail: { item: itemId, now: changed.value.id } })
  })
}

async function changeItems(
  deps: Deps,
  by: Tutor,
  taskId: string,
  change: (exercise: Exercise) => Refused<{ items: Item[]; detail: Record<string, string> }, ItemErrors>,
): Promise<Refused<null, ItemErrors>> {
  return withDraft(deps, by, taskId, async (tx, draft): Promise<Refused<null, ItemErrors>> => {
    if (draft.exercise === null) return refuse('unknown-activity')
    const exercise = Exercise.parse(draft.exercise)
    const changed = change(exercise)
    if (!changed.ok) return changed
    const { items, detail } = changed.value
    await store.updateTask(tx, taskId, { exercise: { ...exercise, items }, updatedAt: deps.clock.now() })
    await audit(deps, tx, { actorId: by.id, action: 'activity.edit', subject: 'task', subjectId: taskId, detail })
    return succeed(null)
  })
}

/** Runs `work` on a draft, with its class and itself locked. */
export async function withDraft<T, Detail>(
  deps: Deps,
  by: Tutor,
  taskId: string,
  work: (tx: Tx, draft: TaskRow) => Promise<Refused<T, Detail>>,
): Promise<Refused<T, Detail>> {
  return withTask<T, Detail>(deps, by, taskId, async (tx, row) => (row.state === 'draft' ? work(tx, row) : refuse('already-sent')))
}

/** Runs `work` on an exercise, a draft or not, with its class and itself locked. */
export async function withTask<T, Detail>(
  deps: Deps,
  by: Tutor,
  taskId: string,
  work: (tx: Tx, row: TaskRow) => Promise<Refused<T, Detail>>,
): Promise<Refused<T, Detail>> {
  return deps.db.transaction(async (tx): Promise<Refused<T, Detail>> => {
    // The person and the class first (docs/domain.md): publishing writes into the class, and to the person.
    const found = await store.findTask(tx, taskId)
    const about = found && (await holdAccount(tx, found.userId)) ? await lockClass(tx, found.classId) : null
    if (!about || !mayTutor(by, about)) return refuse('unknown-activity')
    const row = await store.lockTask(tx, taskId)
    return row ? work(tx, row) : refuse('unknown-activity')
  })
}
