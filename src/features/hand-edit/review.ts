import type { CalendarEditRow, VirtualClassRow } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { plus, SECOND_MS } from '../../kernel/clock.ts'
import { describeFailure } from '../../kernel/failure.ts'
import { calendarAccess, recordFailure } from '../meeting/connection.ts'
import { queueGuests } from '../meeting/guests.ts'
import type { CalendarAccess } from '../meeting/provider.ts'
import { queueRoomInEvent } from '../meeting/room/event.ts'
import { contentHash } from '../mirror/rules.ts'
import { findMirror, type Reviewed, type ReviewTurn } from '../mirror/store.ts'
import { closeCases } from '../operation/attention.ts'
import { eventWords } from '../virtual-class/rules.ts'
import { lockClass, updateClass } from '../virtual-class/store.ts'
import { reviewConflicts } from './conflicts.ts'
import { noteDeleted } from './deleted.ts'
import { takeMove } from './moved.ts'
import { mendContent } from './repair.ts'
import { differenceOf, isSameHour, type Standing } from './rules.ts'
import { type ClassWithEvent, classesWithEvents, endedWithEdits, openEdits, peopleOf, settleEdits } from './store.ts'

/** With the reading before it, well within the time after which a run counts as lost; what is left over is looked at after the next reading. */
const BUDGET_MS = 30 * SECOND_MS
/** So many questions in a row without an answer are no matter of these events. */
const UNANSWERED_IN_A_ROW_MAX = 3

/**
 * Compares the mirror of a calendar with the classes, after it was read. Nothing is believed of the mirror alone: it may be older than our
 * own last write. What looks like a hand is looked at in Google itself, and decided with the class locked and unchanged since. So our own
 * writes, late echoes and repetitions settle nothing. `elsewhere`: which of the events that stand in a calendar which the teacher had before are
 * looked at, too; each of them is asked for.
 */
export async function reviewCalendar(deps: Deps, teacherId: string, elsewhere: ReviewTurn['elsewhere']): Promise<Reviewed> {
  const { handle } = deps.db
  const now = deps.clock.now()
  const mirror = await findMirror(handle, teacherId)
  const access = await calendarAccess(deps, teacherId)
  if (!mirror || !access) return { isDone: false, unreadable: 0, elsewhere: null }
  for (const classId of await endedWithEdits(handle, teacherId, now)) await settleEnded(deps, classId, now)
  const looked = await reviewEvents(deps, access, await classesWithEvents(handle, teacherId, mirror, elsewhere, now))
  const events = looked.unreadable + looked.elsewhere.refused
  if (events > 0) deps.log.warn({ teacherId, events }, 'events of classes could not be read')
  // After the moves: a class that has just followed its event lies under no appointment at the hour it left.
  await reviewConflicts(deps, teacherId)
  return elsewhere === 'none' ? { ...looked, elsewhere: null } : looked
}

type LookedAt = Reviewed & { elsewhere: NonNullable<Reviewed['elsewhere']> }

async function reviewEvents(deps: Deps, access: CalendarAccess, pairs: readonly ClassWithEvent[]): Promise<LookedAt> {
  const until = plus(deps.clock.now(), BUDGET_MS)
  const ids = pairs.map(({ virtualClass }) => virtualClass.id)
  const people = await peopleOf(deps.db.handle, ids)
  const [first] = pairs
  const open = first ? await openEdits(deps.db.handle, first.virtualClass.teacherId) : []
  const left = new Set(pairs.filter(({ isMirrored }) => !isMirrored).map(({ virtualClass: c }) => c.id))
  const found = { isDone: true, unreadable: 0, refused: 0 }
  const reviewed = (): LookedAt => ({
    isDone: found.isDone && left.size === 0,
    unreadable: found.unreadable,
    elsewhere: { left: [...left], refused: found.refused },
  })
  let inARow = 0
  // Those that have to be asked for last: the others may not even need a question.
  for (const pair of [...pairs.filter((each) => each.isMirrored), ...pairs.filter((each) => !each.isMirrored)]) {
    const { id: classId } = pair.virtualClass
    if (deps.clock.now() >= until) {
      found.isDone = false
      return reviewed()
    }
    const known = open.filter((edit) => edit.classId === classId && edit.kind !== 'conflict')
    try {
      const looked = await reviewOne(deps, access, pair, standingOf(pair.virtualClass, people.get(classId) ?? []), known)
      // A calendar that is not theirs to read any more is asked again when everything is read again.
      const isGivenUp = looked === 'refused' && !pair.isMirrored
      if (looked === 'settled' || isGivenUp) left.delete(classId)
      else found.isDone = false
      if (looked === 'stop') return reviewed()
      if (isGivenUp) found.refused += 1
      else if (looked === 'refused' || looked === 'unanswered') found.unreadable += 1
      inARow = looked === 'unanswered' ? inARow + 1 : 0
      if (inARow === UNANSWERED_IN_A_ROW_MAX) return reviewed()
    } catch (error) {
      // One class must not keep the others from being looked at.
      found.isDone = false
      deps.log.error({ classId, ...describeFailure(error) }, 'a change by hand could not be settled')
    }
  }
  return reviewed()
}

