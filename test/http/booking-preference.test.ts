import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../src/kernel/clock.ts'
import { classStatus, orderStatus, payAndConfirm } from '../support/booking.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'
import { createPreference, send, slotDispenser, unchanged } from './booking-bench.ts'

const PATH = '/api/booking'

describe('the preference of POST /api/booking (4.2)', () => {
  let world: World
  let ana: Client
  let bruno: Client
  const freshSlot = slotDispenser('2026-12-14', 20)
  beforeAll(async () => {
    world = await openWorld({ env: { MAX_UNPAID_HOLDS: '100' } })
    ana = await world.signIn('ana@example.com', 'Ana')
    bruno = await world.signIn('bruno@example.com', 'Bruno')
  })
  afterEach(() => world.clock.set(MONDAY_9H))
  afterAll(() => world.close())

  const book = (client: Client, body: unknown, headers?: Record<string, string>) => send(client, PATH, body, headers)

  describe('rows 19 to 22: the preference', () => {
    const unknown = { status: 404, body: { error: 'No se encontró la preferencia de pago' } }

    it('row 19: unknown, hostile, or of another user', async () => {
      const foreign = await createPreference(bruno)
      await unchanged(world, async () => {
        for (const preferenceId of [
          'nobody-knows',
          'x'.repeat(60_000),
          "' OR 1=1 --",
          '\ud800',
          '../../x',
          `${foreign.toUpperCase()}x`,
          ` ${foreign}`,
          foreign,
        ]) {
          expect(await book(ana, { ...freshSlot(), preferenceId })).toEqual(unknown)
        }
      })
    })

    it('row 20: already used for another slot or with other data', async () => {
      const when = freshSlot()
      const preferenceId = await createPreference(ana)
      expect((await book(ana, { ...when, preferenceId })).status).toBe(200)
      const used = { status: 409, body: { error: 'La preferencia de pago ya fue usada en otra reserva' } }
      await unchanged(world, async () => {
        expect(await book(ana, { ...freshSlot(), preferenceId })).toEqual(used)
        expect(await book(ana, { ...when, isGroupClass: true, studentsCount: 2, preferenceId })).toEqual(used)
      })
    })

    it('row 20: one preference for two slots at the same moment makes one class', async () => {
      const preferenceId = await createPreference(ana)
      const answers = await Promise.all([freshSlot(), freshSlot(), freshSlot()].map((when) => book(ana, { ...when, preferenceId })))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409])
      const [order] = await world.rows('SELECT class_id FROM payment_order WHERE preference_id = $1', [preferenceId])
      expect(order?.class_id).toBe(answers.find(({ status }) => status === 200)?.body.classId)
    })

    it('row 21: type, head-count or price disagree with the order', async () => {
      const text = { status: 400, body: { error: 'Los datos de la reserva no coinciden con el pago' } }
      const individual = await createPreference(ana)
      const grupal = await createPreference(ana, { type: 'grupal', studentsCount: 3 })
      await unchanged(world, async () => {
        expect(await book(ana, { ...freshSlot(), isGroupClass: true, studentsCount: 5, preferenceId: individual })).toEqual(text)
        expect(await book(ana, { ...freshSlot(), preferenceId: grupal })).toEqual(text)
        for (const studentsCount of [2, 4, 5]) {
          expect(await book(ana, { ...freshSlot(), isGroupClass: true, studentsCount, preferenceId: grupal })).toEqual(text)
        }
        for (const price of [1, 14999, 15000.5, '15000.0', 'gratis', -15000, true, {}]) {
          expect(await book(ana, { ...freshSlot(), price, preferenceId: individual })).toEqual(text)
        }
      })
    })

    it('row 22: expired at exactly 20 minutes', async () => {
      const preferenceId = await createPreference(ana)
      const when = freshSlot()
      world.clock.advance(20 * MINUTE_MS)
      const expired = { status: 409, body: { error: 'La preferencia de pago venció' } }
      await unchanged(world, async () => expect(await book(ana, { ...when, preferenceId })).toEqual(expired))
      world.clock.set(MONDAY_9H)
      world.clock.advance(20 * MINUTE_MS - 1)
      const late = await book(ana, { ...when, preferenceId })
      // The hold ends when the preference ends, not 20 minutes later.
      expect(late).toMatchObject({ status: 200, body: { holdExpiresAt: '2026-11-23T12:20:00.000Z' } })
    })

    it('row 22: refunded', async () => {
      const preferenceId = await createPreference(ana)
      const { payment } = (await world.control('/mercado-pago/pay', { preferenceId })) as { payment: { id: number } }
      await world.settle()
      await world.control(`/mercado-pago/payments/${payment.id}/refund`, {})
      await world.settle()
      expect(await orderStatus(world, preferenceId)).toBe('refunded')
      await unchanged(world, async () => {
        expect(await book(ana, { ...freshSlot(), preferenceId })).toEqual({ status: 409, body: { error: 'La preferencia de pago venció' } })
      })
    })

    it('row 22: on its way back to the buyer, before the provider has said that it is there', async () => {
      const preferenceId = await createPreference(ana)
      await world.control('/mercado-pago/pay', { preferenceId })
      await world.settle()
      const [order] = await world.rows<{ id: string }>('SELECT id FROM payment_order WHERE preference_id = $1', [preferenceId])
      await world.control('/mercado-pago/faults', { route: 'refund.create', kind: 'error', status: 500, count: 100 })
      const admin = await world.admin()
      expect((await admin.post(`/api/admin/payments/${order?.id}/refund`)).status).toBe(503)
      expect(await orderStatus(world, preferenceId)).toBe('approved')
      expect(await book(ana, { ...freshSlot(), preferenceId })).toEqual({ status: 409, body: { error: 'La preferencia de pago venció' } })
      await world.control('/mercado-pago/faults', undefined, 'DELETE')
    })

    it('paid before it is booked, inside its 20 minutes: accepted and confirmed directly (D17a)', async () => {
      const preferenceId = await createPreference(ana)
      await world.control('/mercado-pago/pay', { preferenceId })
      await world.settle()
      expect(await orderStatus(world, preferenceId)).toBe('approved')
      world.clock.advance(19 * MINUTE_MS)
      const { status, body } = await book(ana, { ...freshSlot(), preferenceId })
      expect({ status, body }).toMatchObject({ status: 200, body: { success: true, holdExpiresAt: null } })
      await world.settle()
      expect(await classStatus(world, String(body.classId))).toBe('scheduled')
      const [host] = await world.rows('SELECT rol FROM participation WHERE class_id = $1', [body.classId])
      expect(host?.rol).toBe('anfitrion')
    })

    it('a rejected attempt does not spoil the preference', async () => {
      const preferenceId = await createPreference(ana)
      await world.control('/mercado-pago/pay', { preferenceId, holder: 'OTHE' })
      await world.settle()
      expect(await orderStatus(world, preferenceId)).toBe('rejected')
      const { body } = await book(ana, { ...freshSlot(), preferenceId })
      expect(body.success).toBe(true)
      await payAndConfirm(world, preferenceId)
      expect(await classStatus(world, String(body.classId))).toBe('scheduled')
    })
  })
})
