import { addressOf, cookieOf, enrol, hire } from '../cast.ts'
import { prepareEmbedded } from '../embedded.ts'
import { type Figure, percentile } from '../figures.ts'
import { ask, openHalf, shot, volley } from '../load.ts'
import { type Server, type Stage, withClient } from '../stage.ts'

const GROUP = 'Contention: everybody wants one slot at the same moment (POST /api/checkout)'
const PATIENCE_SECONDS = 60
/** Students who have nothing to do with the slot and look at their classes meanwhile, one page after the other with as long a look at each. */
const OTHERS = 4
const LOOK_MS = 50
/** Connections on which a request was begun that does not end. */
const HALF_OPEN = 200

interface Rush {
  winners: number
  medianMs: number
  p99Ms: number
  maxMs: number
  /** How long the others waited for each page. */
  othersP99Ms: number
}

/**
 * Each buyer on a connection of their own, beside connections that are half open and students who only look at their pages. The providers answer from
 * another process.
 */
export async function contention(stage: Stage): Promise<Figure[]> {
  const { buyers, rounds } = stage.options
  const now = new Date()
  const fill = async (connection: Parameters<typeof enrol>[0]) => {
    await hire(connection, now)
    await enrol(connection, buyers + OTHERS, now)
    await connection.query('ANALYZE')
  }
  const { url } = await stage.database('contention')
  await withClient(url, fill)
  const dataDir = await stage.folder()
  await prepareEmbedded(dataDir, fill)
  const servers = {
    PostgreSQL: await stage.product({ DATABASE_URL: url, PROCESS_ROLE: 'web' }, await stage.sandbox()),
    embedded: await stage.product({ DATA_DIR: dataDir }, await stage.sandbox()),
  }
  const figures: Figure[] = []
  for (const [name, server] of Object.entries(servers)) {
    const rushes: Rush[] = []
    for (let round = 0; round <= rounds; round++) {
      stage.tell(`${name}: ${round === 0 ? 'warming up' : `round ${round} of ${rounds}`}, ${buyers} buyers`)
      const rush = await rushAt(server, await freeSlot(server, round * 3), buyers)
      if (round > 0) rushes.push(rush)
    }
    const of = (key: keyof Rush) => rushes.map((rush) => rush[key])
    const label = `${name}, ${buyers} buyers:`
    figures.push(
      { group: GROUP, name: `${label} winners`, unit: '', values: of('winners'), target: { exactly: 1 } },
      { group: GROUP, name: `${label} median`, unit: 'ms', values: of('medianMs') },
      { group: GROUP, name: `${label} 99th percentile`, unit: 'ms', values: of('p99Ms'), target: { atMost: 1_000 } },
      { group: GROUP, name: `${label} slowest`, unit: 'ms', values: of('maxMs') },
      {
        group: GROUP,
        name: `${name}, other students meanwhile, Mis Clases: 99th percentile`,
        unit: 'ms',
        values: of('othersP99Ms'),
        target: { atMost: 500 },
      },
    )
  }
  return figures
}

async function rushAt(server: Server, slot: { start: string; end: string }, buyers: number): Promise<Rush> {
  const halfOpen = await Promise.all(
    Array.from({ length: HALF_OPEN }, (_, index) => openHalf(server.port, index % 2 === 0 ? 'head' : 'body')),
  )
  let rushing = true
  const others = Promise.all(
    Array.from({ length: OTHERS }, (_, index) => {
      const look = shot(server.port, '/inicio/mis-clases-virtuales', {
        cookie: cookieOf(buyers + 1 + index),
        headers: addressOf(buyers + 1 + index),
      })
      return volley(server.port, { connections: 1, seconds: PATIENCE_SECONDS, pauseMs: LOOK_MS, next: () => (rushing ? look : null) })
    }),
  )
  let sent = 0
  const done = await volley(server.port, {
    connections: buyers,
    seconds: PATIENCE_SECONDS,
    next() {
      sent += 1
      const { start, end } = slot
      return sent > buyers
        ? null
        : shot(server.port, '/api/checkout', { method: 'POST', cookie: cookieOf(sent), json: { start, end }, headers: addressOf(sent) })
    },
  })
  rushing = false
  const looks = await others
  for (const socket of halfOpen) socket.destroy()
  const turnedAway = looks.flatMap(({ statuses }) => [...statuses]).filter(([status]) => status !== 200)
  if (turnedAway.length > 0) throw new Error(`Other students were answered ${JSON.stringify(turnedAway)}`)
  const odd = [...done.statuses].filter(([status]) => status !== 200 && status !== 409)
  if (odd.length > 0) throw new Error(`Buyers were answered ${JSON.stringify(odd)}`)
  return {
    winners: done.statuses.get(200) ?? 0,
    medianMs: percentile(done.milliseconds, 0.5),
    p99Ms: percentile(done.milliseconds, 0.99),
    maxMs: percentile(done.milliseconds, 1),
    othersP99Ms: percentile(
      looks.flatMap(({ milliseconds }) => milliseconds).sort((a, b) => a - b),
      0.99,
    ),
  }
}

async function freeSlot(server: Server, rank: number): Promise<{ start: string; end: string }> {
  const { body } = await ask(server.port, shot(server.port, '/api/availability'))
  const { slots } = JSON.parse(body.toString()) as { slots: { start: string; end: string; state: string }[] }
  const free = slots.filter(({ state }) => state === 'free')
  const slot = free[rank % free.length]
  if (!slot) throw new Error('Nothing is free')
  return slot
}
