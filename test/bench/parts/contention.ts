import { addressOf, cookieOf, enrol, hire } from '../cast.ts'
import { prepareEmbedded } from '../embedded.ts'
import { type Figure, percentile } from '../figures.ts'
import { ask, shot, volley } from '../load.ts'
import { type Server, type Stage, withClient } from '../stage.ts'

const GROUP = 'Contention: everybody wants one slot at the same moment (POST /api/checkout)'
const PATIENCE_SECONDS = 60

interface Rush {
  winners: number
  medianMs: number
  p99Ms: number
  maxMs: number
}

/** Each buyer on a connection of their own. The providers answer from another process. */
export async function contention(stage: Stage): Promise<Figure[]> {
  const { buyers, rounds } = stage.options
  const now = new Date()
  const fill = async (connection: Parameters<typeof enrol>[0]) => {
    await hire(connection, now)
    await enrol(connection, buyers, now)
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
      {
        group: GROUP,
        name: `${label} 99th percentile`,
        unit: 'ms',
        values: of('p99Ms'),
        ...(name === 'PostgreSQL' ? { target: { atMost: 1_000 } } : {}),
      },
      { group: GROUP, name: `${label} slowest`, unit: 'ms', values: of('maxMs') },
    )
  }
  return figures
}

async function rushAt(server: Server, slot: { start: string; end: string }, buyers: number): Promise<Rush> {
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
  const odd = [...done.statuses].filter(([status]) => status !== 200 && status !== 409)
  if (odd.length > 0) throw new Error(`Buyers were answered ${JSON.stringify(odd)}`)
  return {
    winners: done.statuses.get(200) ?? 0,
    medianMs: percentile(done.milliseconds, 0.5),
    p99Ms: percentile(done.milliseconds, 0.99),
    maxMs: percentile(done.milliseconds, 1),
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