/** `refused`, `unanswered`: Google does not tell this event. `stop`: nothing of this calendar at the moment. */
type Looked = 'settled' | 'later' | 'refused' | 'unanswered' | 'stop'

async function reviewOne(
  deps: Deps,
  access: CalendarAccess,
  pair: ClassWithEvent,
  due: Standing,
  known: readonly CalendarEditRow[],
): Promise<Looked> {
  const { virtualClass: seen, isMirrored, event } = pair
  if (pair.isTooNew) return 'later'
  const difference = isMirrored ? differenceOf(due, event) : null
  const wasGone = seen.calendarState === 'failed'
  if (isMirrored && !difference && !wasGone) {
    if (known.length > 0) await forget(deps, seen)
    return 'settled'
  }
  // What is gone and what was noted waits for an answer, unless it stands again.
  const isNoted = wasGone ? difference === 'deleted' : known.some((edit) => edit.kind === difference && isAsNoted(edit, event))
  if (isMirrored && isNoted) return 'settled'
  return lookAt(deps, { ...access, calendarId: seen.calendarId ?? access.calendarId }, pair, due, known.length > 0)
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

/** What was open about a class that is over or cancelled does not matter any more. */
async function settleEnded(deps: Deps, subjectId: string, now: Date): Promise<void> {
  await deps.db.transaction(async (tx) => {
    await settleEdits(tx, subjectId, ['moved', 'deleted', 'content', 'conflict'], 'cured', now)
    await closeCases(deps, tx, [
      { subject: 'class', subjectId, reason: 'calendar_conflict' },
      { subject: 'class', subjectId, reason: 'calendar_changed' },
    ])
  })
}

/** Everything is as it should be again: somebody has put it back. `isBehind`: but for what it was to be told while it was gone. */
async function forget(deps: Deps, { id: classId }: VirtualClassRow, { isBehind = false } = {}): Promise<void> {
  await deps.db.transaction(async (tx) => {
    const current = await lockClass(tx, classId)
    if (current?.status !== 'scheduled') return
    if ((await settleEdits(tx, classId, ['moved', 'deleted', 'content'], 'cured', deps.clock.now())) === 0) return
    await closeCases(deps, tx, { subject: 'class', subjectId: classId, reason: 'calendar_changed' })
    if (current.calendarState === 'failed' && current.eventWantedAt === null)
      await updateClass(tx, classId, deps.clock.now(), { calendarState: 'synced', calendarError: null })
    if (!isBehind) return
    await queueGuests(deps, classId)
    await queueRoomInEvent(deps, classId)
  })
}

async function lookAt(deps: Deps, access: CalendarAccess, pair: ClassWithEvent, due: Standing, isNoted: boolean): Promise<Looked> {
  const seen = pair.virtualClass
  const found = await deps.calendar.getEvent(access, seen.googleEventId)
  if (!found.ok && found.reason !== 'not-found') {
    if (found.reason === 'refused') return 'refused'
    if (found.reason === 'unavailable') return 'unanswered'
    await recordFailure(deps, seen.teacherId, access.grantId, { ...found, reason: found.reason })
    return 'stop'
  }
  const event = found.ok && !found.value.cancelled ? found.value : null
  const standing = event && { ...event, contentHash: contentHash({ ...event, blocks: !event.transparent }) }
  const difference = differenceOf(due, standing)
  const wasGone = seen.calendarState === 'failed'
  if (wasGone && event && difference) {
    // Out of the bin: nothing was written into it meanwhile.
    await forget(deps, seen, { isBehind: true })
    // Where it stands may be where the class was before.
    if (difference === 'moved') await takeMove(deps, seen, event, 'ask')
    return 'settled'
  }
  switch (difference) {
    case 'deleted':
      await noteDeleted(deps, seen)
      break
    case 'moved':
      if (event) await takeMove(deps, seen, event)
      break
    case 'content':
      return mendContent(deps, access, seen, standing?.contentHash ?? '')
    case null:
      // The mirror of ours may be late; that it shows the same again is waited for.
      if (isNoted && (!pair.isMirrored || wasGone)) await forget(deps, seen)
      break
  }
  return 'settled'
}
