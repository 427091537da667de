import { addressOf, codeOf, cookieOf, enrol, FIRST_GUEST, holdClassesToJoin } from '../cast.ts'
import { prepareEmbedded } from '../embedded.ts'
import { type Figure, interleave } from '../figures.ts'
import { shot, volley } from '../load.ts'
import { type Server, type Stage, withClient } from '../stage.ts'

const GROUP = 'Joins: a guest enters a code and takes a seat (POST /api/access-code)'
const CONNECTIONS = 32
const PEOPLE = 2_000
const GUESTS_EACH = 4
const CLASSES = 13_000
const CLASSES_QUICK = 2_000

/** Every request is another guest in another seat, until all seats are taken. */
export async function joins(stage: Stage): Promise<Figure[]> {
  const { rounds, seconds, quick } = stage.options
  const classes = quick ? CLASSES_QUICK : CLASSES
  const now = new Date()
  const fill = async (connection: Parameters<typeof enrol>[0]) => {
    await enrol(connection, PEOPLE, now)
    await holdClassesToJoin(connection, classes, now)
    await connection.query('ANALYZE')
  }
  const { url } = await stage.database('joins')
  await withClient(url, fill)
  const dataDir = await stage.folder()
  await prepareEmbedded(dataDir, fill)
  const env = { JOIN_LEAD_MINUTES: '1440' }
  const subjects = [
    {
      name: 'PostgreSQL' as const,
      run: joinsAt(await stage.product({ ...env, DATABASE_URL: url, PROCESS_ROLE: 'web' }), classes, seconds),
    },
    { name: 'embedded' as const, run: joinsAt(await stage.product({ ...env, DATA_DIR: dataDir }), classes, seconds) },
  ]
  for (const { name, run } of subjects) {
    stage.tell(`warming up ${name}`)
    await run()
  }
  const values = await interleave(rounds, subjects, stage.tell)
  return [
    { group: GROUP, name: 'product on PostgreSQL', unit: 'joins/s', values: values.PostgreSQL },
    { group: GROUP, name: 'product, embedded database', unit: 'joins/s', values: values.embedded },
  ]
}

function joinsAt(server: Server, classes: number, seconds: number): () => Promise<number> {
  let joined = 0
  return async () => {
    const done = await volley(server.port, {
      connections: CONNECTIONS,
      seconds,
      next() {
        if (joined >= classes * GUESTS_EACH) return null
        const n = joined++
        // One class after the other gets its first guest, then its second: nobody waits for a neighbour.
        const json = { accessCode: codeOf(n % classes) }
        const guest = FIRST_GUEST + ((n + Math.floor(n / classes)) % (PEOPLE - FIRST_GUEST))
        return shot(server.port, '/api/access-code', { method: 'POST', cookie: cookieOf(guest), json, headers: addressOf(n) })
      },
    })
    const bad = [...done.statuses].filter(([status]) => status !== 200)
    if (bad.length > 0) throw new Error(`Joins were answered ${JSON.stringify(bad)}`)
    return done.perSecond
  }
}
