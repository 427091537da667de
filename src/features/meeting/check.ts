import { z } from 'zod'
import { defineJob } from '../../jobs/define.ts'
import { listTeachers } from '../academy/store.ts'
import { calendarAccess, recordFailure, recordSuccess } from './connection.ts'

/** Timed, daily: proves that each grant still works, before students notice that it does not (behaviour 7). */
export const checkConnectionsJob = defineJob({
  name: 'meeting.check-connections',
  payload: z.object({}),
  run: async (deps) => {
    for (const teacher of await listTeachers(deps.db.handle)) {
      const access = await calendarAccess(deps, teacher.id)
      if (!access) continue
      const checked = await deps.calendar.checkGrant(access)
      if (checked.ok) await recordSuccess(deps, teacher.id)
      else await recordFailure(deps, teacher.id, access.grantId, checked)
    }
  },
})
