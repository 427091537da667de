import type { HttpBindings } from '@hono/node-server'
import type { MiddlewareHandler } from 'hono'
import { patiently } from '../../kernel/patience.ts'
import type { AppContext, AppEnv } from '../context.ts'
import type { Doors, Lane } from '../doors.ts'

const LIVE = '/api/live'
const BOOKINGS = /^\/(api\/(checkout|booking|mercado-pago\/create-preference)|inicio\/pre-compra)$/
/** Pages and answers for which Mercado Pago or Google is asked first: while those hang, nobody who only looks waits behind them. */
const ASKING = /^\/(api\/(payments\/[^/]+|auth\/callback\/google|calendar|admin\/calendar-events)|checkout\/callback\/\w+|admin\/google)$/
const ENTERING = /^\/(api\/access-code|inicio\/mis-clases-virtuales\/unirme)$/
const NOTIFICATIONS = /^\/api\/(mercado-pago\/webhook|google-webhook)$/

/** Lets in as many requests at once as this process can work on. `busy` answers whoever finds it too full: nothing was begun for them. */
export function throughDoors(doors: Doors, busy: (c: AppContext) => Response | Promise<Response>): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const lane = laneOf(c)
    if (!lane) return next()
    const leave = await doors.enter(lane)
    if (!leave) return busy(c)
    try {
      // Whoever has gone while they waited is not worked for: others wait.
      if (hasGone(c)) return c.body(null, 400)
      // A crowd that wants one slot lets everybody else look at their pages and be heard.
      await (lane === 'booking' ? patiently(next) : next())
    } finally {
      leave()
    }
  }
}

/** Null: past the doors. Live updates ask one thing and are counted by their hub; a browser that was turned away would not come again. */
function laneOf(c: AppContext): Lane | null {
  if (isRead(c)) return c.req.path === LIVE ? null : ASKING.test(c.req.path) ? 'asking' : 'read'
  if (BOOKINGS.test(c.req.path)) return 'booking'
  if (ENTERING.test(c.req.path)) return 'entering'
  return NOTIFICATIONS.test(c.req.path) ? 'notification' : 'write'
}

/** Requests that change nothing, and that have no body. */
export function isRead(c: AppContext): boolean {
  return c.req.method === 'GET' || c.req.method === 'HEAD'
}

/** Requests of tests come over no connection. */
function hasGone(c: AppContext): boolean {
  const { outgoing } = (c.env ?? {}) as Partial<HttpBindings>
  return outgoing?.destroyed ?? false
}
