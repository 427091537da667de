import type { MiddlewareHandler } from 'hono'
import type { AppContext, AppEnv } from '../context.ts'
import type { Doors, Lane } from '../doors.ts'

const BOOKINGS = /^\/(api\/(checkout|booking|mercado-pago\/create-preference)|inicio\/pre-compra)$/
const NOTIFICATIONS = /^\/api\/(mercado-pago\/webhook|google-webhook)$/

/**
 * Lets in as many requests at once as this process can work on. A body arrives completely before its request takes a place, so that a slow
 * sender holds none; `busy` answers whoever finds it too full: nothing was begun for them.
 */
export function throughDoors(doors: Doors, busy: (c: AppContext) => Response | Promise<Response>): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const lane = laneOf(c)
    // Kept by the context for whoever reads it; one that is broken off fails there, once more.
    if (lane !== 'read') await bodyOf(c).catch(() => undefined)
    const leave = await doors.enter(lane)
    if (!leave) return busy(c)
    try {
      await next()
    } finally {
      leave()
    }
  }
}

function laneOf(c: AppContext): Lane {
  if (c.req.method === 'GET' || c.req.method === 'HEAD') return 'read'
  if (BOOKINGS.test(c.req.path)) return 'booking'
  return NOTIFICATIONS.test(c.req.path) ? 'notification' : 'write'
}

/** In the form in which it is asked for later. */
function bodyOf(c: AppContext): Promise<unknown> {
  return (c.req.header('content-type') ?? '').startsWith('application/json') ? c.req.text() : c.req.arrayBuffer()
}
