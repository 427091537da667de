import { type Context, Hono } from 'hono'
import { PAYMENT_METHODS } from '../catalog.ts'
import { chargebackOf, presentChargeback } from '../chargeback.ts'
import { coded } from '../errors.ts'
import type { Json } from '../wire.ts'
import type { World } from '../world.ts'
import { pageOf, refuse } from './request.ts'

export function chargebackRoutes(world: World): Hono {
  const routes = new Hono({ strict: false })

  routes.get('/search', (c) => {
    const paymentId = c.req.query('payment_id')
    const payment = paymentId ? world.state.payments.get(Number(paymentId)) : undefined
    const only = payment ? chargebackOf(world, payment) : undefined
    const found = paymentId ? (only ? [only] : []) : [...world.state.chargebacks.values()].reverse()
    const { rows, total, limit, offset } = pageOf(c, found)
    return c.json({ paging: { total, limit, offset }, results: rows.map(presentChargeback) })
  })

  routes.get('/:id', (c) => {
    const chargeback = world.state.chargebacks.get(c.req.param('id'))
    return chargeback ? c.json(presentChargeback(chargeback)) : refuse(c, coded(404, 2000, 'Chargeback not found', c.req.param('id')))
  })
  return routes
}

export const listPaymentMethods = (c: Context): Response =>
  c.json(
    PAYMENT_METHODS.map((method) => ({
      id: method.id,
      name: method.name,
      payment_type_id: method.typeId,
      status: 'active',
      secure_thumbnail: null,
      thumbnail: null,
      deferred_capture: method.typeId === 'credit_card' ? 'supported' : 'does_not_apply',
      settings: [],
      additional_info_needed: method.typeId.endsWith('_card') ? ['cardholder_name', 'cardholder_identification_number'] : [],
      min_allowed_amount: method.minimum,
      max_allowed_amount: method.maximum,
      accreditation_time: method.accreditationMinutes,
      financial_institutions: [],
      processing_modes: ['aggregator'],
    })),
  )

/** The seller behind the token: a test user of Argentina. */
export function presentUser(world: World): Json {
  return {
    id: world.account.collectorId,
    nickname: 'TESTVENDEDOR',
    registration_date: '2024-03-27T07:56:26.000-04:00',
    first_name: 'Test',
    last_name: 'Vendedor',
    gender: '',
    country_id: 'AR',
    email: `test_user_${world.account.collectorId}@testuser.com`,
    identification: { number: '1111111', type: 'DNI' },
    address: { address: null, city: null, state: null, zip_code: null },
    phone: { area_code: '', extension: '', number: '', verified: false },
    user_type: 'normal',
    tags: ['normal', 'test_user', 'user_info_verified'],
    logo: null,
    points: 0,
    site_id: 'MLA',
    permalink: 'http://perfil.mercadolibre.com.ar/TESTVENDEDOR',
    status: { site_status: 'active', confirmed_email: true },
  }
}
