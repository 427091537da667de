import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { MINUTE_MS, plus, SECOND_MS } from '../../kernel/clock.ts'
import { describeFailure } from '../../kernel/failure.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { calendarAccess } from '../meeting/connection.ts'
import { audit } from '../operation/attention.ts'
import { lockClass, updateClass } from '../virtual-class/store.ts'
import { ATTENDANCE_CHECKS_MAX, attendanceOf, canMarkAttendance, isAttendanceDue } from './rules.ts'
import { expectedIn, saveAttendance, type UnreadClass, unreadClasses } from './store.ts'

export type MarkRefusal = 'unknown-class' | 'not-begun'

/** What the teacher says about who was there. People who are not in the class are passed over. */
export async function markAttendance(
  deps: Deps,
  classId: string,
  marks: ReadonlyMap<string, boolean>,
  actorId: string,
): Promise<Outcome<null, MarkRefusal>> {
  return deps.db.transaction(async (tx): Promise<Outcome<null, MarkRefusal>> => {
    const now = deps.clock.now()
    const current = await lockClass(tx, classId)
    if (!current) return refuse('unknown-class')
    if (!canMarkAttendance(current, now)) return refuse('not-begun')
    for (const { userId } of await expectedIn(tx, classId)) {
      const attended = marks.get(userId)
      if (attended !== undefined) await saveAttendance(tx, classId, { userId, attended, minutes: null }, 'manual', now)
    }
    await audit(deps, tx, { actorId, action: 'class.attendance', subject: 'class', subjectId: classId })
    return succeed(null)
  })
}

const READ_AT_ONCE = 20
/** No class is begun after this; the next run goes on. The run itself may take 90 seconds. */
const BEGUN_WITHIN_MS = 60 * SECOND_MS
/** People may be in the room before the start and stay after the end. */
const MARGIN_MS = 30 * MINUTE_MS

async function readAttendance(deps: Deps): Promise<void> {
  const begunAt = deps.clock.now()
  for (const unread of await unreadClasses(deps.db.handle, begunAt, READ_AT_ONCE)) {
    if (deps.clock.now() >= plus(begunAt, BEGUN_WITHIN_MS)) return
    await readOne(deps, unread).catch((error) =>
      deps.log.error({ classId: unread.row.id, ...describeFailure(error) }, 'who was in a class could not be read'),
    )
  }
}

/**
 * Asks Meet once more. When all it has is over and told, the class is settled. While somebody may still be in the room nothing is; after the last
 * look those who were seen were there, of the others nobody knows, and the teacher says who was there.
 */
async function readOne(deps: Deps, { row, teacherSubject }: UnreadClass): Promise<void> {
  const access = await calendarAccess(deps, row.teacherId)
  if (!access || !row.meetUrl) return
  const seen = await deps.calendar.presences(access, row.meetUrl, plus(row.startsAt, -MARGIN_MS), plus(row.endsAt, MARGIN_MS))
  const now = deps.clock.now()
  await deps.db.transaction(async (tx) => {
    const current = await lockClass(tx, row.id)
    if (current?.status !== 'completed' || current.attendanceReadAt || !isAttendanceDue(current, now)) return
    const checks = current.attendanceChecks + 1
    const told = seen.ok && seen.value.people.length > 0 ? seen.value : null
    const isSettled = told?.isWhole || checks >= ATTENDANCE_CHECKS_MAX
    await updateClass(tx, row.id, now, { attendanceChecks: checks, ...(isSettled ? { attendanceReadAt: now } : {}) })
    if (!told || !isSettled) return
    for (const each of attendanceOf(await expectedIn(tx, row.id), told, teacherSubject, row)) {
      await saveAttendance(tx, row.id, each, 'meet', now)
    }
  })
}

/** Timed: Meet tells who was in the classes that are over, for teachers whose account allows it. */
export const readAttendanceJob = defineJob({
  name: 'attendance.read',
  payload: z.object({}),
  retriesMax: 0,
  run: readAttendance,
})
