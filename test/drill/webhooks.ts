import { createHmac } from 'node:crypto'
import { Agent, request } from 'node:http'
import type { Town } from './town.ts'
import { pause } from './weather.ts'

/** As many in a row as fast as they are answered would measure the queue before the server, not the server. */
const EVERY_MS = 10
const ANSWER_LIMIT_MS = 22_000
/** There is a crowd: not begun, to be sent again. */
const TURNED_AWAY = 503

/**
 * Rings the bell: signed notifications about payments that exist, at a steady pace, each answered as Mercado Pago would want. To a slow machine they are
 * a crowd; what it turns away is sent again afterwards, one by one. Returns the milliseconds of each answer; throws when the product says anything
 * but 200 in the end.
 */
export async function measureWebhooks(town: Town, notifications: number): Promise<number[]> {
  const { payments } = (await town.sandbox.control('/mercado-pago/payments')) as { payments: { id: number }[] }
  const ids = payments.length > 0 ? payments.map(({ id }) => String(id)) : ['123456']
  const agent = new Agent({ keepAlive: true })
  const times: number[] = []
  const ringing: Promise<number>[] = []
  const idOf = (index: number) => ids[index % ids.length] ?? ''
  try {
    for (let i = 0; i < notifications; i++) {
      ringing.push(ring(town, idOf(i), agent, times))
      await pause(EVERY_MS)
    }
    const answers = await Promise.all(ringing)
    for (const [i, status] of answers.entries()) if (status === TURNED_AWAY) answers[i] = await ring(town, idOf(i), agent, times)
    // What the balancer says of a connection that broke is no answer of the product; it lacks in the count.
    const bad = answers.filter((status) => status !== 200 && status !== 502)
    if (bad.length > 0) throw new Error(`${bad.length} of ${notifications} notifications were answered ${[...new Set(bad)].join(', ')}`)
    return times
  } finally {
    agent.destroy()
  }
}

function ring(town: Town, id: string, agent: Agent, times: number[]): Promise<number> {
  const requestId = crypto.randomUUID()
  const ts = String(Math.floor(town.now() / 1_000))
  const [secret = ''] = (town.sandbox.settings.MERCADO_PAGO_WEBHOOK_SECRET ?? '').split(',')
  const v1 = createHmac('sha256', secret).update(`id:${id};request-id:${requestId};ts:${ts};`).digest('hex')
  const body = JSON.stringify({ action: 'payment.updated', type: 'payment', data: { id } })
  const url = `${town.url}/api/mercado-pago/webhook?source_news=webhooks&data.id=${id}&type=payment`
  const headers = { 'content-type': 'application/json', 'x-request-id': requestId, 'x-signature': `ts=${ts},v1=${v1}` }
  return new Promise((resolve, reject) => {
    const began = performance.now()
    const bell = request(url, { method: 'POST', agent, headers, timeout: ANSWER_LIMIT_MS }, (answer) => {
      if (answer.statusCode === 200) times.push(performance.now() - began)
      answer.resume().once('end', () => resolve(answer.statusCode ?? 0))
    })
    bell.once('timeout', () => bell.destroy(new Error('a notification was not answered')))
    bell.once('error', reject)
    bell.end(body)
  })
}
