import { queueTimedJobs } from '../../src/jobs/schedule.ts'
import { DAY_MS } from '../../src/kernel/clock.ts'
import { describeRace } from './rig/race.ts'
import { timedTurns } from './rig/removals.ts'

/** Names of timed jobs as they are queued, by any process. */
const queued: string[] = []
/** Due every day, and nobody can tell beforehand whether they find something. */
const DUE = ['mirror.poll', 'mirror.tend-channels', 'meeting.check-connections', 'operation.clean-up']

describeRace('five workers look for timed jobs at the same moment (behaviour 7)', {
  processes: 5,
  calendar: false,
  parts: ({ jobs }) => ({
    jobs: {
      ...jobs,
      async enqueue(job, payload, options) {
        queued.push(job.name)
        await jobs.enqueue(job, payload, options)
      },
    },
  }),
  async round({ world, processes }) {
    await queueTimedJobs(world.deps)
    world.clock.advance(DAY_MS)
    queued.length = 0
    await Promise.all(processes.map(({ deps }) => queueTimedJobs(deps)))
    const names = [...new Set(queued)]
    return [
      ...names.filter((name) => queued.filter((one) => one === name).length > 1).map((name) => `twice: ${name}`),
      ...DUE.filter((name) => !queued.includes(name)).map((name) => `never: ${name}`),
    ]
  },
  controls: { 'the look at the row itself': { without: timedTurns, shows: 'twice' } },
})
