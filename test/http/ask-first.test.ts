import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../src/kernel/clock.ts'
import { json } from '../support/booking.ts'
import { expectCleanLog, newcomer } from '../support/scene.ts'
import { type Client, openWorld, type World } from '../support/world.ts'
import {
  askedOfProvider,
  clearFaults,
  comingSlots,
  emptyLog,
  expectNoSilentMoney,
  heldClass,
  leavesNothing,
  mercadoPagoSettings,
  orderOf,
  paidClass,
  pass,
  payOnce,
  refundsAtProvider,
  setFault,
  stateOf,
} from './payment-scene.ts'

/** "GET search" and "PUT preference", in the order in which the provider was asked about this order. */
async function askedAbout(world: World, orderId: string, preferenceId: string): Promise<string[]> {
  const about = (await askedOfProvider(world)).filter(({ path }) => path.includes(orderId) || path.includes(preferenceId))
  return about.map(({ method, path }) => `${method} ${path.includes('search') ? 'search' : 'preference'}`)
}

describe('no hold ends before Mercado Pago was asked, then the preference is closed (D7a)', () => {
  let world: World
  let admin: Client
  const nextSlot = comingSlots(() => world)

  beforeAll(async () => {
    world = await openWorld()
    admin = await world.admin()
  })
  leavesNothing(() => world)
  afterAll(() => world.close())

  async function payUnheard(preferenceId: string) {
    await mercadoPagoSettings(world, { notificationsToDrop: 20 })
    const paid = await payOnce(world, preferenceId)
    await mercadoPagoSettings(world, { notificationsToDrop: 0 })
    return paid
  }
  const isPayable = async (preferenceId: string) => {
    world.clock.advance(1_000)
    return world.control('/mercado-pago/pay', { preferenceId }).then(
      () => true,
      () => false,
    )
  }

  describe.each([
    ['its host', (held: { host: Client }) => held.host, 'host_cancelled'],
    ['the teacher', () => admin, 'admin_cancelled'],
  ])('given up by %s', (_, who, reason) => {
    it('unpaid: asked, released, closed', async () => {
      const held = await heldClass(world, nextSlot())
      await emptyLog(world)
      expect(await json(who(held).post(`/api/classes/${held.classId}/cancel`))).toMatchObject({ refund: 'none' })
      await world.settle()
      expect(await stateOf(world, held.classId)).toBe(`cancelled: ${reason}`)
      expect(await askedAbout(world, held.orderId, held.preferenceId)).toEqual(['GET search', 'PUT preference'])
      expect(await isPayable(held.preferenceId)).toBe(false)
    })

    it('paid a moment ago without our knowing: the answer says that the money goes back, and it does', async () => {
      const held = await heldClass(world, nextSlot())
      const { id } = await payUnheard(held.preferenceId)
      expect(await json(who(held).post(`/api/classes/${held.classId}/cancel`))).toMatchObject({ refund: 'full' })
      await world.settle()
      expect(await stateOf(world, held.classId)).toBe(`cancelled: ${reason}`)
      expect(await refundsAtProvider(world, id)).toHaveLength(1)
      expect(await orderOf(world, held.preferenceId)).toMatchObject({ status: 'refunded' })
      expect(await isPayable(held.preferenceId)).toBe(false)
    })

    it('while the provider is silent: released as wished, watched, and money that turns up goes back', async () => {
      const held = await heldClass(world, nextSlot())
      const { id } = await payUnheard(held.preferenceId)
      await setFault(world, 'payment.search', { kind: 'error', status: 503, count: 5_000 })
      expect(await json(who(held).post(`/api/classes/${held.classId}/cancel`))).toMatchObject({ refund: 'none' })
      await world.settle()
      expect(await orderOf(world, held.preferenceId)).toMatchObject({ status: 'pending', last_error: 'unavailable' })
      expect((await orderOf(world, held.preferenceId)).next_check_at).not.toBeNull()
      await clearFaults(world)
      await pass(world, 10 * MINUTE_MS)
      expect(await refundsAtProvider(world, id)).toHaveLength(1)
      expect(await stateOf(world, held.classId)).toBe(`cancelled: ${reason}`)
    })
  })

  it('a checkout that fails asks before it frees the slot, and closes the preference whose answer was lost', async () => {
    const host = await newcomer(world)
    const when = nextSlot()
    await setFault(world, 'preference.create', { kind: 'commit-then-drop' })
    expect((await host.post('/api/checkout', { ...when, isGroupClass: false, studentsCount: 1 })).status).toBe(500)
    const [order] = await world.rows<{ id: string; class_id: string; preference_id: string | null }>(
      'SELECT id, class_id, preference_id FROM payment_order ORDER BY created_at DESC, id LIMIT 1',
    )
    expect(order?.preference_id).toBeNull()
    expect(await stateOf(world, order?.class_id ?? '')).toBe('cancelled: booking_failed')
    const asked = (await askedOfProvider(world, 'GET', '/v1/payments/search')).filter(({ path }) => path.includes(order?.id ?? ''))
    expect(asked).toHaveLength(1)
    await world.settle()
    const { preferences } = (await world.control('/mercado-pago/preferences')) as {
      preferences: { id: string; external_reference: string }[]
    }
    const lost = preferences.find(({ external_reference }) => external_reference === order?.id)
    expect(lost).toBeDefined()
    expect(await isPayable(lost?.id ?? '')).toBe(false)
  })

  it('a class that is cancelled while its preference could still be paid closes it, too', async () => {
    const paid = await paidClass(world, nextSlot())
    expect((await paid.host.post(`/api/classes/${paid.classId}/cancel`)).status).toBe(200)
    await world.settle()
    expect(await isPayable(paid.preferenceId)).toBe(false)
  })

  it('a preference that cannot be closed is tried again as long as it could be paid, waiting as long as the provider asks', async () => {
    const held = await heldClass(world, nextSlot())
    await setFault(world, 'preference.update', { kind: 'error', status: 429, retryAfterSeconds: 600, count: 1 })
    await held.host.post(`/api/classes/${held.classId}/cancel`)
    await world.settle()
    await pass(world, 9 * MINUTE_MS)
    expect(await askedOfProvider(world, 'PUT', held.preferenceId)).toHaveLength(1)
    await pass(world, 4 * MINUTE_MS)
    expect(await askedOfProvider(world, 'PUT', held.preferenceId)).toHaveLength(2)
    expect(await isPayable(held.preferenceId)).toBe(false)
  })

  it('a preference that can never be closed is left to its own end', async () => {
    const held = await heldClass(world, nextSlot())
    await setFault(world, 'preference.update', { kind: 'error', status: 503, count: 5_000 })
    await held.host.post(`/api/classes/${held.classId}/cancel`)
    for (let round = 0; round < 12; round++) await pass(world, 5 * MINUTE_MS)
    const tried = (await askedOfProvider(world, 'PUT', held.preferenceId)).length
    expect(tried).toBeGreaterThanOrEqual(5)
    await pass(world, 3 * HOUR_MS)
    expect(await askedOfProvider(world, 'PUT', held.preferenceId)).toHaveLength(tried)
    expect(await isPayable(held.preferenceId)).toBe(false)
  })

  it('every class that ended unpaid was asked about before', async () => {
    const unasked = await world.rows(`
      SELECT c.id, c.cancel_reason, o.last_asked_at FROM virtual_class c JOIN payment_order o ON o.class_id = c.id
      WHERE c.status = 'cancelled' AND c.paid_at IS NULL AND (o.last_asked_at IS NULL OR o.last_asked_at < o.created_at)`)
    expect(unasked).toEqual([])
    const [ended] = await world.rows(`SELECT count(*)::int AS n FROM virtual_class WHERE status = 'cancelled' AND paid_at IS NULL`)
    expect(ended?.n).toBeGreaterThan(4)
  })

  it('no approved peso is silent (invariant 5)', async () => {
    await paidClass(world, nextSlot())
    await expectNoSilentMoney(world)
  })

  it('the log names no person, code, link, token or secret', () => expectCleanLog(world, ['local-sandbox-secret']))
})
