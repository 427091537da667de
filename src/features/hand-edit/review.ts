import type { VirtualClassRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { describeFailure } from '../../kernel/failure.ts'
import { calendarAccess } from '../meeting/connection.ts'
import type { CalendarAccess } from '../meeting/provider.ts'
import { contentHash } from '../mirror/rules.ts'
import { findMirror } from '../mirror/store.ts'
import { closeCases } from '../operation/attention.ts'
import { eventWords } from '../virtual-class/rules.ts'
import { reviewConflicts } from './conflicts.ts'
import { noteDeleted } from './deleted.ts'
import { takeMove } from './moved.ts'
import { mendContent } from './repair.ts'
import { differenceOf, isSameHour, type Standing } from './rules.ts'
import { type ClassWithEvent, classesWithEvents, openEdits, peopleOf, settleEdits, settleEnded } from './store.ts'

/**
 * Compares the mirror of a calendar with the classes, after it was read. Nothing is believed of the mirror alone: it may be older than our
 * own last write. What looks like a hand is looked at in Google itself, and decided with the class locked and unchanged since. So our own
 * writes, late echoes and repetitions settle nothing. False: not everything could be looked at.
 */
export async function reviewCalendar(deps: Deps, teacherId: string): Promise<boolean> {
  const { handle } = deps.db
  const now = deps.clock.now()
  const mirror = await findMirror(handle, teacherId)
  const access = await calendarAccess(deps, teacherId)
  if (!mirror || !access) return false
  for (const classId of await settleEnded(handle, teacherId, now))
    await closeCases(deps, handle, { subject: 'class', subjectId: classId, reason: 'calendar_conflict' })

  const pairs = await classesWithEvents(handle, teacherId, mirror, now)
  const people = await peopleOf(
    handle,
    pairs.map(({ virtualClass }) => virtualClass.id),
  )
  const open = await openEdits(handle, teacherId)
  let isDone = true
  for (const pair of pairs) {
    const { id: classId } = pair.virtualClass
    const due = standingOf(pair.virtualClass, people.get(classId) ?? [])
    const known = open.filter((edit) => edit.classId === classId && edit.kind !== 'conflict')
    const difference = differenceOf(due, pair.event)
    if (!difference) {
      if (known.length > 0) await forget(deps, classId)
      continue
    }
    if (known.some((edit) => edit.kind === difference && isAsNoted(edit, pair.event))) continue
    try {
      const looked = await lookAt(deps, access, pair, due)
      if (looked === 'unreadable') return false
      if (looked === 'later') isDone = false
    } catch (error) {
      // One class must not keep the others from being looked at.
      isDone = false
      deps.log.error({ classId, ...describeFailure(error) }, 'a change by hand could not be settled')
    }
  }
  // After the moves: a class that has just followed its event lies under no appointment at the hour it left.
  await reviewConflicts(deps, teacherId)
  return isDone
}

function isAsNoted(
  { startsAt, endsAt, detail, kind }: { startsAt: Date | null; endsAt: Date | null; detail: string; kind: string },
  event: Standing | null,
): boolean {
  if (kind === 'content') return event?.contentHash === detail
  return event !== null && startsAt !== null && endsAt !== null && isSameHour({ startsAt, endsAt }, event)
}

function standingOf(c: VirtualClassRow, attendees: readonly string[]): Standing {
  return { startsAt: c.startsAt, endsAt: c.endsAt, contentHash: contentHash({ ...eventWords(c), attendees, blocks: true }) }
}

/** Everything is as it should be again: somebody has put it back. */
async function forget(deps: Deps, classId: string): Promise<void> {
  await deps.db.transaction(async (tx) => {
    if ((await settleEdits(tx, classId, ['moved', 'deleted', 'content'], 'cured', deps.clock.now())) === 0) return
    await closeCases(deps, tx, { subject: 'class', subjectId: classId, reason: 'calendar_changed' })
  })
}

async function lookAt(
  deps: Deps,
  access: CalendarAccess,
  pair: ClassWithEvent,
  due: Standing,
): Promise<'settled' | 'later' | 'unreadable'> {
  const seen = pair.virtualClass
  const found = await deps.calendar.getEvent(access, seen.googleEventId)
  if (!found.ok && found.reason !== 'not-found') return 'unreadable'
  const event = found.ok && !found.value.cancelled ? found.value : null
  const standing = event && { ...event, contentHash: contentHash({ ...event, blocks: !event.transparent }) }
  switch (differenceOf(due, standing)) {
    case 'deleted':
      await noteDeleted(deps, seen)
      break
    case 'moved':
      if (event) await takeMove(deps, seen, event)
      break
    case 'content':
      return mendContent(deps, access, seen)
    case null:
      break
  }
  return 'settled'
}
