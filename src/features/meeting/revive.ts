import { and, asc, eq, exists, gt, inArray, isNotNull, isNull, ne, notExists, type SQL, sql } from 'drizzle-orm'
import { z } from 'zod'
import { calendarEdit, type LeftEventRow, leftEvent, participation, type VirtualClassRow, virtualClass } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import type { JobState } from '../../jobs/queue.ts'
import { backoffMs, FAILURES_UNTIL_ALARM } from '../../kernel/backoff.ts'
import { MINUTE_MS, plus } from '../../kernel/clock.ts'
import { describeFailure } from '../../kernel/failure.ts'
import { openCase } from '../operation/attention.ts'
import { IS_SCHEDULED, lockClass, updateClass } from '../virtual-class/store.ts'
import { createMeetingJob } from './create.ts'
import { giveUp } from './give-up.ts'
import { syncGuestsJob } from './guests.ts'
import { leaveCalendarJob } from './leave.ts'
import { leftEvents } from './left.ts'
import { moveMeetingJob } from './move.ts'
import { REMOVED_WITHIN_MS, removeMeetingJob } from './remove.ts'
import { restoreEventJob } from './restore.ts'

const LOOKED_AT_ONCE = 200
/** A paid class that waits longer than this for its event is told, whatever the reason. */
const LONG_WAIT_MS = 30 * MINUTE_MS
/** The ordinary job has this long after the start to look a last time; then the class is given up without it. */
const GRACE_MS = MINUTE_MS

interface Owed {
  creations: VirtualClassRow[]
  removals: VirtualClassRow[]
  moves: VirtualClassRow[]
  restorals: VirtualClassRow[]
  guests: VirtualClassRow[]
}

/**
 * Work that the calendar still owes: events to make, to take away, to move and to make again, guests to add. For one teacher, or for all. An event
 * that is gone is nothing of that: it waits for a person.
 */
async function owed(deps: Deps, teacherId?: string): Promise<Owed> {
  const of = (condition: SQL | undefined) =>
    deps.db.handle
      .select()
      .from(virtualClass)
      .where(and(condition, teacherId ? eq(virtualClass.teacherId, teacherId) : undefined))
      .orderBy(asc(virtualClass.startsAt))
      .limit(LOOKED_AT_ONCE)
  const { creations, removals, moves, restorals, guests } = owing(deps)
  return {
    creations: await of(creations),
    removals: await of(removals),
    moves: await of(moves),
    restorals: await of(restorals),
    guests: await of(guests),
  }
}

/** Which classes those are. */
function owing(deps: Deps): Record<keyof Owed, SQL | undefined> {
  const now = deps.clock.now()
  const withGuests = exists(
    deps.db.handle
      .select({ id: participation.id })
      .from(participation)
      .where(and(eq(participation.classId, virtualClass.id), eq(participation.rol, 'participante'))),
  )
  const isGone = deps.db.handle
    .select({ id: calendarEdit.id })
    .from(calendarEdit)
    .where(and(eq(calendarEdit.classId, virtualClass.id), eq(calendarEdit.kind, 'deleted'), isNull(calendarEdit.settledAt)))
  const isToCome = and(IS_SCHEDULED, gt(virtualClass.endsAt, now))
  return {
    creations: and(eq(virtualClass.status, 'pending'), isNotNull(virtualClass.paidAt)),
    removals: and(
      eq(virtualClass.status, 'cancelled'),
      isNotNull(virtualClass.paidAt),
      ne(virtualClass.calendarState, 'none'),
      gt(virtualClass.endsAt, plus(now, -REMOVED_WITHIN_MS)),
    ),
    moves: and(isToCome, isNull(virtualClass.eventWantedAt), inArray(virtualClass.calendarState, ['queued', 'failed']), notExists(isGone)),
    restorals: and(isToCome, isNotNull(virtualClass.eventWantedAt)),
    guests: and(isToCome, withGuests),
  }
}

