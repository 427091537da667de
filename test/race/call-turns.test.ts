import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createSharedTurns } from '../../src/features/meeting/call-turns.ts'
import { openRig, type Rig } from './rig/rig.ts'

const PER_SECOND = 4
const WAITING_MAX = 20
/** More than become free while the crowd is asking, on a machine on which that takes less than a dozen seconds. */
const TOO_MANY = 60
const GRANT = '7a5c4d9e-6f0b-4c1d-8e2f-3a4b5c6d7e8f'

describe('calls to Google of three processes (behaviour 7: under 5 a second)', () => {
  let rig: Rig
  beforeAll(async () => {
    rig = await openRig({ processes: 3, calendar: false })
  })
  afterAll(() => rig.close())

  it('take turns: no second holds more than four, whoever would wait too long is turned away, and another grant waits for nobody', async () => {
    const turns = rig.processes.map(({ deps }) => createSharedTurns(deps, PER_SECOND, WAITING_MAX))
    const crowd = PER_SECOND + WAITING_MAX + TOO_MANY
    const now = async () => (await rig.world.rows<{ now: Date }>('SELECT clock_timestamp() AS now'))[0]?.now.getTime() ?? 0
    const began = await now()
    const waits = await Promise.all(Array.from({ length: crowd }, (_, index) => turns[index % turns.length]?.take(GRANT)))
    const [row] = await rig.world.rows<{ planned: Date[] }>('SELECT planned FROM google_turn WHERE grant_id = $1', [GRANT])
    const planned = (row?.planned ?? []).map((at) => at.getTime())
    expect(planned).toHaveLength(WAITING_MAX)
    for (const [index, at] of planned.slice(PER_SECOND).entries()) expect(at - (planned[index] ?? 0)).toBeGreaterThanOrEqual(999)
    // Whoever asks a little later finds a place that has become free since, and where the crowd was slow, that may be anybody's.
    const becameFree = PER_SECOND * Math.ceil(((await now()) - began) / 1_000)
    const away = waits.filter((wait) => wait === null).length
    expect(away).toBeGreaterThanOrEqual(TOO_MANY - becameFree)
    expect(away).toBeLessThanOrEqual(TOO_MANY)
    expect(waits.filter((wait) => wait === 0).length).toBeLessThanOrEqual(PER_SECOND + becameFree)
    const other = await turns[0]?.take(GRANT.replace('7', '8'))
    expect(other).toBe(0)
  })

  it('a clock of the database that was set back stops no calls until it has caught up', async () => {
    const grant = GRANT.replace('7', '9')
    await rig.world.rows(
      `INSERT INTO google_turn SELECT $1::uuid, array_agg(clock_timestamp() + interval '1 hour' + n * interval '250 ms' ORDER BY n) FROM generate_series(1, ${WAITING_MAX}) AS n`,
      [grant],
    )
    const [process] = rig.processes
    if (!process) throw new Error('no process')
    const turns = createSharedTurns(process.deps, PER_SECOND, WAITING_MAX)
    for (let call = 0; call < 2 * WAITING_MAX; call++) {
      const wait = await turns.take(grant)
      if (call < WAITING_MAX - 1) expect(wait).not.toBeNull()
      if (wait !== null) expect(wait).toBeLessThanOrEqual((WAITING_MAX / PER_SECOND + 1) * 1_000)
    }
  })
})
