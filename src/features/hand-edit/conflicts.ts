import type { Deps } from '../../deps.ts'
import { closeCases, openCase } from '../operation/attention.ts'
import { lockClass } from '../virtual-class/store.ts'
import type { Conflict } from './rules.ts'
import { conflictsOf, noteEdit, openEdits, settleEdit } from './store.ts'
import { conflictText } from './text.es.ts'
import { tellStory } from './unchanged.ts'

/** Appointments that the teacher put over a class: told once, and taken off the list when they have gone. The class is left alone. */
export async function reviewConflicts(deps: Deps, teacherId: string): Promise<void> {
  const { handle } = deps.db
  const found = await conflictsOf(handle, teacherId, deps.clock.now())
  const known = (await openEdits(handle, teacherId)).filter(({ kind }) => kind === 'conflict')
  const keyOf = ({ classId, eventId }: { classId: string; eventId: string }) => `${classId} ${eventId}`
  const stands = new Set(found.map(keyOf))
  const noted = new Set(known.map(keyOf))
  for (const conflict of found) if (!noted.has(keyOf(conflict))) await noteConflict(deps, teacherId, conflict)
  const gone = known.filter((edit) => !stands.has(keyOf(edit)))
  const troubled = new Set(found.map(({ classId }) => classId))
  for (const classId of new Set(gone.map((edit) => edit.classId))) {
    await deps.db.transaction(async (tx) => {
      for (const edit of gone) if (edit.classId === classId) await settleEdit(tx, edit.id, 'cured', deps.clock.now())
      if (!troubled.has(classId)) await closeCases(deps, tx, { subject: 'class', subjectId: classId, reason: 'calendar_conflict' })
    })
  }
}

async function noteConflict(deps: Deps, teacherId: string, { classId, eventId, startsAt, endsAt }: Conflict): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const current = await lockClass(tx, classId)
    const isOver = current?.status === 'scheduled' && startsAt < current.endsAt && endsAt > current.startsAt
    if (!isOver || !(await noteEdit(deps, tx, { teacherId, classId, kind: 'conflict', eventId, startsAt, endsAt, detail: '' }))) return
    const detail = conflictText(startsAt, endsAt)
    await openCase(deps, tx, { subject: 'class', subjectId: classId, reason: 'calendar_conflict', detail })
    await tellStory(deps, tx, classId, 'conflict', { startsAt })
  })
}
