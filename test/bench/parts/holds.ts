import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { configFile } from '../../support/config-files.ts'
import type { VolumeConnection } from '../../support/volume.ts'
import { addressOf, cookieOf, enrol, givePreferences, hire, numbered, openDayAndNight, QUARTERS, quarter } from '../cast.ts'
import { prepareEmbedded } from '../embedded.ts'
import { type Figure, interleave } from '../figures.ts'
import { openInside } from '../inside.ts'
import { shot, volley } from '../load.ts'
import { hasPgbench, pgbench } from '../pgbench.ts'
import { type Server, type Stage, withClient } from '../stage.ts'
import { pgbenchScript, type Varying } from '../statements.ts'

const GROUP = 'Holds: a slot taken with a preference that exists (POST /api/booking)'
const CONNECTIONS = 32
/** As many as the product's pool has. */
const CLIENTS = 20
const PEOPLE_QUICK = 3_000
/** Those after the others are pgbench's: what it takes is nobody else's. */
const PEOPLE_OF_PGBENCH = 2_000

/** Holds per second, against pgbench with the statements that such a hold sends. */
export async function holds(stage: Stage): Promise<Figure[]> {
  const { rounds, seconds, quick } = stage.options
  const now = new Date()
  const people = quick ? PEOPLE_QUICK : QUARTERS
  const { individual } = (await configFile('pricing')) as { individual: number }
  const fill = async (connection: VolumeConnection) => {
    await hire(connection, now)
    await openDayAndNight(connection)
    await enrol(connection, people + PEOPLE_OF_PGBENCH, now)
    await givePreferences(connection, people + PEOPLE_OF_PGBENCH, individual * 100, now)
    await connection.query('ANALYZE')
  }
  stage.tell('people and preferences')
  const { url } = await stage.database('holds')
  await withClient(url, fill)
  const dataDir = await stage.folder()
  await prepareEmbedded(dataDir, fill)
  const script = hasPgbench() ? await writeScript(stage, url, people, now) : null
  const onServer = await stage.product({ DATABASE_URL: url, PROCESS_ROLE: 'web' })
  const embedded = await stage.product({ DATA_DIR: dataDir })

  const holdsOn = (server: Server) => {
    // The first one is the one that was looked at for its statements.
    let taken = 1
    return async () => {
      const done = await volley(server.port, {
        connections: CONNECTIONS,
        seconds,
        next: () => (taken < people ? bookingOf(server.port, ++taken, now) : null),
      })
      const bad = [...done.statuses].filter(([status]) => status !== 200)
      if (bad.length > 0) throw new Error(`Holds were answered ${JSON.stringify(bad)}`)
      return done.perSecond
    }
  }
  const subjects = [
    { name: 'postgres', run: holdsOn(onServer) },
    { name: 'embedded', run: holdsOn(embedded) },
    ...(script ? [{ name: 'pgbench', run: () => pgbench(url, script, CLIENTS, seconds, stage.cores) }] : []),
  ]
  for (const { name, run } of subjects) {
    stage.tell(`warming up ${name}`)
    await run()
  }
  const values: Partial<Record<string, number[]>> = await interleave(rounds, subjects, stage.tell)
  const { postgres = [], embedded: inside = [], pgbench: limit } = values
  const unit = 'holds/s'
  const byLimit = limit
    ? { limit: { name: 'pgbench', values: limit } }
    : { note: 'pgbench is not here (Debian: postgresql-contrib): no ratio' }
  return [
    ...(limit ? [{ group: GROUP, name: 'pgbench, the same statements (the limit)', unit, values: limit }] : []),
    { group: GROUP, name: 'product on PostgreSQL', unit, values: postgres, ...byLimit, ...(limit ? { target: { atLeast: 0.5 } } : {}) },
    { group: GROUP, name: 'product, embedded database', unit, values: inside, ...byLimit },
  ]
}

function bookingOf(port: number, n: number, now: Date): Buffer {
  const json = { ...quarter(n, now), preferenceId: `bench-${n}` }
  return shot(port, '/api/booking', { method: 'POST', cookie: cookieOf(n), json, headers: addressOf(n) })
}

const HOUR_MS = 3_600_000
const FAR_AWAY = Date.UTC(2100, 0, 1) / 1_000

/** Lets the application hold one slot, and makes a script of what it sent. What pgbench holds lies after the year 2100. */
async function writeScript(stage: Stage, url: string, people: number, now: Date): Promise<string> {
  const inside = await openInside(url)
  try {
    const slot = quarter(1, now)
    const ask = (body: object) =>
      inside.fetch('/api/booking', {
        method: 'POST',
        headers: { cookie: cookieOf(1), 'content-type': 'application/json' },
        body: JSON.stringify(body),
      })
    inside.sent.length = 0
    const answer = await ask({ ...slot, preferenceId: 'bench-1' })
    const { classId } = (await answer.json()) as { classId?: string }
    if (!classId) throw new Error(`The hold to be looked at was answered ${answer.status}`)
    const hour = Math.floor(Date.parse(slot.start) / HOUR_MS)
    const person = `('00000000-0000-4000-8000-' || lpad(:n::text, 12, '0'))`
    const booked = `('00000000-0000-4000-9000-' || lpad(:c::text, 12, '0'))`
    const at = (offset: number) => `to_timestamp(${FAR_AWAY + offset} + :c::bigint * 900)`
    const varying: Varying[] = [
      { value: numbered(1), text: person, typed: `${person}::uuid` },
      { value: 'bench-1', text: `('bench-' || :n::text)`, typed: `('bench-' || :n::text)` },
      { value: classId, text: booked, typed: `${booked}::uuid` },
      { value: slot.start, text: `${at(0)}::text`, typed: at(0) },
      { value: slot.end, text: `${at(900)}::text`, typed: at(900) },
      { value: String(hour), text: `${hour}::text`, typed: `(${FAR_AWAY / 3_600} + :c::bigint / 4)` },
    ]
    const file = join(await stage.folder(), 'hold.sql')
    await writeFile(
      file,
      pgbenchScript(inside.sent, varying, [
        `\\set n random(${people + 1}, ${people + PEOPLE_OF_PGBENCH})`,
        '\\set c random(1, 1000000000)',
      ]),
    )
    stage.tell(`a hold sends ${inside.sent.length} statements`)
    return file
  } finally {
    await inside.close()
  }
}
