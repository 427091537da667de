import { createHmac, randomInt, randomUUID } from 'node:crypto'
import { addressOf, cookieOf, enrol, hire, openDayAndNight, quarter } from '../cast.ts'
import { prepareEmbedded } from '../embedded.ts'
import { type Figure, interleave, percentile } from '../figures.ts'
import { ask, type Shot, shot, volley } from '../load.ts'
import { type Server, type Stage, WEBHOOK_SECRET, withClient } from '../stage.ts'

const GROUP = 'Webhooks: a signed notification of Mercado Pago'
const CONNECTIONS = 32
const LATENCIES_MS = [0, 200] as const
const SCHEDULED_LIMIT_MS = 30_000
const LOOK_MS = 20
const DAYS = 60
/** Each class asks Google six times, which may be asked four times a second: people do not pay one right after the other. */
const REST_MS = 2_500
const FAULTS_MAX = 10_000

/** How fast notifications are acknowledged, and how long after one its class is there with its link. */
export async function webhooks(stage: Stage): Promise<Figure[]> {
  return [...(await acknowledgements(stage)), ...(await untilScheduled(stage))]
}

async function acknowledgements(stage: Stage): Promise<Figure[]> {
  const { rounds, seconds } = stage.options
  const now = new Date()
  const { url } = await stage.database('bells')
  const dataDir = await stage.folder()
  await withClient(url, (client) => hire(client, now))
  await prepareEmbedded(dataDir, (connection) => hire(connection, now))
  const subjects = [
    { name: 'PostgreSQL' as const, run: bellsAt(await stage.product({ DATABASE_URL: url, PROCESS_ROLE: 'web' }), seconds) },
    { name: 'embedded' as const, run: bellsAt(await stage.product({ DATA_DIR: dataDir }), seconds) },
  ]
  for (const { run } of subjects) await run()
  const values = await interleave(rounds, subjects, stage.tell)
  return [
    { group: GROUP, name: 'acknowledged, PostgreSQL', unit: '/s', values: values.PostgreSQL },
    {
      group: GROUP,
      name: 'acknowledged, embedded database',
      unit: '/s',
      values: values.embedded,
      note: 'while the same process asks a provider that is away',
    },
  ]
}

function bellsAt(server: Server, seconds: number): () => Promise<number> {
  return async () => {
    const done = await volley(server.port, { connections: CONNECTIONS, seconds, next: () => bell(server.port, WEBHOOK_SECRET) })
    const bad = [...done.statuses].filter(([status]) => status !== 200)
    if (bad.length > 0) throw new Error(`Notifications were answered ${JSON.stringify(bad)}`)
    return done.perSecond
  }
}

/** One about a payment that nobody knows. */
export function bell(port: number, secret: string): Shot {
  const id = String(randomInt(1e12))
  const requestId = randomUUID()
  const ts = String(Math.floor(Date.now() / 1_000))
  const v1 = createHmac('sha256', secret).update(`id:${id};request-id:${requestId};ts:${ts};`).digest('hex')
  return shot(port, `/api/mercado-pago/webhook?source_news=webhooks&data.id=${id}&type=payment`, {
    method: 'POST',
    json: { action: 'payment.updated', type: 'payment', data: { id } },
    headers: { 'x-request-id': requestId, 'x-signature': `ts=${ts},v1=${v1}` },
  })
}

/** From the row of the notification until the class has its event and link, by the application's own clock. */
async function untilScheduled(stage: Stage): Promise<Figure[]> {
  const { payments } = stage.options
  const now = new Date()
  const { url } = await stage.database('doorbell')
  await withClient(url, async (client) => {
    await hire(client, now)
    // A whole year would be read in seven questions to Google before each checkout, which would wait for their turns.
    await openDayAndNight(client, DAYS)
    await enrol(client, payments * LATENCIES_MS.length, now)
  })
  const sandbox = await stage.sandbox()
  await sandbox.control('/mercado-pago/settings', { notificationDelayMs: 0 }, 'PATCH')
  const server = await stage.product({ DATABASE_URL: url }, sandbox)
  const figures: Figure[] = []
  let person = 0
  for (const latencyMs of LATENCIES_MS) {
    if (latencyMs > 0)
      for (const [part, route] of [
        ['mercado-pago', '/v1/**'],
        ['google', '/calendar/v3/**'],
      ] as const)
        await sandbox.control(`/${part}/faults`, { route, kind: 'slow', delayMs: latencyMs, count: FAULTS_MAX })
    const took: number[] = []
    for (let payment = 0; payment < payments; payment++) {
      stage.tell(`payment ${payment + 1} of ${payments}, providers answer after ${latencyMs} ms`)
      person += 1
      const json = quarter(person * 2, now)
      const held = await ask(
        server.port,
        shot(server.port, '/api/checkout', { method: 'POST', cookie: cookieOf(person), json, headers: addressOf(person) }),
      )
      const { classId, preferenceId } = JSON.parse(held.body.toString()) as { classId?: string; preferenceId?: string }
      if (!classId) throw new Error(`The checkout was answered ${held.status} ${held.body.toString().slice(0, 200)}`)
      await sandbox.control('/mercado-pago/pay', { preferenceId })
      took.push(await scheduledAfter(url, classId))
      await new Promise((resolve) => setTimeout(resolve, REST_MS))
    }
    took.sort((a, b) => a - b)
    const name = `to scheduled, providers answer after ${latencyMs} ms:`
    figures.push(
      { group: GROUP, name: `${name} median`, unit: 'ms', values: [percentile(took, 0.5)] },
      {
        group: GROUP,
        name: `${name} 95th percentile`,
        unit: 'ms',
        values: [percentile(took, 0.95)],
        ...(latencyMs === 0 ? { target: { atMost: 300 } } : {}),
        note: `of ${took.length}, one at a time, ${REST_MS / 1_000} s apart`,
      },
    )
  }
  return figures
}

function scheduledAfter(url: string, classId: string): Promise<number> {
  return withClient(url, async (client) => {
    for (let waited = 0; waited < SCHEDULED_LIMIT_MS; waited += LOOK_MS) {
      const { rows } = await client.query<{ took: number | null }>(
        `SELECT extract(epoch FROM c.link_ready_at - min(w.received_at))::float * 1000 AS took
         FROM virtual_class c JOIN payment_order o ON o.class_id = c.id JOIN provider_payment p ON p.order_id = o.id
         JOIN webhook_inbox w ON w.external_id = p.id OR w.external_id = o.merchant_order_id
         WHERE c.id = $1 AND c.status = 'scheduled' GROUP BY c.id`,
        [classId],
      )
      const took = rows[0]?.took
      if (took !== undefined && took !== null) return took
      await new Promise((resolve) => setTimeout(resolve, LOOK_MS))
    }
    throw new Error(`Class ${classId} was not scheduled`)
  })
}
