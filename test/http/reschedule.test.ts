import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { checkout, classStatus, json, orderStatus, slot } from '../support/booking.ts'
import { classFor, expectCleanLog, freshSlots, later, newcomer } from '../support/scene.ts'
import { MONDAY_9H, openWorld, type World } from '../support/world.ts'
import { appointment, bookSlot, unchanged } from './booking-bench.ts'
import { casesOf, expectRefused, MOVE_TEXT, move, moved, rowOf, shownAt } from './reschedule-bench.ts'

const slotOf = freshSlots('2026-11-25')
const targetOf = freshSlots('2026-12-14')

describe('POST /api/classes/{id}/reschedule (behaviour 4.10, D10, D13b, D14, D14a, scenario H)', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())
  beforeEach(() => world.clock.set(MONDAY_9H))

  it('row 1: no login, foreign origin, a body that is no JSON', async () => {
    const { host, classId } = await classFor(world, 2, slotOf())
    const to = targetOf()
    await unchanged(world, async () => {
      await expectRefused(move(world.anonymous, classId, to), 401, 'Unauthorized')
      await expectRefused(move(host, classId, to, { origin: 'https://otro.example' }), 403, 'Origen no permitido')
      for (const body of ['{', '']) await expectRefused(move(host, classId, body), 400, 'El cuerpo de la solicitud no es JSON válido')
    })
  })

  it('row 2: unknown to strangers, whatever they send', async () => {
    const { classId } = await classFor(world, 2, slotOf())
    const stranger = await newcomer(world)
    await unchanged(world, async () => {
      for (const id of [classId, crypto.randomUUID(), 'x']) {
        await expectRefused(move(stranger, id, targetOf()), 404, MOVE_TEXT.unknown)
        await expectRefused(move(stranger, id, {}), 404, MOVE_TEXT.unknown)
      }
      await expectRefused(move(await world.admin(), crypto.randomUUID(), targetOf()), 404, MOVE_TEXT.unknown)
    })
  })

  it('row 3: a guest cannot', async () => {
    const { classId, code, start } = await classFor(world, 2, slotOf())
    const guest = await newcomer(world)
    world.clock.set(later(start, -HOUR_MS))
    await guest.post('/api/access-code', { accessCode: code })
    await world.settle()
    await unchanged(world, () => expectRefused(move(guest, classId, targetOf()), 403, MOVE_TEXT.guest))
  })

  it('row 4: only what is scheduled: not a hold, not while its event is being made, not cancelled, not completed', async () => {
    const host = await newcomer(world)
    const admin = await world.admin()
    const held = await checkout(host, slotOf())
    for (const who of [host, admin]) await expectRefused(move(who, held.classId, targetOf()), 409, MOVE_TEXT.notScheduled)
    await world.control('/google/faults', { route: 'events.insert', kind: 'error', status: 503, count: 1 })
    await world.control('/mercado-pago/pay', { preferenceId: held.preferenceId })
    await world.settle()
    expect(await classStatus(world, held.classId)).toBe('pending')
    for (const who of [host, admin]) await expectRefused(move(who, held.classId, targetOf()), 409, MOVE_TEXT.notScheduled)
    const cancelled = await classFor(world, 1, slotOf())
    await cancelled.host.post(`/api/classes/${cancelled.classId}/cancel`)
    for (const who of [cancelled.host, admin]) await expectRefused(move(who, cancelled.classId, targetOf()), 409, MOVE_TEXT.notScheduled)
    const over = await classFor(world, 1, slotOf())
    world.clock.set(over.end)
    await world.settle()
    for (const who of [over.host, admin]) await expectRefused(move(who, over.classId, targetOf()), 409, MOVE_TEXT.notScheduled)
  })

  it.each([
    ['13 h before', -13 * HOUR_MS, true],
    ['12 h + 1 s before', -12 * HOUR_MS - SECOND_MS, true],
    ['exactly 12 h before', -12 * HOUR_MS, true],
    ['12 h − 1 ms before', -12 * HOUR_MS + 1, false],
    ['12 h − 1 s before', -12 * HOUR_MS + SECOND_MS, false],
    ['11 h before', -11 * HOUR_MS, false],
    ['at the start', 0, false],
  ] as const)('row 5, boundary: the host %s', async (_, offset, accepted) => {
    const { host, classId, start } = await classFor(world, 1, slotOf())
    world.clock.set(later(start, offset))
    const to = targetOf()
    if (accepted) expect((await move(host, classId, to)).status).toBe(200)
    else await unchanged(world, () => expectRefused(move(host, classId, to), 409, MOVE_TEXT.tooLate))
  })

  it.each([
    ['1 s before', -SECOND_MS, true],
    ['at the start', 0, false],
    ['while it runs', 30 * MINUTE_MS, false],
  ] as const)('row 5, boundary: the admin %s', async (_, offset, accepted) => {
    const { classId, start } = await classFor(world, 1, slotOf())
    const admin = await world.admin()
    world.clock.set(later(start, offset))
    const to = targetOf()
    if (accepted) expect((await move(admin, classId, to)).status).toBe(200)
    else await unchanged(world, () => expectRefused(move(admin, classId, to), 409, MOVE_TEXT.tooLate))
  })

  it('row 6: the host twice, not three times; the admin always, and that uses up nothing of the host', async () => {
    const { host, classId } = await classFor(world, 1, slotOf())
    const admin = await world.admin()
    await moved(admin, classId, targetOf())
    expect(await json(move(host, classId, targetOf()))).toMatchObject({ reschedulesLeft: 1 })
    expect(await json(move(admin, classId, targetOf()))).toMatchObject({ reschedulesLeft: 1 })
    expect(await json(move(host, classId, targetOf()))).toMatchObject({ reschedulesLeft: 0 })
    await unchanged(world, () => expectRefused(move(host, classId, targetOf()), 409, MOVE_TEXT.usedUp))
    // Row 6 comes before row 7.
    await expectRefused(move(host, classId, {}), 409, MOVE_TEXT.usedUp)
    expect(await json(move(admin, classId, targetOf()))).toMatchObject({ reschedulesLeft: 0 })
    expect(await rowOf(world, classId)).toMatchObject({ reschedule_count: 2, move_count: 5 })
  })

  describe('row 7: the new slot is checked like a new booking', () => {
    it.each([
      ['nothing', {}, 'Missing start or end date'],
      ['an array', [], 'Missing start or end date'],
      ['null', null, 'Missing start or end date'],
      ['only a start', { start: '2026-12-01T12:00:00Z' }, 'Missing start or end date'],
      ['an empty end', { start: '2026-12-01T12:00:00Z', end: '' }, 'Missing start or end date'],
      [
        'naive times',
        { start: '2026-12-01T12:00:00', end: '2026-12-01T13:00:00' },
        'La fecha debe estar en formato ISO 8601 con zona horaria',
      ],
      ['numbers', { start: 1, end: 2 }, 'La fecha debe estar en formato ISO 8601 con zona horaria'],
      ['reversed', { start: '2026-12-01T13:00:00Z', end: '2026-12-01T12:00:00Z' }, 'La hora de fin debe ser posterior a la de inicio'],
      ['90 minutes', { start: '2026-12-01T12:00:00Z', end: '2026-12-01T13:30:00Z' }, 'La clase debe durar 60 minutos'],
      ['the past', { start: '2026-11-20T12:00:00Z', end: '2026-11-20T13:00:00Z' }, 'El horario ya pasó'],
      ['in one hour', slot('2026-11-23', '10:00'), 'La reserva debe hacerse con al menos 2 horas de anticipación'],
      ['day 61', slot('2027-01-23', '09:00'), 'Solo se puede reservar hasta 60 días en adelante'],
      ['a Sunday', slot('2026-12-06', '09:00'), 'El horario está fuera de los horarios de atención'],
      ['21:00', slot('2026-12-01', '21:00'), 'El horario está fuera de los horarios de atención'],
      ['half past', slot('2026-12-01', '09:30'), 'El horario debe coincidir con uno de los turnos disponibles'],
    ])('%s', async (_, body, error) => {
      const scene = await shared()
      await unchanged(world, () => expectRefused(move(scene.host, scene.classId, body), 400, error))
      await unchanged(world, async () => expectRefused(move(await world.admin(), scene.classId, body), 400, error))
    })

    let scene: Awaited<ReturnType<typeof classFor>> | null = null
    async function shared() {
      scene ??= await classFor(world, 1, slotOf())
      return scene
    }

    it.each([
      ['exactly 2 hours ahead', slot('2026-11-23', '11:00')],
      ['day 60', slot('2027-01-22', '20:00')],
    ])('accepted: %s', async (_, to) => {
      const { host, classId } = await classFor(world, 1, slotOf())
      expect((await move(host, classId, to)).status).toBe(200)
    })

    it('closed days count', async () => {
      const { host, classId } = await classFor(world, 1, slotOf())
      await (await world.admin()).post('/api/admin/blackouts', { from: '2026-12-08', to: '2026-12-08' })
      await expectRefused(move(host, classId, slot('2026-12-08', '10:00')), 400, 'El horario está fuera de los horarios de atención')
    })
  })

  it('row 8: the same slot is no move; repeating a move that was done changes nothing', async () => {
    const when = slotOf()
    const { host, classId } = await classFor(world, 1, when)
    await unchanged(world, () => expectRefused(move(host, classId, when), 400, MOVE_TEXT.same))
    const to = targetOf()
    await moved(host, classId, to)
    await world.settle()
    await unchanged(world, () => expectRefused(move(host, classId, to), 400, MOVE_TEXT.same))
    await unchanged(world, async () => expectRefused(move(await world.admin(), classId, to), 400, MOVE_TEXT.same))
  })

  it('row 9: taken by a class, by a hold, or by the teacher’s own appointment', async () => {
    const { host, classId } = await classFor(world, 1, slotOf())
    const [booked, held, busy] = [targetOf(), targetOf(), targetOf()]
    await classFor(world, 1, booked)
    await checkout(await newcomer(world), held)
    await appointment(world, busy)
    for (const to of [booked, held, busy]) {
      await unchanged(world, () => expectRefused(move(host, classId, to), 409, MOVE_TEXT.taken))
      await unchanged(world, async () => expectRefused(move(await world.admin(), classId, to), 409, MOVE_TEXT.taken))
    }
  })

  it('row 9: a hold that has run out is asked about at once and makes room (D7a)', async () => {
    const { host, classId } = await classFor(world, 1, slotOf())
    const to = targetOf()
    const held = await checkout(await newcomer(world), to)
    world.clock.advance(20 * MINUTE_MS)
    await moved(host, classId, to)
    expect(await classStatus(world, held.classId)).toBe('cancelled')
  })

  it('row 9: the calendar cannot be read (4.2 check 24b)', async () => {
    const { host, classId } = await classFor(world, 1, slotOf())
    const to = targetOf()
    world.clock.advance(31 * MINUTE_MS)
    await world.control('/google/faults', { route: 'freebusy.query', kind: 'error', status: 503 })
    const text = 'No podemos confirmar la agenda en este momento. Probá de nuevo en unos minutos.'
    await unchanged(world, () => expectRefused(move(host, classId, to), 503, text))
    await world.control('/google/faults', undefined, 'DELETE')
    await moved(host, classId, to)
  })

  it('the own old slot does not count: longer slots may overlap where the class stands', async () => {
    const { host, classId } = await classFor(world, 1, slot('2026-12-10', '10:00'))
    const admin = await world.admin()
    const settings = (await json(admin.get('/api/admin/schedule'))) as Record<string, unknown>
    await admin.send('PUT', '/api/admin/schedule', { ...settings, slotMinutes: 90 })
    const to = { start: '2026-12-10T13:30:00.000Z', end: '2026-12-10T15:00:00.000Z' }
    await moved(host, classId, to)
    await world.settle()
    expect(await shownAt(world, classId)).toEqual(to)
    await admin.send('PUT', '/api/admin/schedule', settings)
  })

  describe('the refund (D13b)', () => {
    it.each([
      ['the host 24 h + 1 s before', 'host', -DAY_MS - SECOND_MS, 'full'],
      ['the host exactly 24 h before', 'host', -DAY_MS, 'full'],
      ['the host 24 h − 1 s before', 'host', -DAY_MS + SECOND_MS, 'none'],
      ['the host 13 h before', 'host', -13 * HOUR_MS, 'none'],
      ['the admin 1 h before', 'admin', -HOUR_MS, 'full'],
    ] as const)('moved by %s, then cancelled by the host: %s', async (_, who, offset, refund) => {
      const { host, classId, start } = await classFor(world, 1, slotOf())
      world.clock.set(later(start, offset))
      await moved(who === 'host' ? host : await world.admin(), classId, targetOf())
      const [mine] = (await json(host.get('/api/my-classes'))).response as Record<string, unknown>[]
      expect(mine).toMatchObject({ canCancel: true, refundIfCancelled: refund })
      expect(await json(host.post(`/api/classes/${classId}/cancel`))).toMatchObject({ refund })
    })

    it('once lapsed it stays so, also after a move in good time or by the admin; the admin’s cancellation pays all the same', async () => {
      const { host, classId, start, preferenceId } = await classFor(world, 1, slotOf())
      world.clock.set(later(start, -13 * HOUR_MS))
      await moved(host, classId, targetOf())
      world.clock.set(MONDAY_9H)
      await moved(host, classId, targetOf())
      await moved(await world.admin(), classId, targetOf())
      expect(await rowOf(world, classId)).toMatchObject({ refund_lapsed: true })
      expect(await json((await world.admin()).post(`/api/classes/${classId}/cancel`))).toMatchObject({ refund: 'full' })
      await world.settle()
      expect(await orderStatus(world, preferenceId)).toBe('refunded')
    })
  })

  it.each([
    ['far ahead', null, true, 2],
    ['exactly 12 h before', -12 * HOUR_MS, true, 2],
    ['12 h − 1 s before', -12 * HOUR_MS + SECOND_MS, false, 2],
    ['at the start', 0, false, 2],
  ] as const)('GET /api/my-classes %s', async (_, offset, canReschedule, reschedulesLeft) => {
    const { host, classId, start } = await classFor(world, 1, slotOf())
    if (offset !== null) world.clock.set(later(start, offset))
    const rows = (await json(host.get('/api/my-classes'))).response as Record<string, unknown>[]
    expect(rows.find(({ id }) => id === classId)).toMatchObject({ canReschedule, reschedulesLeft })
  })

  it('GET /api/my-classes after two moves, and after a cancellation', async () => {
    const { host, classId } = await classFor(world, 1, slotOf())
    for (const left of [1, 0]) {
      await moved(host, classId, targetOf())
      const [row] = (await json(host.get('/api/my-classes'))).response as Record<string, unknown>[]
      expect(row).toMatchObject({ canReschedule: left > 0, reschedulesLeft: left })
    }
    await host.post(`/api/classes/${classId}/cancel`)
    const [row] = (await json(host.get('/api/my-classes'))).response as Record<string, unknown>[]
    expect(row).toMatchObject({ status: 'cancelled', canReschedule: false, reschedulesLeft: 0 })
  })

  it('a slot that was left is booked by another through the specification’s order, and can be moved back to when free', async () => {
    const when = slotOf()
    const { host, classId } = await classFor(world, 1, when)
    const to = targetOf()
    await moved(host, classId, to)
    await moved(host, classId, when)
    await world.settle()
    expect(await shownAt(world, classId)).toEqual(when)
    expect((await bookSlot(await newcomer(world), to)).status).toBe(200)
    expect((await bookSlot(await newcomer(world), when)).status).toBe(409)
    expect(await casesOf(world, classId)).toEqual([])
  })

  it('nothing of it is logged', () => expectCleanLog(world))
})

describe('other settings', () => {
  it('the limits follow RESCHEDULE_HOURS and MAX_RESCHEDULES', async () => {
    const world = await openWorld({ env: { RESCHEDULE_HOURS: '2', MAX_RESCHEDULES: '1' } })
    const { host, classId, start } = await classFor(world, 1, slot('2026-11-25', '12:00'))
    world.clock.set(later(start, -2 * HOUR_MS))
    await moved(host, classId, slot('2026-11-27', '12:00'))
    await expectRefused(move(host, classId, slot('2026-11-28', '12:00')), 409, 'La clase ya se reprogramó una vez')
    await world.close()
  })
})
