import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { googleConnection } from '../../db/tables.ts'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, plus } from '../../kernel/clock.ts'
import { wallDate } from '../../kernel/zoned-time.ts'
import { listTeachers } from '../academy/store.ts'
import { ATTENDANCE_SCOPE } from '../identity/provider.ts'
import { closeCases, openCase } from '../operation/attention.ts'
import { type ConnectionRow, calendarAccess, findConnection, recordFailure, recordSuccess, tellTeacher } from './connection.ts'
import type { CalendarAccess } from './provider.ts'

/** A connection is tried once a day; a little less, so that the daily look never just misses it. */
const TRIED_EVERY_MS = 20 * HOUR_MS
/** A hiccup of Google's is no reason to warn anybody. */
const FAILURES_UNTIL_WARNING = 3
const AGAIN_AFTER_MS = 10 * MINUTE_MS

/** Timed, daily: every calendar is tried before students notice that it does not work (behaviour 7). */
export const checkConnectionsJob = defineJob({
  name: 'meeting.check-connections',
  payload: z.object({}),
  run: async (deps) => {
    for (const teacher of await listTeachers(deps.db.handle)) {
      const connection = await findConnection(deps, teacher.id)
      if (connection && isTrialDue(connection, deps.clock.now())) await queueTrial(deps, teacher.id)
    }
  },
})

function isTrialDue({ triedAt, connectedAt }: ConnectionRow, now: Date): boolean {
  return plus(triedAt ?? connectedAt, TRIED_EVERY_MS) <= now
}

/** Queues the trial of one calendar: daily, and right after it was connected. */
export async function queueTrial(deps: Deps, teacherId: string): Promise<void> {
  await deps.jobs.enqueue(tryOutJob, { teacherId, failures: 0 }, { key: teacherId })
}

async function tryOut(deps: Deps, teacherId: string, failures: number): Promise<void> {
  const access = await calendarAccess(deps, teacherId)
  const connection = await findConnection(deps, teacherId)
  if (!access || !connection) return
  const now = deps.clock.now()
  const tried = await deps.calendar.tryOut(access, trialEventId(deps.ids), startOfTrial(now))
  if (tried.ok) {
    await recordSuccess(deps, teacherId)
    const readsAttendance = await probe(deps, access, connection)
    await deps.db.transaction(async (tx) => {
      const change = { triedAt: now, trialError: null, readsAttendance }
      await tx.update(googleConnection).set(change).where(eq(googleConnection.id, access.grantId))
      await closeCases(deps, tx, { subject: 'connection', subjectId: teacherId, reason: 'calendar_trial_failed' })
    })
    return
  }
  await recordFailure(deps, teacherId, access.grantId, tried)
  // That the grant is dead was told with this.
  if (tried.reason === 'needs-reconnect') return
  const attempts = failures + 1
  if (tried.reason !== 'refused' && attempts < FAILURES_UNTIL_WARNING) {
    const startAfter = plus(now, Math.max(AGAIN_AFTER_MS, tried.detail?.retryAfterMs ?? 0))
    await deps.jobs.enqueue(tryOutJob, { teacherId, failures: attempts }, { key: teacherId, startAfter })
    return
  }
  await warn(deps, teacherId, access.grantId, tried.detail?.cause ?? tried.reason)
}

/** A case and a mail a day, as long as it lasts. */
async function warn(deps: Deps, teacherId: string, grantId: string, cause: string): Promise<void> {
  const now = deps.clock.now()
  await deps.db.transaction(async (tx) => {
    await tx.update(googleConnection).set({ triedAt: now, trialError: cause }).where(eq(googleConnection.id, grantId))
    await openCase(deps, tx, { subject: 'connection', subjectId: teacherId, reason: 'calendar_trial_failed', detail: cause })
    const dedupeKey = `calendar-trial-failed:${grantId}:${wallDate(now)}`
    await tellTeacher(deps, tx, teacherId, { classId: null, kind: 'calendar-trial-failed', dedupeKey })
  })
}

/** Whether Meet tells this account who was in its rooms. What is not known now is as before. */
async function probe(deps: Deps, access: CalendarAccess, { scopes, readsAttendance }: ConnectionRow): Promise<boolean> {
  if (!scopes.includes(ATTENDANCE_SCOPE)) return false
  const told = await deps.calendar.tellsPresences(access)
  return told.ok ? told.value : readsAttendance
}

/** Another one for every trial: deleted ids are never free again. `t` is no hex digit, so no class ever has such an id. */
export function trialEventId(ids: Deps['ids']): string {
  return `${ids.uuid().replaceAll('-', '')}t`
}

/** Tomorrow, on the full hour. */
function startOfTrial(now: Date): Date {
  return new Date(Math.floor(plus(now, DAY_MS).getTime() / HOUR_MS) * HOUR_MS)
}

export const tryOutJob = defineJob({
  name: 'meeting.try-out',
  payload: z.object({ teacherId: z.uuid(), failures: z.number().int().min(0) }),
  run: (deps, { teacherId, failures }) => tryOut(deps, teacherId, failures),
})
