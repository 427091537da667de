import { describe, expect, it } from 'vitest'
import { JOBS_FINISH_MS } from './jobs/queue.ts'
import { STOP_MS_MAX, stopAll } from './stop.ts'
import { FINISH_MS } from './web-server.ts'

describe('a process that is told to stop', () => {
  it('ends requests and jobs side by side, can queue jobs until both are done, and closes the database last', async () => {
    const seen: string[] = []
    const answered = Promise.withResolvers<void>()
    const worked = Promise.withResolvers<void>()
    const queued = Promise.withResolvers<void>()
    const ends = (name: string) => async () => void seen.push(name)
    const stopped = stopAll(
      {
        async stopWork() {
          seen.push('timed jobs')
          await queued.promise
        },
        server: {
          async stop(drainMs, onClosed) {
            seen.push(`requests after ${drainMs}`)
            await onClosed()
            await answered.promise
          },
        },
        jobs: {
          async finish() {
            seen.push('jobs at work')
            await worked.promise
          },
          stop: ends('queue'),
        },
        live: { close: ends('streams') },
        sandbox: null,
        db: { close: ends('database') },
      },
      5,
    )
    worked.resolve()
    await new Promise((resolve) => setImmediate(resolve))
    expect(seen, 'nothing waits for a look at the timetable').toEqual(['timed jobs', 'requests after 5', 'streams', 'jobs at work'])
    answered.resolve()
    await new Promise((resolve) => setImmediate(resolve))
    expect(seen, 'but the database is open until that is over').toHaveLength(4)
    queued.resolve()
    await stopped
    expect(seen.slice(4)).toEqual(['streams', 'queue', 'database'])
  })

  it('is not ended by its own limit while requests or jobs have time', () => {
    expect(STOP_MS_MAX).toBeGreaterThan(FINISH_MS + JOBS_FINISH_MS)
  })
})
