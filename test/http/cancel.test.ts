import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { checkout, classStatus, json, orderStatus } from '../support/booking.ts'
import { classFor, expectCleanLog, freshSlots, later, newcomer, type Scene } from '../support/scene.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'

const slotOf = freshSlots()

function cancel(client: Client, classId: string, body?: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return client.post(`/api/classes/${classId}/cancel`, body, headers)
}

async function expectAnswer(answer: Response, status: number, body: Record<string, unknown>): Promise<void> {
  expect({ status: answer.status, body: await json(answer) }).toEqual({ status, body })
}

const done = (refund: 'full' | 'none') => ({ success: true, status: 'cancelled', refund })

async function refunds(world: World, preferenceId: string): Promise<{ state: string; amount: number; reason: string }[]> {
  return world.rows(
    `SELECT r.state, r.amount_centavos::int AS amount, r.reason FROM refund r JOIN payment_order o ON o.id = r.order_id
     WHERE o.preference_id = $1`,
    [preferenceId],
  )
}

async function event(world: World, classId: string): Promise<{ status: string }> {
  const [row] = await world.rows<{ event: string }>('SELECT google_event_id AS event FROM virtual_class WHERE id = $1', [classId])
  return (await world.control(`/google/events/${row?.event}`)) as { status: string }
}

