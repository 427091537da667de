import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { MINUTE_MS, plus, SECOND_MS } from '../../kernel/clock.ts'
import { findTeacher, listTeachers } from '../academy/store.ts'
import { removeDoubles } from '../hand-edit/doubles.ts'
import { reviewCalendar } from '../hand-edit/review.ts'
import { calendarAccess, recordFailure, recordSuccess } from '../meeting/connection.ts'
import type { CalendarAccess, CalendarFailure, CalendarFailureDetail, SyncFrom, SyncPage } from '../meeting/provider.ts'
import { wakeMeetings } from '../meeting/revive.ts'
import { closeCases, openCase } from '../operation/attention.ts'
import { roundToBegin, touchesSeries, windowOf } from './rules.ts'
import { dropUnseen, endReview, keepEvents, type Leased, moveOn, type Reviewed, releaseLease, takeLease, takeReview } from './store.ts'

/** Pages that one run of the job reads; the next one goes on where it stopped. */
const PAGES_PER_RUN_MAX = 5
const AGAIN_MS = SECOND_MS
/** However long Google wants to rest, it is asked this often whether it reads again: after half an hour without an answer slots close. */
const PAUSE_MAX_MS = 5 * MINUTE_MS

/** `complete-full`: everything was read, not only what changed. `more`: there are pages left. `lost`: another process has taken over. */
type Ending = 'complete' | 'complete-full' | 'more' | 'lost' | { failed: CalendarFailure | 'calendar-gone'; detail: CalendarFailureDetail }

/**
 * Reads on in a teacher's calendar: what changed since the last time, or everything when that is not known. Each page and the place where the
 * next one begins are stored together, so that a run that is killed costs one page. One process at a time reads a calendar. When a round is
 * complete, what hands changed about our classes is looked at.
 */
export async function syncCalendar(deps: Deps, teacherId: string): Promise<void> {
  const access = await calendarAccess(deps, teacherId)
  const teacher = await findTeacher(deps.db.handle, teacherId)
  if (!access || !teacher) return
  const lease = await takeLease(deps, teacherId)
  if (lease === 'again') return queueSync(deps, teacherId, AGAIN_MS)
  if (!lease) return
  if (lease.notBefore && deps.clock.now() < lease.notBefore) {
    await releaseLease(deps, lease, { lastError: lease.lastError, notBefore: lease.notBefore })
    return
  }
  const ending = await readPages(deps, access, lease, teacher.horizonDays)
  if (ending === 'lost') return
  const failed = typeof ending === 'object' ? ending : null
  const pauseMs = failed?.detail.retryAfterMs
  const notBefore = pauseMs === undefined ? null : plus(deps.clock.now(), Math.min(pauseMs, PAUSE_MAX_MS))
  // Before it is forgotten that there was a failure: whoever dies in between leaves it to the next reading.
  if (!failed) await tellRecovery(deps, lease)
  const wanted = await releaseLease(deps, lease, { lastError: failed ? failed.detail.cause : null, notBefore })
  if (failed) return tellFailure(deps, teacherId, access.grantId, failed)
  if (ending === 'more' || wanted) await queueSync(deps, teacherId)
  if (ending === 'more') return
  await recordSuccess(deps, teacherId)
  await reviewNews(deps, teacherId)
  if (ending === 'complete-full') await removeDoubles(deps, teacherId)
}

/** Once per news; when Google cannot be asked about it, again at the next reading. News that came meanwhile are looked at right after. */
async function reviewNews(deps: Deps, teacherId: string): Promise<void> {
  const turn = await takeReview(deps, teacherId)
  if (!turn) return
  let reviewed: Reviewed = { isDone: false, unreadable: 0, elsewhere: null }
  try {
    reviewed = await reviewCalendar(deps, teacherId, turn.elsewhere)
  } finally {
    if (await endReview(deps.db.handle, turn, reviewed)) await queueSync(deps, teacherId)
  }
}

async function readPages(deps: Deps, access: CalendarAccess, lease: Leased, horizonDays: number): Promise<Ending> {
  let state: Leased | null = lease
  for (let pages = 0; pages < PAGES_PER_RUN_MAX; pages++) {
    if (!state.roundKind) state = await beginRound(deps, state, roundToBegin(state, horizonDays, deps.clock.now()), horizonDays)
    if (!state) return 'lost'
    const isDelta = state.roundKind === 'delta'
    const page = await deps.calendar.syncEvents(access, placeOf(state), state.pageToken)
    if (page.ok) {
      state = await keepPage(deps, state, page.value)
      if (!state) return 'lost'
      if (!state.roundKind && state.fullWanted) return 'more'
      if (!state.roundKind) return isDelta ? 'complete' : 'complete-full'
    } else if (page.reason === 'start-over' && isDelta) {
      // Half of the changes may be in already: that does no harm, everything is read again.
      state = await beginRound(deps, state, 'full', horizonDays)
      if (!state) return 'lost'
    } else {
      // A complete reading whose pages cannot be turned any more begins again at the next run.
      if (page.reason === 'start-over') await moveOn(deps.db.handle, state, NO_ROUND)
      const reason = page.reason === 'start-over' ? 'unavailable' : page.reason
      return { failed: reason, detail: page.detail ?? { cause: page.reason } }
    }
  }
  return 'more'
}

