import { and, asc, eq, exists, gt, inArray, isNotNull, ne, type SQL } from 'drizzle-orm'
import { z } from 'zod'
import { participation, type VirtualClassRow, virtualClass } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { backoffMs, FAILURES_UNTIL_ALARM } from '../../kernel/backoff.ts'
import { MINUTE_MS, plus } from '../../kernel/clock.ts'
import { describeFailure } from '../../kernel/failure.ts'
import { openCase } from '../operation/attention.ts'
import { lockClass, updateClass } from '../virtual-class/store.ts'
import { createMeetingJob } from './create.ts'
import { giveUp } from './give-up.ts'
import { syncGuestsJob } from './guests.ts'
import { moveMeetingJob } from './move.ts'
import { REMOVED_WITHIN_MS, removeMeetingJob } from './remove.ts'

const LOOKED_AT_ONCE = 200
/** A paid class that waits longer than this for its event is told, whatever the reason. */
const LONG_WAIT_MS = 30 * MINUTE_MS
/** The ordinary job has this long after the start to look a last time; then the class is given up without it. */
const GRACE_MS = MINUTE_MS

interface Owed {
  creations: VirtualClassRow[]
  removals: string[]
  moves: string[]
  guests: string[]
}

/** Work that the calendar still owes: events to make, to take away and to move, guests to add. For one teacher, or for all. */
async function owed(deps: Deps, teacherId?: string): Promise<Owed> {
  const now = deps.clock.now()
  const of = (...conditions: (SQL | undefined)[]) =>
    deps.db.handle
      .select()
      .from(virtualClass)
      .where(and(...conditions, teacherId ? eq(virtualClass.teacherId, teacherId) : undefined))
      .orderBy(asc(virtualClass.startsAt))
      .limit(LOOKED_AT_ONCE)
  const withGuests = exists(
    deps.db.handle
      .select({ id: participation.id })
      .from(participation)
      .where(and(eq(participation.classId, virtualClass.id), eq(participation.rol, 'participante'))),
  )
  const ids = (rows: VirtualClassRow[]) => rows.map(({ id }) => id)
  return {
    creations: await of(eq(virtualClass.status, 'pending'), isNotNull(virtualClass.paidAt)),
    removals: ids(
      await of(
        eq(virtualClass.status, 'cancelled'),
        isNotNull(virtualClass.paidAt),
        ne(virtualClass.calendarState, 'none'),
        gt(virtualClass.endsAt, plus(now, -REMOVED_WITHIN_MS)),
      ),
    ),
    moves: ids(
      await of(
        eq(virtualClass.status, 'scheduled'),
        inArray(virtualClass.calendarState, ['queued', 'failed']),
        gt(virtualClass.endsAt, now),
      ),
    ),
    guests: ids(await of(eq(virtualClass.status, 'scheduled'), gt(virtualClass.endsAt, now), withGuests)),
  }
}

/** After a calendar was connected: whatever waited for it is due now, however long its next pause would have been. */
export async function wakeMeetings(deps: Deps, teacherId: string): Promise<void> {
  const { creations, removals, moves, guests } = await owed(deps, teacherId)
  const startAfter = deps.clock.now()
  for (const { id: classId } of creations) await deps.jobs.enqueue(createMeetingJob, { classId, polls: 0 }, { key: classId, startAfter })
  for (const classId of removals)
    await deps.jobs.enqueue(
      removeMeetingJob,
      { classId, ...(await failuresOf(deps, removeMeetingJob, classId)) },
      { key: classId, startAfter },
    )
  for (const classId of moves)
    await deps.jobs.enqueue(moveMeetingJob, { classId, ...(await failuresOf(deps, moveMeetingJob, classId)) }, { key: classId, startAfter })
  for (const classId of guests)
    await deps.jobs.enqueue(syncGuestsJob, { classId, ...(await failuresOf(deps, syncGuestsJob, classId)) }, { key: classId, startAfter })
}

/** What has died was told to the admin; its success closes that case again. */
async function failuresOf(deps: Deps, job: typeof removeMeetingJob, classId: string): Promise<{ failures?: number }> {
  return (await deps.jobs.stateOf(job, classId)) === 'died' ? { failures: FAILURES_UNTIL_ALARM } : {}
}

