import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { listenOnServer } from '../../src/db/listen.ts'
import { cleanUpJob } from '../../src/features/operation/clean-up.ts'
import { createJobs, type JobRunner } from '../../src/jobs/queue.ts'
import { JOBS } from '../../src/jobs/registry.ts'
import { openWorld, type World } from '../support/world.ts'

describe('a process that only answers', () => {
  let world: World
  let jobs: JobRunner
  let hearing: () => Promise<void>
  const told: string[] = []
  let onTold: () => void = () => {}
  beforeAll(async () => {
    world = await openWorld({ postgresUrl: inject('postgresUrl'), connectionsMax: 4, calendar: false })
    const { db, clock, log } = world.deps
    jobs = createJobs(db, clock, log, JOBS, 'postgres', { tellWorkers: true })
    await jobs.prepare()
    const [named] = await world.rows<{ name: string }>('SELECT current_database() AS name')
    const url = new URL(inject('postgresUrl'))
    url.pathname = `/${named?.name}`
    const listening = Promise.withResolvers<void>()
    hearing = listenOnServer(url.href, 'jobs', {
      onOpen: listening.resolve,
      onMessage() {
        told.push('work')
        onTold()
      },
    })
    await listening.promise
  })
  afterAll(async () => {
    await hearing()
    await jobs.stop()
    await world.close()
  })

  const heard = () => new Promise<void>((resolve) => (onTold = resolve))

  it('tells workers of a job that is committed, and of none that is rolled back; many at once are told once', async () => {
    const { db } = world.deps
    const undone = db.transaction(async () => {
      await jobs.enqueue(cleanUpJob, {}, { key: 'undone' })
      throw new Error('rolled back')
    })
    await expect(undone).rejects.toThrow('rolled back')
    const first = heard()
    await db.transaction(async () => {
      for (let i = 0; i < 20; i++) await jobs.enqueue(cleanUpJob, {}, { key: `job-${i}` })
    })
    await first
    expect(told).toEqual(['work'])
  })
})
