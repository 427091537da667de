import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import { HTTPException } from 'hono/http-exception'
import type { PartContext, SandboxPart } from '../kernel/parts.ts'
import { createProviderFaults } from './api/faults.ts'
import { apiRoutes } from './api/routes.ts'
import { createStalls } from './api/stall.ts'
import { checkoutRoutes } from './checkout/routes.ts'
import { controlRoutes } from './control/routes.ts'
import { NOT_FOUND } from './errors.ts'
import { createNotifier } from './notifier/notifier.ts'
import type { Deliver } from './notifier/post.ts'
import { expireUnpaid } from './payment/transitions.ts'
import { createWorld, emptyState, fromSnapshot, toSnapshot } from './world.ts'

export interface MercadoPagoSandboxOptions {
  accessToken: string
  /** Signs the Webhook format. */
  webhookSecret: string
  collectorId: number
  /** Replaces the network for notifications. */
  deliver?: Deliver
}

export interface MercadoPagoSandbox extends SandboxPart {
  /** When the next notification is to be sent; null when none waits, or all are held back. */
  nextDueMs(): number | null
}

const PART = 'mercado-pago'
const REQUEST_BYTES_MAX = 1_000_000

/** Mercado Pago Checkout Pro for Argentina: API and checkout pages on one origin, notifications, and a control API. */
export function createMercadoPagoSandbox(context: PartContext, options: MercadoPagoSandboxOptions): MercadoPagoSandbox {
  const { accessToken, webhookSecret, collectorId, deliver } = options
  const world = createWorld(context, { accessToken, webhookSecret, collectorId })
  const faults = createProviderFaults()
  const stalls = createStalls()
  const notifier = createNotifier(world, deliver)

  function reset(): void {
    world.state = emptyState(world.now())
    faults.clear()
    stalls.clear()
    context.changed()
  }

  const app = new Hono({ strict: false })
  app.use(bodyLimit({ maxSize: REQUEST_BYTES_MAX }), context.log.record(PART), faults.middleware(PART), stalls.middleware)
  app.route('/checkout/v1', checkoutRoutes(world))
  app.route('/', apiRoutes(world))
  app.notFound((c) => c.json(NOT_FOUND.body, NOT_FOUND.status))
  app.onError((error) => {
    if (error instanceof HTTPException) return error.getResponse()
    process.emitWarning(error)
    return Response.json({ message: 'internal_error', error: 'internal_error', status: 500, cause: [] }, { status: 500 })
  })

  return {
    app,
    control: controlRoutes(world, { notifier, faults, stalls, reset }),
    snapshot: () => toSnapshot(world.state),
    restore(saved) {
      world.state = fromSnapshot(saved)
    },
    reset,
    async tick() {
      expireUnpaid(world)
      await notifier.deliverDue()
    },
    nextDueMs: () => notifier.nextDueMs(),
    close: () => notifier.close(),
  }
}
