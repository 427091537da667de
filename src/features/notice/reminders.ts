import type { SQL } from 'drizzle-orm'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import { defineJob } from '../../jobs/define.ts'
import { notify } from './commands.ts'
import type { ReminderKind } from './rules.ts'
import { anyTimeToTell, dueReminders, longPreparing } from './store.ts'

const WRITTEN_AT_ONCE = 200
const KINDS: readonly ReminderKind[] = ['reminder-24h', 'reminder-60min']

/**
 * Timed: what only the passing of time brings about. Looks at what is due now, so a process that was down makes up for it: the keys of the
 * messages, not this job, remember what was written.
 */
export const remindJob = defineJob({
  name: 'notice.remind',
  payload: z.object({}),
  retriesMax: 0,
  run: (deps) =>
    deps.db.transaction(async (tx) => {
      const now = deps.clock.now()
      for (const kind of KINDS) {
        for (const { classId, userId, moveCount, dedupeKey } of await dueReminders(tx, kind, now, WRITTEN_AT_ONCE))
          await notify(deps, tx, { userId, classId, kind, dedupeKey, data: { move: moveCount } })
      }
      for (const { classId, userId } of await longPreparing(tx, now, WRITTEN_AT_ONCE))
        await notify(deps, tx, { userId, classId, kind: 'class-preparing', dedupeKey: `class-preparing:${classId}` })
    }),
})

/** Whether that job would find anything. */
export const hasTimeToTell = (deps: Deps): SQL => anyTimeToTell(KINDS, deps.clock.now())
