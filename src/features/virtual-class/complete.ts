import { z } from 'zod'
import { defineJob } from '../../jobs/define.ts'
import { generateActivitiesJob } from '../activity/generate.ts'
import { completeEnded } from './store.ts'

const COMPLETED_AT_ONCE = 200

/** Timed: classes complete by themselves at their end, and their exercises are made (behaviour D11). */
export const completeClassesJob = defineJob({
  name: 'class.complete',
  payload: z.object({}),
  retriesMax: 0,
  run: async (deps) => {
    const completed = await deps.db.transaction(async (tx) => {
      const ended = await completeEnded(tx, deps.clock.now(), COMPLETED_AT_ONCE)
      for (const classId of ended) await deps.jobs.enqueue(generateActivitiesJob, { classId }, { key: classId })
      return ended
    })
    if (completed.length > 0) deps.log.info({ classes: completed.length }, 'classes completed')
  },
})
