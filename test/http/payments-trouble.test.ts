import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reconcileOrder } from '../../src/features/payment/reconcile.ts'
import { MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { classStatus, json, orderStatus } from '../support/booking.ts'
import { askedOfGoogle, expectCleanLog } from '../support/scene.ts'
import { openWorld, type World } from '../support/world.ts'
import {
  askedOfProvider,
  classOf,
  codesOf,
  comingSlots,
  emptyLog,
  expectAnswer,
  expectNoSilentMoney,
  heldClass,
  leavesNothing,
  mercadoPagoSettings,
  notifyOrder,
  orderOf,
  pay,
  payOnce,
  replacePort,
  stateOf,
} from './payment-scene.ts'

describe('what money does in times of trouble', () => {
  let world: World
  const nextSlot = comingSlots(() => world)

  beforeAll(async () => {
    world = await openWorld()
  })
  leavesNothing(() => world)
  afterAll(() => world.close())

  it('money is written down although the decision fails, a person is told, and the next check mends it', async () => {
    const held = await heldClass(world, nextSlot())
    const { enqueue } = world.deps.jobs
    const open = () => world.rows('SELECT reason, detail FROM attention_case WHERE subject_id = $1 AND resolved_at IS NULL', [held.orderId])
    world.deps.jobs.enqueue = async (job, ...request) => {
      if (job.name === 'meeting.create') throw new Error('the queue refuses')
      return enqueue(job, ...request)
    }
    const { id } = await payOnce(world, held.preferenceId)
    await world.settle()
    world.deps.jobs.enqueue = enqueue
    expect(await stateOf(world, held.classId)).toBe('pending: held')
    expect(await world.rows('SELECT status FROM provider_payment WHERE id = $1', [id])).toEqual([{ status: 'approved' }])
    expect(await open()).toEqual([{ reason: 'settlement_failed', detail: `Pago ${id}` }])
    world.clock.advance(5 * MINUTE_MS)
    await world.settle()
    expect(await classStatus(world, held.classId)).toBe('scheduled')
    expect(await open()).toEqual([])
  })

  it('money is found behind any number of attempts that failed, before and after it, and they are not asked for again and again', async () => {
    const { preferenceId, classId } = await heldClass(world, nextSlot())
    const fail = async (hundreds: number) => {
      for (let turn = 0; turn < hundreds * 5; turn++) await pay(world, preferenceId, { holder: 'OTHE', times: 20 })
      // The search shows them; a notification for each is what a provider in trouble does not send.
      await reconcileOrder(world.deps, orderId)
    }
    const orderId = String((await orderOf(world, preferenceId)).id)
    await mercadoPagoSettings(world, { notificationsPaused: true })
    await fail(1)
    await fail(1)
    await payOnce(world, preferenceId)
    await fail(1)
    expect(await stateOf(world, classId)).toBe('pending: paid')
    expect(await orderStatus(world, preferenceId)).toBe('approved')
    const [stored] = await world.rows('SELECT count(*)::int AS attempts FROM provider_payment WHERE order_id = $1', [orderId])
    expect(stored).toEqual({ attempts: 301 })
    await emptyLog(world)
    await reconcileOrder(world.deps, orderId)
    expect(await askedOfProvider(world, 'GET', '/v1/payments/')).toHaveLength(2)
  })

  describe('Google has trouble', () => {
    it('W22, scenario F: the approval stays, the class waits with its notice, and is made once Google is back', async () => {
      const { preferenceId, classId, host } = await heldClass(world, nextSlot())
      await world.control('/google/faults', { route: 'events.insert', kind: 'error', status: 503, count: 4 })
      const { orderNumber } = await payOnce(world, preferenceId)
      await world.settle()
      await expectAnswer(notifyOrder(world, orderNumber), 200, { ok: true })
      await world.settle()
      expect(await orderStatus(world, preferenceId)).toBe('approved')
      expect(await stateOf(world, classId)).toBe('pending: paid')
      expect(await json(host.get('/api/my-classes'))).toMatchObject({ response: [], preparing: 1 })
      const page = await (await host.get('/inicio/mis-clases-virtuales')).text()
      expect(page).toContain('Tu pago fue aprobado. Estamos preparando el enlace de tu clase.')
      for (let round = 0; round < 12 && (await classStatus(world, classId)) === 'pending'; round++) {
        world.clock.advance(20 * MINUTE_MS)
        await world.settle()
        await notifyOrder(world, orderNumber)
      }
      expect(await classStatus(world, classId)).toBe('scheduled')
      const inserted = (await askedOfGoogle(world, 'POST', '/events')).filter(({ status }) => status === 200)
      expect(inserted).toHaveLength(1)
      expect(await codesOf(world, classId)).toHaveLength(1)
    })

    it('W23: an event without its video link is asked about until it has one', async () => {
      const { preferenceId, classId } = await heldClass(world, nextSlot())
      await world.control('/google/conference', { mode: 'pending', gets: 2, count: 1 })
      await payOnce(world, preferenceId)
      await world.settle()
      expect(await stateOf(world, classId)).toBe('pending: paid')
      for (let round = 0; round < 4 && (await classStatus(world, classId)) === 'pending'; round++) {
        world.clock.advance(10 * SECOND_MS)
        await world.settle()
      }
      expect(await classOf(world, classId)).toMatchObject({ status: 'scheduled', meet_url: expect.stringContaining('http') })
      const inserted = (await askedOfGoogle(world, 'POST', '/events')).filter(({ status }) => status === 200)
      expect(inserted).toHaveLength(1)
      await world.control('/google/conference', { mode: 'success' })
    })
  })

  describe('a process dies between commit and call', () => {
    it('while it reads the provider: the job is repeated and confirms once', async () => {
      const { preferenceId, classId } = await heldClass(world, nextSlot())
      await payOnce(world, preferenceId)
      const restore = replacePort(world, { findPayments: diesOnce(world.deps.payments.findPayments, 'before') })
      await world.settle()
      world.clock.advance(20 * SECOND_MS)
      await world.settle()
      restore()
      expect(await classStatus(world, classId)).toBe('scheduled')
      expect(await codesOf(world, classId)).toHaveLength(1)
    })

    it('after the event was made at Google and before it was written down: there is one event', async () => {
      const { preferenceId, classId } = await heldClass(world, nextSlot())
      const real = world.deps.calendar
      world.deps.calendar = { ...real, insertEvent: diesOnce(real.insertEvent, 'after') }
      await payOnce(world, preferenceId)
      await world.settle()
      expect(await stateOf(world, classId)).toBe('pending: paid')
      world.clock.advance(20 * SECOND_MS)
      await world.settle()
      world.deps.calendar = real
      expect(await classStatus(world, classId)).toBe('scheduled')
      const { events } = (await world.control('/google/events')) as { events: { id: string; status: string }[] }
      expect(events.filter((event) => event.id.startsWith(classId.replaceAll('-', '')) && event.status !== 'cancelled')).toHaveLength(1)
    })

    it('an order that cannot be decided keeps no other order waiting', async () => {
      const [poisoned, sound] = [await heldClass(world, nextSlot()), await heldClass(world, nextSlot())]
      await mercadoPagoSettings(world, { notificationsPaused: true })
      await payOnce(world, sound.preferenceId)
      const real = world.deps.payments.findPayments
      const restore = replacePort(world, {
        findPayments: async (orderId) => {
          if (orderId === poisoned.orderId) throw new Error('a bug')
          return real(orderId)
        },
      })
      world.clock.advance(MINUTE_MS)
      await world.settle()
      expect(await classStatus(world, sound.classId)).toBe('scheduled')
      restore()
      await payOnce(world, poisoned.preferenceId)
      world.clock.advance(6 * MINUTE_MS)
      await world.settle()
      await mercadoPagoSettings(world, { notificationsPaused: false })
      expect(await classStatus(world, poisoned.classId)).toBe('scheduled')
    })
  })

  it('no approved peso is silent (invariant 5)', () => expectNoSilentMoney(world))

  it('the log names no person, code, link, token or secret', () => expectCleanLog(world, ['local-sandbox-secret']))
})

/** The first call ends in the death of its process, before it reaches the provider or after the provider has done its part. */
function diesOnce<Arguments extends unknown[], Answer>(
  call: (...given: Arguments) => Promise<Answer>,
  when: 'before' | 'after',
): (...given: Arguments) => Promise<Answer> {
  let alive = true
  return async (...given) => {
    const dying = alive
    alive = false
    if (dying && when === 'before') throw new Error('the process died')
    const answer = await call(...given)
    if (dying) throw new Error('the process died')
    return answer
  }
}
