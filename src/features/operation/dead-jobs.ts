import { z } from 'zod'
import { defineJob } from '../../jobs/define.ts'
import { openCase } from './attention.ts'

const SEEN_AT_ONCE = 50

/** Timed: what failed for good, crashes included, is put before a person; one case per job and subject, however often it died. */
export const watchDeadJobsJob = defineJob({
  name: 'operation.watch-dead-jobs',
  payload: z.object({}),
  retriesMax: 2,
  run: async (deps) => {
    for (const { id, error } of await deps.jobs.deadJobs(SEEN_AT_ONCE)) {
      const detail = error ? `${id}: ${error}` : id
      await openCase(deps, deps.db.handle, { subject: 'job', subjectId: id, reason: 'job_dead', detail })
    }
  },
})
