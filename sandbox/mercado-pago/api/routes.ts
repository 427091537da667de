import { Hono } from 'hono'
import type { World } from '../world.ts'
import { chargebackRoutes, listPaymentMethods, presentUser } from './account.ts'
import { orderRoutes } from './orders.ts'
import { paymentRoutes } from './payments.ts'
import { preferenceRoutes } from './preferences.ts'
import { bearer } from './request.ts'

/** The provider's API. A trailing slash makes no difference anywhere. */
export function apiRoutes(world: World): Hono {
  const routes = new Hono({ strict: false })
  for (const path of ['/checkout/preferences', '/checkout/preferences/*', '/v1/*', '/merchant_orders/*', '/users/*']) {
    routes.use(path, bearer(world))
  }
  routes.route('/checkout/preferences', preferenceRoutes(world))
  routes.route('/v1/payments', paymentRoutes(world))
  routes.route('/v1/chargebacks', chargebackRoutes(world))
  routes.get('/v1/payment_methods', listPaymentMethods)
  routes.route('/merchant_orders', orderRoutes(world))
  routes.get('/users/me', (c) => c.json(presentUser(world)))
  return routes
}