describe('POST /api/classes/{id}/cancel (behaviour 4.10, scenario G)', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())
  beforeEach(() => world.clock.set(MONDAY_9H))

  it('row 1: no login, foreign origin, a body that is no JSON', async () => {
    const { host, classId } = await classFor(world, 2, slotOf())
    await expectAnswer(await cancel(world.anonymous, classId), 401, { error: 'Unauthorized' })
    await expectAnswer(await cancel(host, classId, {}, { origin: 'https://otro.example' }), 403, { error: 'Origen no permitido' })
    await expectAnswer(await cancel(host, classId, '{'), 400, { error: 'El cuerpo de la solicitud no es JSON válido' })
    for (const reason of ['x'.repeat(201), 5, null]) {
      await expectAnswer(await cancel(host, classId, { reason }), 400, { error: 'El motivo puede tener hasta 200 caracteres' })
    }
    expect(await classStatus(world, classId)).toBe('scheduled')
  })

  it('a page that promised the money back does not cancel without it, when the time for that ran out meanwhile', async () => {
    const when = slotOf()
    const { host, classId } = await classFor(world, 2, when)
    world.clock.set(later(when.start, -DAY_MS + SECOND_MS))
    const form = { reembolso: 'full' }
    const answer = await host.submit(`/inicio/clases/${classId}/cancelar`, form)
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/inicio/mis-clases-virtuales?cancelada=sin-plazo'])
    expect(await classStatus(world, classId)).toBe('scheduled')
    await host.submit(`/inicio/clases/${classId}/cancelar`, {})
    expect(await classStatus(world, classId)).toBe('cancelled')
  })

  it('row 2: unknown to strangers', async () => {
    const { classId } = await classFor(world, 2, slotOf())
    const stranger = await newcomer(world)
    for (const id of [classId, crypto.randomUUID(), 'x']) {
      await expectAnswer(await cancel(stranger, id), 404, { error: 'No se encontró la clase' })
    }
    expect(await classStatus(world, classId)).toBe('scheduled')
  })

  it('row 3: a guest cannot', async () => {
    const { classId, code, start } = await classFor(world, 2, slotOf())
    const guest = await newcomer(world)
    world.clock.set(later(start, -HOUR_MS))
    await guest.post('/api/access-code', { accessCode: code })
    await expectAnswer(await cancel(guest, classId), 403, { error: 'Solo el anfitrión puede cancelar la clase' })
    expect(await classStatus(world, classId)).toBe('scheduled')
  })

  it('rows 4 and 9: 25 hours before, the money goes back once, the event goes, the slot is free, the code expires; repeating changes nothing', async () => {
    const when = slotOf()
    const { host, classId, code, start, preferenceId } = await classFor(world, 2, when)
    const guest = await newcomer(world)
    expect(await event(world, classId)).toMatchObject({ status: 'confirmed' })
    world.clock.set(later(start, -25 * HOUR_MS))
    await expectAnswer(await cancel(host, classId, { reason: 'No puedo ir' }), 200, done('full'))
    await expectAnswer(await cancel(host, classId), 200, done('full'))
    await world.settle()
    await expectAnswer(await cancel(host, classId), 200, done('full'))
    await world.settle()
    expect(await refunds(world, preferenceId)).toEqual([{ state: 'approved', amount: 3_000_000, reason: 'host_cancelled' }])
    expect(await orderStatus(world, preferenceId)).toBe('refunded')
    expect(await event(world, classId)).toMatchObject({ status: 'cancelled' })
    await expectAnswer(await guest.post('/api/access-code', { accessCode: code }), 410, {
      response: { message: 'El código expiró: la clase fue cancelada o reprogramada.' },
    })
    expect((await guest.post('/api/checkout', when)).status).toBe(200)
    const audited = await world.rows('SELECT action, detail FROM audit_log WHERE subject_id = $1', [classId])
    expect(audited).toEqual([{ action: 'class.cancel', detail: { reason: 'host_cancelled', refund: 'full', explanation: 'No puedo ir' } }])
  })

  it('rows 4 and 10: 23 hours before there is no refund, also when it is repeated', async () => {
    const { host, classId, start, preferenceId } = await classFor(world, 1, slotOf())
    world.clock.set(later(start, -23 * HOUR_MS))
    await expectAnswer(await cancel(host, classId), 200, done('none'))
    await world.settle()
    await expectAnswer(await cancel(host, classId), 200, done('none'))
    expect(await refunds(world, preferenceId)).toEqual([])
    expect(await orderStatus(world, preferenceId)).toBe('approved')
    expect(await event(world, classId)).toMatchObject({ status: 'cancelled' })
  })

  it.each([
    ['24 h + 1 s before', -DAY_MS - SECOND_MS, 'full'],
    ['exactly 24 h before', -DAY_MS, 'full'],
    ['24 h − 1 s before', -DAY_MS + SECOND_MS, 'none'],
    ['1 s before', -SECOND_MS, 'none'],
  ] as const)('boundary: %s', async (_, offset, refund) => {
    const { host, classId, start, preferenceId } = await classFor(world, 1, slotOf())
    world.clock.set(later(start, offset))
    await expectAnswer(await cancel(host, classId), 200, done(refund))
    expect(await refunds(world, preferenceId)).toHaveLength(refund === 'full' ? 1 : 0)
  })

  it('row 6: at the start, afterwards and once completed it is too late, for the host and for the admin', async () => {
    const { host, classId, start, end } = await classFor(world, 1, slotOf())
    const tooLate = { error: 'La clase ya comenzó o finalizó' }
    for (const now of [start, later(start, SECOND_MS), end]) {
      world.clock.set(now)
      await expectAnswer(await cancel(host, classId), 409, tooLate)
      await expectAnswer(await cancel(await world.admin(), classId), 409, tooLate)
    }
    await world.settle()
    expect(await classStatus(world, classId)).toBe('completed')
    await expectAnswer(await cancel(host, classId), 409, tooLate)
  })

  it('row 5: already cancelled by somebody else', async () => {
    const { host, classId } = await classFor(world, 1, slotOf())
    const admin = await world.admin()
    expect((await cancel(host, classId)).status).toBe(200)
    await expectAnswer(await cancel(admin, classId), 409, { error: 'La clase está cancelada' })
    const other = await classFor(world, 1, slotOf())
    expect((await cancel(admin, other.classId)).status).toBe(200)
    await expectAnswer(await cancel(other.host, other.classId), 409, { error: 'La clase está cancelada' })
    await expectAnswer(await cancel(admin, other.classId), 200, done('full'))
  })

  it('row 7: an unpaid hold is given up at once, and its preference is closed at the provider', async () => {
    const host = await newcomer(world)
    const when = slotOf()
    const { classId, preferenceId } = await checkout(host, when)
    world.clock.advance(MINUTE_MS)
    await expectAnswer(await cancel(host, classId), 200, done('none'))
    expect(await classStatus(world, classId)).toBe('cancelled')
    expect((await (await newcomer(world)).post('/api/checkout', when)).status).toBe(200)
    await world.settle()
    world.clock.advance(SECOND_MS)
    await expect(world.control('/mercado-pago/pay', { preferenceId })).rejects.toThrow('expired')
    await expectAnswer(await cancel(host, classId), 200, done('none'))
  })

  it('row 7: money that comes for a hold that was given up goes back, the hold is never revived (D7b)', async () => {
    const host = await newcomer(world)
    const { classId, preferenceId } = await checkout(host, slotOf())
    await cancel(host, classId)
    await world.settle()
    await world.control('/mercado-pago/pay', { preferenceId, force: true })
    await world.settle()
    expect(await classStatus(world, classId)).toBe('cancelled')
    expect(await orderStatus(world, preferenceId)).toBe('refunded')
  })

  it('row 8: paid and waiting for its event: full refund, and no event is ever made', async () => {
    const host = await newcomer(world)
    const { classId, preferenceId } = await checkout(host, slotOf())
    await world.control('/google/faults', { route: 'events.insert', kind: 'error', status: 503 })
    await world.control('/mercado-pago/pay', { preferenceId })
    await world.settle()
    expect(await classStatus(world, classId)).toBe('pending')
    await expectAnswer(await cancel(host, classId), 200, done('full'))
    world.clock.advance(HOUR_MS)
    await world.settle()
    expect(await classStatus(world, classId)).toBe('cancelled')
    expect(await orderStatus(world, preferenceId)).toBe('refunded')
    const { events } = (await world.control('/google/events')) as {
      events: { extendedProperties?: { private?: Record<string, string> } }[]
    }
    expect(events.filter((made) => made.extendedProperties?.private?.bookingId === classId)).toEqual([])
  })

  it('row 11: the admin gives the whole money back one hour before', async () => {
    const { classId, start, preferenceId } = await classFor(world, 1, slotOf())
    world.clock.set(later(start, -HOUR_MS))
    await expectAnswer(await cancel(await world.admin(), classId), 200, done('full'))
    await world.settle()
    expect(await refunds(world, preferenceId)).toEqual([{ state: 'approved', amount: 1_500_000, reason: 'admin_cancelled' }])
    const [row] = await world.rows('SELECT cancel_reason FROM virtual_class WHERE id = $1', [classId])
    expect(row).toEqual({ cancel_reason: 'admin_cancelled' })
  })

  it('D13b: a lapsed refund stays lapsed, however far away the class is', async () => {
    const { host, classId, preferenceId } = await classFor(world, 1, slotOf())
    await world.rows('UPDATE virtual_class SET refund_lapsed = true WHERE id = $1', [classId])
    await expectAnswer(await cancel(host, classId), 200, done('none'))
    expect(await refunds(world, preferenceId)).toEqual([])
  })

  it('two cancellations at the same moment, of one person or of host and admin, give one refund', async () => {
    const admin = await world.admin()
    for (const second of [(scene: Scene) => scene.host, () => admin]) {
      const scene = await classFor(world, 1, slotOf())
      const answers = await Promise.all([cancel(scene.host, scene.classId), cancel(second(scene), scene.classId)])
      expect(answers.map(({ status }) => status).filter((status) => status === 200).length).toBeGreaterThan(0)
      expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true)
      await world.settle()
      expect(await refunds(world, scene.preferenceId)).toHaveLength(1)
      const { payments } = (await world.control('/mercado-pago/payments')) as {
        payments: { external_reference: string; refunds: unknown[] }[]
      }
      const [order] = await world.rows<{ id: string }>('SELECT id FROM payment_order WHERE preference_id = $1', [scene.preferenceId])
      expect(payments.filter((payment) => payment.external_reference === order?.id).map((payment) => payment.refunds.length)).toEqual([1])
    }
  })

  it('nothing of it is logged', () => expectCleanLog(world))
})
