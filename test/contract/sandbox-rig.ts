// temporary: mercado-pago part only
import { Hono } from 'hono'
import { createSandboxClock } from '../../sandbox/kernel/clock.ts'
import { createRequestLog } from '../../sandbox/kernel/request-log.ts'
import { openServer } from '../../sandbox/kernel/server.ts'
import { createMercadoPagoSandbox } from '../../sandbox/mercado-pago/index.ts'

export async function startRig() {
  const clock = createSandboxClock()
  const log = createRequestLog(() => clock.now())
  const mp = await openServer('mercado-pago', 0)
  const hub = await openServer('hub', 0)
  const part = createMercadoPagoSandbox(
    { clock, log, origin: mp.origin, changed: () => undefined },
    { accessToken: 'APP_USR-sandbox-token', webhookSecret: 's', collectorId: 424242, deliver: async () => new Response('') },
  )
  mp.answerWith((r, e) => part.app.fetch(r, e))
  const app = new Hono()
  app.route('/__control/mercado-pago', part.control)
  app.get('/__control/requests', (c) => c.json({ requests: log.entries() }))
  hub.answerWith((r, e) => app.fetch(r, e))
  const urls = { hub: hub.origin, mercadoPago: mp.origin, google: '', smtp: '' }
  const settings = { mercadoPago: { accessToken: 'APP_USR-sandbox-token', collectorId: '424242' } }
  return {
    clock,
    urls,
    settings,
    requests: (filter: { part: string; method?: string; path?: string }) => log.entries(filter),
    async control<T = unknown>(path: string, body?: unknown, method = 'POST'): Promise<T> {
      const response = await fetch(`${hub.origin}/__control/${path}`, {
        method,
        headers: { 'content-type': 'application/json' },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      })
      const text = await response.text()
      if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`)
      return (text === '' ? null : JSON.parse(text)) as T
    },
    async close() {
      await part.close()
      await mp.close()
      await hub.close()
    },
  }
}
export type Rig = Awaited<ReturnType<typeof startRig>>