/** After a calendar was connected: whatever waited for it is due now, however long its next pause would have been. */
export async function wakeMeetings(deps: Deps, teacherId: string): Promise<void> {
  const { creations, removals, moves, restorals, guests } = await owed(deps, teacherId)
  const startAfter = deps.clock.now()
  for (const { id: classId } of creations) await deps.jobs.enqueue(createMeetingJob, { classId, polls: 0 }, { key: classId, startAfter })
  const wake = async (job: ClassJob, classes: VirtualClassRow[]) => {
    for (const each of classes) {
      const failures = (await wasTold(deps, job, each)) ? { failures: FAILURES_UNTIL_ALARM } : {}
      await deps.jobs.enqueue(job, { classId: each.id, ...failures }, { key: each.id, startAfter })
    }
  }
  await wake(removeMeetingJob, removals)
  await wake(moveMeetingJob, moves)
  await wake(restoreEventJob, restorals)
  await wake(syncGuestsJob, guests)
  for (const { classId, eventId } of await leftEvents(deps.db.handle, LOOKED_AT_ONCE, teacherId))
    await deps.jobs.enqueue(leaveCalendarJob, { classId, eventId }, { key: eventId, startAfter })
}

type ClassJob = typeof removeMeetingJob

/** What has failed so often, or died, was told to the admin. It is not told again, and its success closes that case. */
async function wasTold(deps: Deps, job: ClassJob, { id, calendarState }: VirtualClassRow): Promise<boolean> {
  return calendarState === 'failed' || (await deps.jobs.stateOf(job, id)) === 'died'
}

async function reviveMeetings(deps: Deps): Promise<void> {
  const { creations, removals, moves, restorals, guests } = await owed(deps)
  for (const waiting of creations) await orLogged(deps, waiting.id, () => reviveCreation(deps, waiting))
  const revive = async (job: ClassJob, classes: VirtualClassRow[], isLost: (state: JobState) => boolean, detail: string) => {
    for (const { id: classId } of classes) {
      await orLogged(deps, classId, async () => {
        if (!isLost(await deps.jobs.stateOf(job, classId))) return
        await tell(deps, classId, detail)
        await deps.jobs.enqueue(job, { classId, failures: FAILURES_UNTIL_ALARM }, inAMoment(deps, classId))
      })
    }
  }
  const waitsForNothing = (state: JobState) => state !== 'waiting'
  await revive(removeMeetingJob, removals, waitsForNothing, 'El evento de una clase cancelada sigue en el calendario')
  await revive(moveMeetingJob, moves, waitsForNothing, 'El evento sigue en el horario anterior')
  await revive(restoreEventJob, restorals, waitsForNothing, 'El evento no se pudo volver a crear')
  // Nothing tells whether an event lacks guests: only a job that died does.
  await revive(syncGuestsJob, guests, (state) => state === 'died', 'No se pudieron agregar los invitados al evento')
  for (const left of await leftEvents(deps.db.handle, LOOKED_AT_ONCE)) await orLogged(deps, left.classId, () => reviveLeaving(deps, left))
}

/** Nobody is told: the class has its event, and a former one that stays is in nobody's way. */
async function reviveLeaving(deps: Deps, { classId, eventId }: LeftEventRow): Promise<void> {
  if ((await deps.jobs.stateOf(leaveCalendarJob, eventId)) === 'waiting') return
  await deps.jobs.enqueue(leaveCalendarJob, { classId, eventId, failures: FAILURES_UNTIL_ALARM }, inAMoment(deps, eventId))
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

const owes = (condition: SQL | undefined) => sql`EXISTS (SELECT FROM ${virtualClass} WHERE ${condition})`

/** Whether that job would find anything. */
export const hasMeetingsToRevive = (deps: Deps): SQL =>
  sql.join([sql`EXISTS (SELECT FROM ${leftEvent})`, ...Object.values(owing(deps)).map(owes)], sql` OR `)
