import { describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { checkout, classStatus, orderStatus, slot } from '../support/booking.ts'
import { newcomer } from '../support/scene.ts'
import { expectTaken, HOLD_MS, itKeepsTheBooks, nextSlot, payUnheard, released, useHoldsBench, world } from './holds-bench.ts'
import {
  askedOfProvider,
  auditOf,
  clearFaults,
  emptyLog,
  heldClass,
  pass,
  payOnce,
  replacePort,
  setFault,
  stateOf,
} from './payment-scene.ts'

/** A test that lets hours go by, round after round. */
const MANY_ROUNDS_MS = 60 * SECOND_MS

const searchesFor = async (orderId: string) =>
  (await askedOfProvider(world, 'GET', '/v1/payments/search')).filter(({ path }) => path.includes(orderId))

describe('holds', () => {
  useHoldsBench()

  describe('their end (D7a)', () => {
    it('comes after 20 minutes: the provider is asked, then the slot is free and the preference closed', async () => {
      const when = nextSlot()
      const { classId, preferenceId, orderId, holdExpiresAt } = await heldClass(world, when)
      expect(Date.parse(holdExpiresAt) - world.clock.now().getTime()).toBe(HOLD_MS)
      const rival = await newcomer(world)
      await pass(world, HOLD_MS - SECOND_MS)
      expect(await stateOf(world, classId)).toBe('pending: held')
      await expectTaken(rival, when)
      await emptyLog(world)

      await pass(world, 10 * SECOND_MS)
      expect(await stateOf(world, classId)).toBe('cancelled: hold_expired')
      const asked = (await askedOfProvider(world)).filter(({ path }) => path.includes(orderId) || path.includes(preferenceId))
      expect(asked.map(({ method, path }) => `${method} ${path.split('?')[0]}`)).toEqual([
        'GET /v1/payments/search',
        `PUT /checkout/preferences/${preferenceId}`,
      ])
      const { preference } = (await world.control(`/mercado-pago/preferences/${preferenceId}`)) as {
        preference: { expiration_date_to: string; expires: boolean }
      }
      expect(preference.expires).toBe(true)
      expect(Date.parse(preference.expiration_date_to)).toBeLessThanOrEqual(world.clock.now().getTime())
      expect(await auditOf(world, classId)).toEqual(['class.cancel hold_expired by itself'])
      expect(await orderStatus(world, preferenceId)).toBe('pending')
      expect((await checkout(rival, when)).classId).not.toBe(classId)
    })

    it('is seen within 30 seconds, wherever the timed jobs stand', async () => {
      for (const offset of [1, 9, 17] as const) {
        const { classId } = await heldClass(world, nextSlot())
        await pass(world, offset * SECOND_MS)
        await pass(world, HOLD_MS - offset * SECOND_MS - 1)
        expect(await stateOf(world, classId)).toBe('pending: held')
        for (let waited = 0; waited < 30 && (await classStatus(world, classId)) === 'pending'; waited += 5) await pass(world, 5 * SECOND_MS)
        expect(await stateOf(world, classId)).toBe('cancelled: hold_expired')
      }
    })

    it('D7c: after a rejected attempt the reason says so', async () => {
      const { classId, preferenceId } = await heldClass(world, nextSlot())
      await payOnce(world, preferenceId, { holder: 'FUND' })
      await pass(world, HOLD_MS)
      expect(await stateOf(world, classId)).toBe('cancelled: payment_rejected')
    })

    it('a rejection that nobody told of is known at the end', async () => {
      const { classId, preferenceId } = await heldClass(world, nextSlot())
      await payUnheard(preferenceId, { holder: 'FUND' })
      await pass(world, HOLD_MS)
      expect(await stateOf(world, classId)).toBe('cancelled: payment_rejected')
      expect(await orderStatus(world, preferenceId)).toBe('rejected')
    })

    it('W25b: money that came in time and was not heard of is found by the question before the release', async () => {
      const { classId, preferenceId } = await heldClass(world, nextSlot())
      await pass(world, 19 * MINUTE_MS)
      await payUnheard(preferenceId)
      await pass(world, MINUTE_MS)
      expect(await classStatus(world, classId)).toBe('scheduled')
    })

    it('whoever wants a slot that only an ended hold blocks makes the question come at once', async () => {
      const when = nextSlot()
      const { classId } = await heldClass(world, when)
      const paidWhen = nextSlot()
      const paid = await heldClass(world, paidWhen)
      await payUnheard(paid.preferenceId)
      world.clock.advance(HOLD_MS)
      // No job has run since.
      expect((await checkout(await newcomer(world), when)).classId).toBeTruthy()
      expect(await stateOf(world, classId)).toBe('cancelled: hold_expired')
      await expectTaken(await newcomer(world), paidWhen)
      expect(await stateOf(world, paid.classId)).toBe('pending: paid')
    })
  })

  describe('while the provider is silent (D7a)', () => {
    it(
      'the slot stays blocked and the question is repeated; after 30 minutes it is released all the same',
      async () => {
        const when = nextSlot()
        const { classId, orderId } = await heldClass(world, when)
        await pass(world, HOLD_MS - MINUTE_MS)
        await setFault(world, 'payment.search', { kind: 'error', status: 503, count: 5_000 })
        await emptyLog(world)
        for (let minute = 0; minute < 30; minute++) {
          await pass(world, MINUTE_MS)
          expect(await stateOf(world, classId), `minute ${minute}`).toBe('pending: held')
          if (minute % 10 === 0) await expectTaken(await newcomer(world), when)
        }
        expect((await searchesFor(orderId)).length).toBeGreaterThanOrEqual(30)
        await pass(world, MINUTE_MS)
        expect(await stateOf(world, classId)).toBe('cancelled: hold_expired')
        expect((await checkout(await newcomer(world), when)).classId).toBeTruthy()
      },
      MANY_ROUNDS_MS,
    )

    it('a rejection that is known already names the reason', async () => {
      const { classId, preferenceId } = await heldClass(world, nextSlot())
      await payOnce(world, preferenceId, { holder: 'FUND' })
      await pass(world, HOLD_MS - MINUTE_MS)
      await setFault(world, 'payment.search', { kind: 'drop', count: 5_000 })
      await pass(world, MINUTE_MS)
      await pass(world, 30 * MINUTE_MS)
      expect(await stateOf(world, classId)).toBe('cancelled: payment_rejected')
    })

    it('an answer within the 30 minutes decides: paid', async () => {
      const { classId, preferenceId } = await heldClass(world, nextSlot())
      await payUnheard(preferenceId)
      await setFault(world, 'payment.search', { kind: 'error', status: 503, count: 5_000 })
      await pass(world, HOLD_MS)
      await pass(world, 25 * MINUTE_MS)
      expect(await stateOf(world, classId)).toBe('pending: held')
      await clearFaults(world)
      await pass(world, 30 * SECOND_MS)
      expect(await classStatus(world, classId)).toBe('scheduled')
    })

    it('D7b: money that turns up after a release in silence finds its slot again', async () => {
      const { classId, preferenceId } = await heldClass(world, nextSlot())
      await payUnheard(preferenceId)
      await setFault(world, 'payment.search', { kind: 'error', status: 503, count: 5_000 })
      await pass(world, HOLD_MS)
      await pass(world, 30 * MINUTE_MS)
      expect(await stateOf(world, classId)).toBe('cancelled: hold_expired')
      await clearFaults(world)
      await pass(world, HOUR_MS)
      expect(await classStatus(world, classId)).toBe('scheduled')
    })

    it('a preference that cannot be closed is tried again, and does not keep the slot', async () => {
      const { classId, preferenceId } = await heldClass(world, nextSlot())
      await setFault(world, 'preference.update', { kind: 'error', status: 503, count: 2 })
      await pass(world, HOLD_MS)
      expect(await stateOf(world, classId)).toBe('cancelled: hold_expired')
      await pass(world, 10 * SECOND_MS)
      await pass(world, 20 * SECOND_MS)
      const closed = (await askedOfProvider(world, 'PUT', preferenceId)).map(({ status }) => status)
      expect(closed).toEqual([503, 503, 200])
    })

    it('a process that dies before it has closed the preference leaves that to the next one', async () => {
      const { classId, preferenceId } = await heldClass(world, nextSlot())
      let deaths = 0
      const real = world.deps.payments.closePreference
      const restore = replacePort(world, {
        closePreference: async (...given) => {
          if (deaths++ === 0) throw new Error('the process died')
          return real(...given)
        },
      })
      await pass(world, HOLD_MS)
      expect(await stateOf(world, classId)).toBe('cancelled: hold_expired')
      await pass(world, 20 * SECOND_MS)
      restore()
      expect((await askedOfProvider(world, 'PUT', preferenceId)).map(({ status }) => status)).toEqual([200])
    })
  })

  describe('lost notifications (section 7)', () => {
    it(
      'the question comes at +1, +3, +8, +15 minutes, at the end of the hold, then hourly for 48 hours',
      async () => {
        const { orderId } = await heldClass(world, nextSlot())
        const begun = world.clock.now().getTime()
        for (let minute = 1; minute <= 25; minute++) await pass(world, MINUTE_MS)
        const asked = async () => (await searchesFor(orderId)).map(({ at }) => (Date.parse(at) - begun) / MINUTE_MS)
        expect(await asked()).toEqual([1, 3, 8, 15, 20])
        await emptyLog(world)
        const hours = [1, 2, 3, 4, 24, 25, 47, 48, 49, 72]
        for (const hour of hours) {
          world.clock.set(new Date(begun + HOLD_MS + hour * HOUR_MS))
          await world.settle()
        }
        expect(await asked()).toEqual([1, 2, 3, 4, 24, 25, 47, 48].map((hour) => 20 + hour * 60))
      },
      MANY_ROUNDS_MS,
    )

    it.each([1, 3, 8, 15, 20])('money without a word is found at minute %i', async (minute) => {
      const { classId, preferenceId } = await heldClass(world, nextSlot())
      await pass(world, minute * MINUTE_MS - 30 * SECOND_MS)
      await payUnheard(preferenceId)
      await world.settle()
      expect(await stateOf(world, classId)).toBe('pending: held')
      await pass(world, 30 * SECOND_MS)
      expect(await classStatus(world, classId)).toBe('scheduled')
    })

    it('late money without a word is found within the hour, up to two days later', async () => {
      const [first, second] = [await released(), await released(slot('2026-12-22', '10:00'))]
      await payUnheard(first.preferenceId, { force: true })
      await pass(world, HOUR_MS)
      expect(await classStatus(world, first.classId)).toBe('scheduled')
      await pass(world, 44 * HOUR_MS)
      await payUnheard(second.preferenceId, { force: true })
      await pass(world, HOUR_MS)
      expect(await classStatus(world, second.classId)).toBe('scheduled')
    })
  })

  itKeepsTheBooks()
})
