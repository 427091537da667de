import { type SSEStreamingApi, streamSSE } from 'hono/streaming'
import { z } from 'zod'
import type { Deps } from '../../deps.ts'
import { sessionHashOf } from '../../features/identity/commands.ts'
import type { Subscription } from '../../features/live/hub.ts'
import { classFacts } from '../../features/live/queries.ts'
import { describeFailure } from '../../kernel/failure.ts'
import { type Endpoint, fail } from '../endpoint.ts'
import { API_TEXT } from '../text.es.ts'

/** Proxies close a connection on which nothing is said for a minute. */
const HEARTBEAT_MS = 20_000
/** Then the browser connects anew: a login that ended meanwhile is noticed, and processes that were added get their share. */
const LIFE_MS = 15 * 60_000
const RECONNECT_MS = 2_000
const RECONNECT_JITTER_MS = 3_000

const Facts = z.object({
  id: z.string(),
  status: z.enum(['pending', 'scheduled', 'completed', 'cancelled', 'gone']).meta({ description: '`gone`: ya no pertenece a la clase' }),
  link: z.enum(['none', 'preparing', 'ready']),
  people: z.number(),
  peopleMax: z.number(),
  startTime: z.iso.datetime(),
  holdEnded: z.boolean(),
})

export const liveEndpoint: Endpoint = {
  method: 'GET',
  path: '/api/live',
  noHead: true,
  summary: 'Avisa en el momento cuando algo propio cambia (text/event-stream)',
  auth: 'login',
  responses: {
    200: {
      description:
        'Eventos: `hello` al empezar, `class` con los datos de una clase que cambió, `payment` cuando cambió un pago, `missed` cuando conviene mirar todo de nuevo, `signed-out` cuando terminó la sesión',
      schema: Facts,
    },
    429: { description: 'Demasiadas conexiones abiertas' },
  },
  handle(c, viewer) {
    const deps = c.get('deps')
    const token = c.get('sessionToken')
    if (!token) return fail(c, 401, API_TEXT.unauthorized)
    const subscribed = deps.live.subscribe({ userId: viewer.id, sessionHash: sessionHashOf(deps, token) })
    if (!subscribed.ok) {
      c.header('Retry-After', '60')
      return fail(c, 429, API_TEXT.tooMany)
    }
    const subscription = subscribed.value
    const expiresAt = c.get('sessionExpiresAt')
    const response = streamSSE(c, async (stream) => {
      stream.onAbort(() => subscription.end())
      try {
        await tell(deps, stream, subscription, viewer.id, expiresAt)
      } catch (error) {
        deps.log.error(describeFailure(error), 'telling changes failed')
      } finally {
        subscription.end()
      }
    })
    // A proxy that collects or packs what it passes on would keep it until the end.
    response.headers.set('Cache-Control', 'no-store, no-transform')
    response.headers.set('X-Accel-Buffering', 'no')
    return response
  },
}

async function tell(
  deps: Deps,
  stream: SSEStreamingApi,
  subscription: Subscription,
  userId: string,
  expiresAt: Date | null,
): Promise<void> {
  const until = performance.now() + LIFE_MS
  await stream.writeSSE({ event: 'hello', data: '{}', retry: RECONNECT_MS + deps.ids.number(RECONNECT_JITTER_MS) })
  while (!stream.aborted && performance.now() < until && !(expiresAt && deps.clock.now() >= expiresAt)) {
    const news = await subscription.next(Math.min(HEARTBEAT_MS, until - performance.now()))
    if (stream.aborted) return
    if (news === null) {
      await stream.write(': \n\n')
      continue
    }
    for (const classId of news.classes) {
      const facts = await classFacts(deps.db.handle, userId, classId)
      if (facts) await stream.writeSSE({ event: 'class', data: JSON.stringify(facts) })
    }
    if (news.payments) await stream.writeSSE({ event: 'payment', data: '{}' })
    if (news.missed) await stream.writeSSE({ event: 'missed', data: '{}' })
    if (news.over === 'signed-out') await stream.writeSSE({ event: 'signed-out', data: '{}' })
    if (news.over) return
  }
}