async function reviveMeetings(deps: Deps): Promise<void> {
  const { creations, removals, moves, guests } = await owed(deps)
  for (const waiting of creations) await orLogged(deps, waiting.id, () => reviveCreation(deps, waiting))
  for (const classId of removals) {
    await orLogged(deps, classId, async () => {
      if ((await deps.jobs.stateOf(removeMeetingJob, classId)) === 'waiting') return
      await tell(deps, classId, 'El evento de una clase cancelada sigue en el calendario')
      await deps.jobs.enqueue(removeMeetingJob, { classId, failures: FAILURES_UNTIL_ALARM }, inAMoment(deps, classId))
    })
  }
  for (const classId of moves) {
    await orLogged(deps, classId, async () => {
      if ((await deps.jobs.stateOf(moveMeetingJob, classId)) !== 'died') return
      await tell(deps, classId, 'El evento sigue en el horario anterior')
      await deps.jobs.enqueue(moveMeetingJob, { classId, failures: FAILURES_UNTIL_ALARM }, inAMoment(deps, classId))
    })
  }
  for (const classId of guests) {
    await orLogged(deps, classId, async () => {
      if ((await deps.jobs.stateOf(syncGuestsJob, classId)) !== 'died') return
      await tell(deps, classId, 'No se pudieron agregar los invitados al evento')
      await deps.jobs.enqueue(syncGuestsJob, { classId, failures: FAILURES_UNTIL_ALARM }, inAMoment(deps, classId))
    })
  }
}

/** The job of one class may be broken for good; that of the others is not. */
async function orLogged(deps: Deps, classId: string, work: () => Promise<void>): Promise<void> {
  try {
    await work()
  } catch (error) {
    deps.log.error({ classId, ...describeFailure(error) }, 'a class that waits for its calendar could not be looked after')
  }
}

async function reviveCreation(deps: Deps, { id: classId, startsAt, paidAt, roomUrl }: VirtualClassRow): Promise<void> {
  const now = deps.clock.now()
  // Whatever became of the job: at the start the money goes back, unless the teacher gave a room.
  if (now >= plus(startsAt, GRACE_MS) && !roomUrl) return giveUp(deps, { id: classId })
  const isGone = (await deps.jobs.stateOf(createMeetingJob, classId)) !== 'waiting'
  if (!isGone && now < plus(paidAt ?? now, LONG_WAIT_MS)) return
  await deps.db.transaction(async (tx) => {
    const current = await lockClass(tx, classId)
    if (current?.status !== 'pending') return
    const detail = current.calendarError ?? (isGone ? 'La tarea que crea el evento se interrumpió' : 'El evento tarda más de lo normal')
    await openCase(deps, tx, { subject: 'class', subjectId: classId, reason: 'calendar_failed', detail }, { once: true })
    if (!isGone) return
    // One that dies again and again is not revived every minute.
    const attempts = current.calendarAttempts + 1
    await updateClass(tx, classId, now, { calendarAttempts: attempts, calendarState: 'failed' })
    const startAfter = new Date(Math.min(plus(now, backoffMs(attempts, deps.ids)).getTime(), startsAt.getTime()))
    await deps.jobs.enqueue(createMeetingJob, { classId, polls: 0 }, { key: classId, startAfter })
  })
}

async function tell(deps: Deps, classId: string, detail: string): Promise<void> {
  await openCase(deps, deps.db.handle, { subject: 'class', subjectId: classId, reason: 'calendar_failed', detail }, { once: true })
}

function inAMoment(deps: Deps, key: string): { key: string; startAfter: Date } {
  return { key, startAfter: plus(deps.clock.now(), backoffMs(FAILURES_UNTIL_ALARM - 1, deps.ids)) }
}

/** Timed: no paid class, no leaving event and no guest waits for a job that is gone (dead-lettered, or lost with an old queue). */
export const reviveMeetingsJob = defineJob({
  name: 'meeting.revive',
  payload: z.object({}),
  retriesMax: 0,
  run: reviveMeetings,
})
