import { readdir } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { migrate } from '../../src/db/migrate.ts'
import { ensureTeacher } from '../../src/features/academy/store.ts'
import { createJobs } from '../../src/jobs/queue.ts'
import { JOBS } from '../../src/jobs/registry.ts'
import { expectCount } from './rig/ledger.ts'
import { describeRace } from './rig/race.ts'
import { migrationLock } from './rig/removals.ts'

const MIGRATIONS = fileURLToPath(new URL('../../src/db/migrations', import.meta.url))

describeRace('five processes start at the same moment on an empty database (migrations, queues, teacher)', {
  processes: 1,
  async round(rig) {
    const { deps } = rig.world
    const files = (await readdir(MIGRATIONS)).filter((name) => name.endsWith('.sql')).sort()
    const name = `fresh_${crypto.randomUUID().replaceAll('-', '')}`
    await rig.world.rows(`CREATE DATABASE ${name}`)
    const databases = Array.from({ length: 5 }, () => rig.connect(name).db)
    const starts = await Promise.allSettled(
      databases.map(async (db) => {
        const applied = await migrate(db, MIGRATIONS, deps.clock.now())
        const jobs = createJobs(db, deps.clock, deps.log, JOBS, 'postgres')
        await jobs.prepare()
        await ensureTeacher({ ...deps, db, jobs })
        return { applied, jobs }
      }),
    )
    const started = starts.flatMap((start) => (start.status === 'fulfilled' ? [start.value] : []))
    const working = started.filter(({ applied }) => applied.length > 0)
    const found = await databases[0]?.execute(`
      SELECT (SELECT count(*)::int FROM migration) AS migrations, (SELECT count(*)::int FROM teacher) AS teachers,
        (SELECT count(DISTINCT name)::int FROM pgboss.queue WHERE name = ANY (ARRAY[${JOBS.map((job) => `'${job.name}'`).join(', ')}])) AS queues`)
    const counts = found?.rows[0] as { migrations: number; teachers: number; queues: number } | undefined
    for (const { jobs } of started) await jobs.stop()
    for (const db of databases) await db.close()
    await rig.world.rows(`DROP DATABASE ${name} WITH (FORCE)`)
    return [
      ...starts.flatMap((start) => (start.status === 'rejected' ? [`start: ${String(start.reason).slice(0, 200)}`] : [])),
      ...expectCount('start', 'processes that migrated', working.length, 1),
      ...(String(working[0]?.applied) === String(files) ? [] : [`start: applied ${working[0]?.applied}`]),
      ...expectCount('store', 'migrations', counts?.migrations ?? 0, files.length),
      ...expectCount('store', 'teachers', counts?.teachers ?? 0, 1),
      ...expectCount('store', 'queues', counts?.queues ?? 0, JOBS.length),
    ]
  },
  controls: { 'the migration lock': { without: migrationLock, shows: 'start' } },
})
