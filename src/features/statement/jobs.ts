import type { SQL } from 'drizzle-orm'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { addDays, daysBetween, instantAt, type WallDate, wallDate } from '../../kernel/zoned-time.ts'
import { makeStatement } from './make.ts'
import { doLaterDaysWait, UNREAD_DAYS_MAX } from './rules.ts'
import * as store from './store.ts'

/** A day is stated from this hour of the next one on, when the provider's search has caught up. */
const MADE_FROM = '03:00'
const DAYS_PER_RUN_MAX = 10
/** A run ends with the second day that cannot be read: one that never can be must not keep the next from its turn, and a provider that is away is not asked on. */
const UNREAD_PER_RUN_MAX = 2
/** Days further back than this are not made by themselves. */
const CAUGHT_UP_DAYS_MAX = 366
const RUN_SECONDS_MAX = 600

/** Timed: makes the statement of every day that has ended and has none, in order, and looks again at those that differ. */
export const makeStatementsJob = defineJob({
  name: 'statement.make',
  payload: z.object({}),
  retriesMax: 2,
  timeoutSeconds: RUN_SECONDS_MAX,
  run: async (deps) => {
    let unread = 0
    for (let looks = 0; looks < DAYS_PER_RUN_MAX; looks++) {
      const day = await nextDay(deps)
      if (!day) return
      if ((await makeStatement(deps, day)) === 'unread' && ++unread >= UNREAD_PER_RUN_MAX) return
    }
    await deps.jobs.enqueue(makeStatementsJob, {}, { key: makeStatementsJob.name })
  },
})

/** The day to look at now: what waits for another look first, then the first that is missing, unless it waits for one that cannot be read. */
async function nextDay(deps: Deps): Promise<WallDate | null> {
  const { handle } = deps.db
  const now = deps.clock.now()
  const [again] = await store.daysToLookAt(handle, now, 1)
  if (again) return again
  if (doLaterDaysWait(await store.unreadDays(handle, UNREAD_DAYS_MAX))) return null
  const newest = newestDay(now)
  const last = await store.lastDay(handle)
  const day = last ? addDays(last, 1) : await firstDay(deps, newest)
  return day <= newest ? day : null
}

/** The last day that can be stated. */
function newestDay(now: Date): WallDate {
  const today = wallDate(now)
  return addDays(today, now >= instantAt(today, MADE_FROM) ? -1 : -2)
}

/** Whether that job would find a day. */
export function hasDaysToState({ clock }: Deps): SQL {
  const now = clock.now()
  return store.anyDayToState(now, newestDay(now))
}

/** Where the statements begin: with the first order, at most a year ago; without one, with the last day that has ended. */
async function firstDay(deps: Deps, newest: WallDate): Promise<WallDate> {
  const firstOrderAt = await store.firstOrderAt(deps.db.handle)
  const first = firstOrderAt ? wallDate(firstOrderAt) : newest
  if (first >= newest) return newest
  return daysBetween(first, newest) > CAUGHT_UP_DAYS_MAX ? addDays(newest, -CAUGHT_UP_DAYS_MAX) : first
}