const NO_ROUND = { roundKind: null, roundBeganAt: null, roundFrom: null, roundTo: null, pageToken: null }

async function beginRound(deps: Deps, state: Leased, kind: 'full' | 'delta', horizonDays: number): Promise<Leased | null> {
  const now = deps.clock.now()
  const window = kind === 'full' ? windowOf(horizonDays, now) : { from: state.coversFrom, to: state.coversTo }
  return moveOn(deps.db.handle, state, {
    roundKind: kind,
    roundBeganAt: now,
    roundFrom: window.from,
    roundTo: window.to,
    pageToken: null,
    ...(kind === 'full' ? { round: state.round + 1, fullWanted: false, syncToken: null } : {}),
  })
}

function placeOf({ roundKind, syncToken, ...state }: Leased): SyncFrom {
  return roundKind === 'delta' && syncToken ? { syncToken } : windowIn(state)
}

function windowIn({ roundFrom, roundTo }: Pick<Leased, 'roundFrom' | 'roundTo'>): { from: Date; to: Date } {
  if (!roundFrom || !roundTo) throw new Error('A round without a window')
  return { from: roundFrom, to: roundTo }
}

/** The page and the place after it, at once. */
async function keepPage(deps: Deps, state: Leased, page: SyncPage): Promise<Leased | null> {
  const { teacherId, round, roundKind, roundBeganAt } = state
  const isFull = roundKind === 'full'
  const isLast = page.nextPageToken === null
  const window = windowIn(state)
  return deps.db.transaction(async (tx) => {
    const fullWanted = !isFull && touchesSeries(page.events)
    const next = await moveOn(tx, state, {
      ...(isLast
        ? { ...NO_ROUND, syncToken: page.syncToken, readAt: roundBeganAt, coversFrom: window.from, coversTo: window.to }
        : { pageToken: page.nextPageToken }),
      ...(isLast && isFull ? { fullAt: roundBeganAt, reviewAll: true, reviewLeft: null } : {}),
      ...(fullWanted ? { fullWanted } : {}),
      ...(page.events.length > 0 || isFull ? { reviewWanted: true, news: state.news + 1 } : {}),
    })
    if (!next) return null
    await keepEvents(tx, teacherId, round, window, page.events)
    if (isLast && isFull) await dropUnseen(tx, teacherId, round)
    return next
  })
}

/** The calendar can be read, be it in part. */
async function tellRecovery(deps: Deps, { teacherId, notBefore }: Leased): Promise<void> {
  // What is to be written may rest for longer than this; that it can be read again says that the pause is over.
  if (notBefore) await wakeMeetings(deps, teacherId)
  await closeCases(deps, deps.db.handle, { subject: 'connection', subjectId: teacherId, reason: 'calendar_gone' })
}

/** A calendar that is gone is not an empty one: no class is touched, and a person is told. */
async function tellFailure(deps: Deps, teacherId: string, grantId: string, failure: Exclude<Ending, string>): Promise<void> {
  const { failed, detail } = failure
  await recordFailure(deps, teacherId, grantId, { reason: failed === 'calendar-gone' ? 'refused' : failed, detail })
  if (failed !== 'calendar-gone') return
  await openCase(deps, deps.db.handle, { subject: 'connection', subjectId: teacherId, reason: 'calendar_gone', detail: '' })
}

/** Asks for a reading, at most one of which waits per calendar; `afterMs` from now. */
export async function queueSync(deps: Deps, teacherId: string, afterMs = 0): Promise<void> {
  await deps.jobs.enqueue(syncCalendarJob, { teacherId }, { key: teacherId, startAfter: plus(deps.clock.now(), afterMs) })
}

export const syncCalendarJob = defineJob({
  name: 'mirror.sync',
  payload: z.object({ teacherId: z.uuid() }),
  // The next look a minute later does the same.
  retriesMax: 0,
  run: (deps, { teacherId }) => syncCalendar(deps, teacherId),
})

/** Timed: notifications are not promised, so every calendar is read regularly all the same. */
export const pollCalendarsJob = defineJob({
  name: 'mirror.poll',
  payload: z.object({}),
  retriesMax: 0,
  run: async (deps) => {
    for (const { id } of await listTeachers(deps.db.handle)) if (await calendarAccess(deps, id)) await queueSync(deps, id)
  },
})
