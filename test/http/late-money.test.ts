import { describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { checkout, classStatus, json, orderStatus } from '../support/booking.ts'
import { askedOfGoogle, later, newcomer } from '../support/scene.ts'
import { createPreference } from './booking-bench.ts'
import { expectTaken, FULL, HOLD_MS, itKeepsTheBooks, nextSlot, released, useHoldsBench, world } from './holds-bench.ts'
import {
  atProvider,
  auditOf,
  casesOf,
  expectAnswer,
  type Held,
  heldClass,
  orderOf,
  pass,
  payOnce,
  refundsOf,
  stateOf,
} from './payment-scene.ts'

describe('money that no hold waits for', () => {
  useHoldsBench()

  describe('money that comes after the release (D7b, D17a)', () => {
    async function expectReturned({ preferenceId, classId, orderId }: Held, paymentId: string, reason = 'hold_expired'): Promise<void> {
      expect(await stateOf(world, classId)).toBe(`cancelled: ${reason}`)
      expect(await orderOf(world, preferenceId)).toMatchObject({
        status: 'refunded',
        refunded_centavos: FULL,
        refund_reason: 'no_valid_hold',
      })
      expect(await refundsOf(world, paymentId)).toMatchObject([{ state: 'approved', amount_centavos: FULL, reason: 'no_valid_hold' }])
      expect(await atProvider(world, paymentId)).toMatchObject({ status: 'refunded', transaction_amount_refunded: 15000 })
      expect(await auditOf(world, paymentId)).toEqual(['refund.request no_valid_hold by itself', 'refund.made no_valid_hold by itself'])
      expect(await casesOf(world, paymentId, orderId)).toEqual([])
    }

    it("W24, scenario E: the slot is somebody else's by now", async () => {
      const late = await released()
      const rival = await newcomer(world)
      const theirs = await checkout(rival, { start: late.start, end: late.end })
      await payOnce(world, theirs.preferenceId)
      await world.settle()
      const { id } = await payOnce(world, late.preferenceId, { force: true })
      await world.settle()
      await expectReturned(late, id)
      expect(await classStatus(world, theirs.classId)).toBe('scheduled')
      expect(await orderStatus(world, theirs.preferenceId)).toBe('approved')
      const { response } = await json(late.host.get(`/api/payments/${late.preferenceId}`))
      expect(response).toMatchObject({ status: 'refunded', classStatus: 'cancelled' })
      const history = await json(late.host.get('/api/payments'))
      expect(history).toMatchObject({ response: [{ status: 'refunded', refundedAmount: 15000, refundedAt: expect.any(String) }] })
    })

    it('W24: the slot is only held by somebody else', async () => {
      const late = await released()
      const theirs = await heldClass(world, { start: late.start, end: late.end })
      const { id } = await payOnce(world, late.preferenceId, { force: true })
      await world.settle()
      await expectReturned(late, id)
      expect(await stateOf(world, theirs.classId)).toBe('pending: held')
    })

    it('W24: the host had given up the hold', async () => {
      const given = await heldClass(world, nextSlot())
      await expectAnswer(given.host.post(`/api/classes/${given.classId}/cancel`, {}), 200, {
        success: true,
        status: 'cancelled',
        refund: 'none',
      })
      const { id } = await payOnce(world, given.preferenceId, { force: true })
      await world.settle()
      await expectReturned(given, id, 'host_cancelled')
    })

    it('W24: the host ended their account', async () => {
      const late = await released()
      const { user } = (await json(late.host.get('/api/auth/session'))) as { user: { email: string } }
      expect((await late.host.submit('/inicio/configuracion/eliminar', { email: user.email })).status).toBe(303)
      const { id } = await payOnce(world, late.preferenceId, { force: true })
      await world.settle()
      await expectReturned(late, id)
    })

    it("W24: somebody put an event of their own into the teacher's calendar", async () => {
      const late = await released()
      await world.control('/google/events', {
        summary: 'Dentista',
        start: { dateTime: later(late.start, -30 * MINUTE_MS) },
        end: { dateTime: later(late.start, 30 * MINUTE_MS) },
      })
      await pass(world, 2 * MINUTE_MS)
      const { id } = await payOnce(world, late.preferenceId, { force: true })
      await world.settle()
      await expectReturned(late, id)
    })

    it('W24: the academy closed that hour meanwhile', async () => {
      const late = await released()
      const admin = await world.admin()
      expect((await admin.post('/api/admin/blackouts', { from: late.start, to: late.end, note: 'feriado' })).status).toBe(200)
      const { id } = await payOnce(world, late.preferenceId, { force: true })
      await world.settle()
      await expectReturned(late, id)
    })

    it.each<[string, number, string]>([
      ['W25: exactly 60 minutes before the start the slot is taken again', 60 * MINUTE_MS, 'scheduled'],
      ['W24: a second later the money goes back', 60 * MINUTE_MS - SECOND_MS, 'cancelled'],
    ])('%s', async (_, ahead, status) => {
      const late = await released()
      world.clock.set(new Date(Date.parse(late.start) - ahead))
      await world.settle()
      const { id } = await payOnce(world, late.preferenceId, { force: true })
      await world.settle()
      expect(await classStatus(world, late.classId)).toBe(status)
      if (status === 'cancelled') await expectReturned(late, id)
      else expect(await orderStatus(world, late.preferenceId)).toBe('approved')
    })

    it('W25: the slot is still free, also after a rejected attempt: the class takes it again, once', async () => {
      const late = await heldClass(world, nextSlot())
      await payOnce(world, late.preferenceId, { holder: 'FUND' })
      await pass(world, HOLD_MS)
      expect(await stateOf(world, late.classId)).toBe('cancelled: payment_rejected')
      await payOnce(world, late.preferenceId, { force: true })
      await world.settle()
      expect(await classStatus(world, late.classId)).toBe('scheduled')
      const [row] = await world.rows('SELECT cancelled_at, cancel_reason, hold_expires_at FROM virtual_class WHERE id = $1', [late.classId])
      expect(row).toEqual({ cancelled_at: null, cancel_reason: null, hold_expires_at: null })
      await expectTaken(await newcomer(world), late)
      const second = await payOnce(world, late.preferenceId, { force: true })
      await world.settle()
      expect(await refundsOf(world, second.id)).toMatchObject([{ reason: 'surplus_payment', state: 'approved' }])
      expect(await classStatus(world, late.classId)).toBe('scheduled')
    })

    it('W25: the last slot of two late payers goes to the first, the other one is paid back', async () => {
      const when = nextSlot()
      const first = await released(when)
      const second = await released(when)
      await payOnce(world, second.preferenceId, { force: true })
      await world.settle()
      const { id } = await payOnce(world, first.preferenceId, { force: true })
      await world.settle()
      expect(await classStatus(world, second.classId)).toBe('scheduled')
      await expectReturned(first, id)
    })

    it('the calendar is asked for money that came late, and for no order without', async () => {
      const late = await released()
      const questions = async () => (await askedOfGoogle(world, 'POST', '/freeBusy')).length
      const before = await questions()
      for (const _ of [1, 2, 3]) {
        expect((await late.host.get(`/api/payments/${late.preferenceId}`)).status).toBe(200)
        await pass(world, MINUTE_MS)
      }
      expect(await questions()).toBe(before)
      await payOnce(world, late.preferenceId, { force: true })
      await world.settle()
      expect(await questions()).toBeGreaterThan(before)
      expect(await classStatus(world, late.classId)).toBe('scheduled')
    })

    it('W24: with an unreadable calendar nobody is promised a slot', async () => {
      const late = await released()
      for (const route of ['freebusy.query', 'events.list'])
        await world.control('/google/faults', { route, kind: 'error', status: 503, count: 500 })
      await pass(world, 31 * MINUTE_MS)
      const { id } = await payOnce(world, late.preferenceId, { force: true })
      await world.settle()
      await world.control('/google/faults', undefined, 'DELETE')
      await expectReturned(late, id)
    })
  })

  describe('W26: money without a booking', () => {
    it('goes back when the preference ends', async () => {
      const host = await newcomer(world)
      const preferenceId = await createPreference(host)
      const { id } = await payOnce(world, preferenceId)
      await pass(world, HOLD_MS - SECOND_MS)
      expect(await orderStatus(world, preferenceId)).toBe('approved')
      expect(await refundsOf(world, id)).toEqual([])
      await pass(world, 10 * SECOND_MS)
      expect(await orderOf(world, preferenceId)).toMatchObject({ status: 'refunded', refund_reason: 'no_valid_hold', class_id: null })
      expect(await atProvider(world, id)).toMatchObject({ status: 'refunded' })
      const late = await host.post('/api/booking', { ...nextSlot(), preferenceId })
      expect(late.status).toBe(409)
      expect(await json(late)).toEqual({ error: 'La preferencia de pago venció' })
    })

    it('confirms a booking that is made in time', async () => {
      const host = await newcomer(world)
      const preferenceId = await createPreference(host)
      await payOnce(world, preferenceId)
      await pass(world, HOLD_MS - MINUTE_MS)
      const booked = (await json(host.post('/api/booking', { ...nextSlot(), preferenceId }))) as { classId: string }
      await world.settle()
      expect(await classStatus(world, booked.classId)).toBe('scheduled')
      await pass(world, HOUR_MS)
      expect(await classStatus(world, booked.classId)).toBe('scheduled')
      expect(await orderStatus(world, preferenceId)).toBe('approved')
    })
  })

  itKeepsTheBooks()
})
