import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HOUR_MS } from '../../src/kernel/clock.ts'
import { checkout, classStatus, confirmedClass, json, orderStatus, slot } from '../support/booking.ts'
import { classFor, expectCleanLog, freshSlots, later, meetUrlOf, newcomer } from '../support/scene.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'

const FORBIDDEN = 'No tienes los permisos necesarios para acceder a esta ruta'
const slotOf = freshSlots()

describe('the admin endpoints (behaviour 4.16)', () => {
  let world: World
  let admin: Client
  beforeAll(async () => {
    world = await openWorld()
    admin = await world.admin()
  })
  afterAll(() => world.close())
  beforeEach(() => world.clock.set(MONDAY_9H))
  afterEach(async () => {
    await world.control('/google/faults', undefined, 'DELETE')
    await world.control('/mercado-pago/faults', undefined, 'DELETE')
    await world.control('/mercado-pago/refund-refusal', undefined, 'DELETE')
  })

  async function answerOf(answer: Response | Promise<Response>): Promise<{ status: number; body: Record<string, unknown> }> {
    const got = await answer
    return { status: got.status, body: await json(got) }
  }

  async function orderOf(preferenceId: string): Promise<string> {
    const [row] = await world.rows<{ id: string }>('SELECT id FROM payment_order WHERE preference_id = $1', [preferenceId])
    return row?.id ?? ''
  }

  /** What is on record that the admin did to it. */
  async function audited(subjectId: string): Promise<string[]> {
    const rows = await world.rows<{ action: string }>(
      'SELECT action FROM audit_log JOIN app_user u ON u.id = actor_id WHERE subject_id = $1 AND u.email = $2 ORDER BY at',
      [subjectId, world.deps.config.adminEmail],
    )
    return rows.map(({ action }) => action)
  }

  async function teacherId(): Promise<string> {
    const [row] = await world.rows<{ id: string }>('SELECT id FROM teacher')
    return row?.id ?? ''
  }

  it('all of them: 401 without login, 403 for a student, and changes only from pages of ours', async () => {
    const { paths } = (await json(world.anonymous.get('/api/openapi.json'))) as { paths: Record<string, Record<string, unknown>> }
    const all = Object.entries(paths).flatMap(([path, item]) => Object.keys(item).map((method) => ({ path, method: method.toUpperCase() })))
    const mine = all.filter(({ path, method }) => path.startsWith('/api/admin/') || (path === '/api/calendar' && method === 'POST'))
    expect(mine.length).toBeGreaterThanOrEqual(12)
    const student = await newcomer(world)
    for (const { path, method } of mine) {
      const address = path.replace('{id}', crypto.randomUUID())
      const body = method === 'GET' ? undefined : {}
      expect(await answerOf(world.anonymous.send(method, address, body)), path).toEqual({ status: 401, body: { error: 'Unauthorized' } })
      expect(await answerOf(student.send(method, address, body)), path).toEqual({ status: 403, body: { error: FORBIDDEN } })
      if (method === 'GET') continue
      const foreign = await admin.send(method, address, body, { origin: 'https://otro.example' })
      expect(await answerOf(foreign), path).toEqual({ status: 403, body: { error: 'Origen no permitido' } })
    }
    expect(await world.rows('SELECT * FROM audit_log')).toEqual([])
  })

  describe('GET /api/admin/classes', () => {
    it('every class, the last start first, with host, code, link and the states of calendar, activity and payment', async () => {
      const { classId, code, preferenceId, start, end } = await classFor(world, 3, slotOf(), 'Viajes')
      const earlier = await classFor(world, 1, slot('2026-11-24', '09:00'))
      const pending = await checkout(await newcomer(world), slotOf())
      const { response } = (await json(admin.get('/api/admin/classes'))) as { response: Record<string, unknown>[] }
      const starts = response.map((row) => String(row.startsAt))
      expect(starts).toEqual([...starts].sort().reverse())
      expect(response.map(({ id }) => id)).toEqual(expect.arrayContaining([classId, earlier.classId, pending.classId]))
      expect(response.find(({ id }) => id === classId)).toMatchObject({
        hostName: expect.stringMatching(/^persona/),
        startsAt: start,
        endsAt: end,
        classType: 'grupal',
        status: 'scheduled',
        accessCode: code,
        meetUrl: await meetUrlOf(world, classId),
        calendarState: 'synced',
        activityStatus: 'pending',
        orderStatus: 'approved',
        orderId: await orderOf(preferenceId),
        preferenceId,
        currentParticipants: 1,
        maxParticipants: 3,
      })
      expect(response.find(({ id }) => id === pending.classId)).toMatchObject({
        status: 'pending',
        accessCode: null,
        meetUrl: null,
        orderStatus: 'pending',
      })
    })

    it.each(['scheduled', 'completed', 'cancelled', 'pending'])('only the %s ones', async (status) => {
      const { response } = (await json(admin.get(`/api/admin/classes?status=${status}`))) as { response: { status: string }[] }
      expect(response.every((row) => row.status === status)).toBe(true)
    })

    it.each(['all', 'Scheduled', 'x', 'scheduled,pending'])('400 for the filter %s', async (status) => {
      expect(await answerOf(admin.get(`/api/admin/classes?status=${status}`))).toEqual({ status: 400, body: { error: 'Filtro inválido' } })
    })
  })

  describe('GET /api/admin/calendar-events', () => {
    it('the next 10 events by start; 500 when the calendar cannot be read', async () => {
      world.clock.set('2026-12-14T12:00:00Z')
      for (let hour = 9; hour < 21; hour++) {
        await world.control('/google/events', {
          summary: `Cita ${hour}`,
          start: { dateTime: `2026-12-15T${String(hour).padStart(2, '0')}:00:00-03:00` },
          end: { dateTime: `2026-12-15T${String(hour).padStart(2, '0')}:30:00-03:00` },
        })
      }
      const { status, body } = await answerOf(admin.get('/api/admin/calendar-events'))
      const events = body.response as Record<string, unknown>[]
      expect(status).toBe(200)
      expect(events).toHaveLength(10)
      expect(events[0]).toEqual({
        summary: 'Cita 9',
        start: '2026-12-15T09:00:00-03:00',
        end: '2026-12-15T09:30:00-03:00',
        status: 'confirmed',
      })
      world.clock.advance(61_000)
      await world.control('/google/faults', { route: 'events.list', kind: 'error', status: 503 })
      expect(await answerOf(admin.get('/api/admin/calendar-events'))).toEqual({
        status: 500,
        body: { error: 'Failed to fetch calendar events' },
      })
    })
  })

  describe('payments', () => {
    it('what needs attention, with its reason; a half payment can be given back by its number', async () => {
      const held = await checkout(await newcomer(world), slotOf())
      const paid = await world.control('/mercado-pago/pay', { preferenceId: held.preferenceId, amount: 7_500 })
      await world.settle()
      const paymentId = String((paid.payment as { id: number }).id)
      const open = async () => {
        const { response } = (await json(admin.get('/api/admin/payments?attention=1'))) as { response: Record<string, unknown>[] }
        return response.filter(({ subjectId }) => subjectId === paymentId)
      }
      expect(await open()).toMatchObject([
        {
          id: expect.any(String),
          subject: 'payment',
          subjectId: paymentId,
          reason: 'amount_mismatch',
          detail: expect.any(String),
          openedAt: MONDAY_9H,
          class: { id: held.classId, status: 'pending', startTime: expect.any(String) },
          order: { id: await orderOf(held.preferenceId), status: 'pending', amount: 15_000 },
          payment: { id: paymentId, role: null, status: 'approved', amount: 7_500 },
          refundId: null,
          refund: { id: paymentId, amount: 7_500 },
        },
      ])
      expect(await answerOf(admin.post(`/api/admin/payments/${paymentId}/refund`))).toEqual({ status: 200, body: { success: true } })
      await world.settle()
      expect(await open()).toEqual([])
      expect((await audited(paymentId)).filter((action) => action === 'payment.refund')).toHaveLength(1)
    })

    it('a full refund cancels a class that has not started, once however often it is asked for', async () => {
      const { classId, preferenceId, code } = await classFor(world, 2, slotOf())
      const order = await orderOf(preferenceId)
      for (let times = 0; times < 3; times++) {
        expect(await answerOf(admin.post(`/api/admin/payments/${order}/refund`))).toEqual({ status: 200, body: { success: true } })
      }
      await world.settle()
      expect(await orderStatus(world, preferenceId)).toBe('refunded')
      const [row] = await world.rows('SELECT status, cancel_reason FROM virtual_class WHERE id = $1', [classId])
      expect(row).toEqual({ status: 'cancelled', cancel_reason: 'payment_refunded' })
      expect(await world.rows('SELECT state FROM refund WHERE order_id = $1', [order])).toEqual([{ state: 'approved' }])
      expect((await audited(order)).filter((action) => action === 'payment.refund')).toHaveLength(1)
      expect((await (await newcomer(world)).post('/api/access-code', { accessCode: code })).status).toBe(410)
    })

    it('a class that has started stays', async () => {
      const { classId, preferenceId, start } = await classFor(world, 1, slotOf())
      world.clock.set(start)
      expect((await admin.post(`/api/admin/payments/${await orderOf(preferenceId)}/refund`)).status).toBe(200)
      await world.settle()
      expect(await classStatus(world, classId)).toBe('scheduled')
      expect(await orderStatus(world, preferenceId)).toBe('refunded')
    })

    it('not approved: 409; unknown: 404; the provider fails: 503, and it is tried again by itself', async () => {
      const unpaid = await checkout(await newcomer(world), slotOf())
      expect(await answerOf(admin.post(`/api/admin/payments/${await orderOf(unpaid.preferenceId)}/refund`))).toEqual({
        status: 409,
        body: { error: 'El pago no está aprobado' },
      })
      for (const id of [crypto.randomUUID(), '999999', 'x', '1'.repeat(30)]) {
        expect(await answerOf(admin.post(`/api/admin/payments/${id}/refund`))).toEqual({
          status: 404,
          body: { error: 'No se encontró el pago' },
        })
      }
      const { preferenceId } = await classFor(world, 1, slotOf())
      await world.control('/mercado-pago/faults', { route: 'refund.create', kind: 'error', status: 500 })
      expect(await answerOf(admin.post(`/api/admin/payments/${await orderOf(preferenceId)}/refund`))).toEqual({
        status: 503,
        body: { error: 'No se pudo reembolsar. Se va a reintentar.' },
      })
      world.clock.advance(HOUR_MS)
      await world.settle()
      expect(await orderStatus(world, preferenceId)).toBe('refunded')
    })
  })

  describe('opening hours', () => {
    const hours = (opens: string, closes: string, weekday = 2) => ({ weekday, opens, closes })
    const settings = (change: Record<string, unknown> = {}) => ({
      slotMinutes: 60,
      minNoticeMinutes: 120,
      horizonDays: 60,
      opening: [1, 2, 3, 4, 5, 6].map((weekday) => hours('09:00', '21:00', weekday)),
      ...change,
    })

    it('reads the defaults: Monday to Saturday, 09:00 to 21:00, 2 hours, 60 days (D5)', async () => {
      expect(await answerOf(admin.get('/api/admin/schedule'))).toEqual({ status: 200, body: settings() })
    })

    it.each([
      ['overlapping intervals', { opening: [hours('09:00', '12:00'), hours('11:00', '15:00')] }],
      ['the same interval twice', { opening: [hours('09:00', '12:00'), hours('09:00', '12:00')] }],
      ['from after to', { opening: [hours('12:00', '09:00')] }],
      ['from equal to', { opening: [hours('12:00', '12:00')] }],
      ['an interval shorter than a slot', { opening: [hours('12:00', '12:59')] }],
      ['a weekday that does not exist', { opening: [hours('09:00', '12:00', 8)] }],
      ['a time that does not exist', { opening: [hours('25:00', '26:00')] }],
      ['a negative notice', { minNoticeMinutes: -1 }],
      ['no horizon', { horizonDays: 0 }],
      ['half a minute', { slotMinutes: 60.5 }],
      ['a text as number', { slotMinutes: '60' }],
      ['a missing field', { opening: undefined }],
      ['no list', { opening: 'siempre' }],
    ])('400 for %s, and nothing is changed', async (_, change) => {
      expect(await answerOf(admin.send('PUT', '/api/admin/schedule', settings(change)))).toEqual({
        status: 400,
        body: { error: 'Los horarios no son válidos' },
      })
      expect(await json(admin.get('/api/admin/schedule'))).toEqual(settings())
    })

    it('400 for a body that is no JSON', async () => {
      expect(await answerOf(admin.send('PUT', '/api/admin/schedule', '{'))).toEqual({
        status: 400,
        body: { error: 'El cuerpo de la solicitud no es JSON válido' },
      })
    })

    it('saved hours decide what can be booked from now on; existing classes stay (D5a)', async () => {
      const { classId, start } = await classFor(world, 1, slot('2026-12-01', '20:00'))
      const changed = settings({ opening: [hours('10:00', '12:00', 2), hours('22:00', '24:00', 2)], minNoticeMinutes: 0, horizonDays: 30 })
      expect(await answerOf(admin.send('PUT', '/api/admin/schedule', changed))).toEqual({ status: 200, body: { success: true } })
      expect(await json(admin.get('/api/admin/schedule'))).toEqual(changed)
      const { slots } = (await json(world.anonymous.get('/api/availability?from=2026-12-01&to=2026-12-01'))) as {
        slots: { start: string }[]
      }
      expect(slots.map((free) => free.start)).toEqual(
        ['13', '14'].map((hour) => `2026-12-01T${hour}:00:00.000Z`).concat('2026-12-02T01:00:00.000Z', '2026-12-02T02:00:00.000Z'),
      )
      expect(await classStatus(world, classId)).toBe('scheduled')
      expect(start).toBe('2026-12-01T23:00:00.000Z')
      expect((await admin.send('PUT', '/api/admin/schedule', settings())).status).toBe(200)
      expect((await audited(await teacherId())).filter((action) => action === 'schedule.save')).toHaveLength(2)
    })
  })

  describe('closed times', () => {
    async function offered(date: string): Promise<number> {
      const { slots } = (await json(world.anonymous.get(`/api/availability?from=${date}&to=${date}`))) as { slots: unknown[] }
      return slots.length
    }

    it('an interval, and how it is opened again', async () => {
      const before = await offered('2026-12-03')
      const closed = await answerOf(
        admin.post('/api/admin/blackouts', { from: '2026-12-03T10:00:00-03:00', to: '2026-12-03T12:00:00-03:00', note: 'Médico' }),
      )
      expect(closed).toEqual({ status: 200, body: { success: true, id: expect.any(String), classes: [], classesTotal: 0 } })
      expect(await offered('2026-12-03')).toBe(before - 2)
      expect(await (await world.anonymous.get('/api/availability?from=2026-12-03&to=2026-12-03')).text()).not.toContain('Médico')
      const id = String(closed.body.id)
      expect(await answerOf(admin.send('DELETE', `/api/admin/blackouts/${id}`))).toEqual({ status: 200, body: { success: true } })
      expect(await offered('2026-12-03')).toBe(before)
      for (const unknown of [id, crypto.randomUUID(), 'x']) {
        expect(await answerOf(admin.send('DELETE', `/api/admin/blackouts/${unknown}`))).toEqual({
          status: 404,
          body: { error: 'No encontrado' },
        })
      }
      expect((await audited(await teacherId())).filter((action) => action.startsWith('blackout.'))).toEqual([
        'blackout.add',
        'blackout.remove',
      ])
    })

    it('whole Argentine days, the last one included', async () => {
      const before = [await offered('2026-12-08'), await offered('2026-12-09'), await offered('2026-12-10'), await offered('2026-12-11')]
      const closed = await answerOf(admin.post('/api/admin/blackouts', { from: '2026-12-09', to: '2026-12-10' }))
      expect(closed.status).toBe(200)
      const now = [await offered('2026-12-08'), await offered('2026-12-09'), await offered('2026-12-10'), await offered('2026-12-11')]
      expect(now).toEqual([before[0], 0, 0, before[3]])
      await admin.send('DELETE', `/api/admin/blackouts/${closed.body.id}`)
    })

    it('classes inside are listed and stay', async () => {
      const scene = await classFor(world, 1, slot('2026-12-04', '10:00'))
      const closed = await answerOf(admin.post('/api/admin/blackouts', { from: '2026-12-04', to: '2026-12-04' }))
      expect(closed.body.classes).toEqual([{ start: scene.start, end: scene.end }])
      expect(await classStatus(world, scene.classId)).toBe('scheduled')
      const refused = await (await newcomer(world)).post('/api/checkout', slot('2026-12-04', '12:00'))
      expect(await answerOf(refused)).toEqual({ status: 400, body: { error: 'El horario está fuera de los horarios de atención' } })
      await admin.send('DELETE', `/api/admin/blackouts/${closed.body.id}`)
    })

    it.each([
      ['reversed', { from: '2026-12-03T12:00:00Z', to: '2026-12-03T10:00:00Z' }],
      ['empty', { from: '2026-12-03T12:00:00Z', to: '2026-12-03T12:00:00Z' }],
      ['days reversed', { from: '2026-12-04', to: '2026-12-02' }],
      ['without zone', { from: '2026-12-03T10:00:00', to: '2026-12-03T12:00:00' }],
      ['a day that does not exist', { from: '2026-02-30', to: '2026-03-01' }],
      ['without end', { from: '2026-12-03' }],
      ['prose', { from: 'mañana', to: 'pasado' }],
      ['a note that is too long', { from: '2026-12-03', to: '2026-12-03', note: 'x'.repeat(201) }],
    ])('400 when it is %s', async (_, body) => {
      const before = await world.rows('SELECT id FROM blackout')
      expect(await answerOf(admin.post('/api/admin/blackouts', body))).toEqual({
        status: 400,
        body: { error: 'Los horarios no son válidos' },
      })
      expect(await world.rows('SELECT id FROM blackout')).toEqual(before)
    })
  })

  it('GET /api/admin/google says how the connection stands, without any token', async () => {
    const { status, body } = await answerOf(admin.get('/api/admin/google'))
    expect(status).toBe(200)
    expect(Object.keys(body).sort()).toEqual(['account', 'lastError', 'lastErrorAt', 'lastOkAt', 'scopes', 'status'])
    expect(body).toMatchObject({ status: 'connected', account: world.deps.config.adminEmail })
  })

  it('the admin cancels any class with a full refund (D13), and it is on record', async () => {
    const { classId, start, preferenceId } = await classFor(world, 1, slotOf())
    world.clock.set(later(start, -1_000))
    expect(await answerOf(admin.post(`/api/classes/${classId}/cancel`))).toEqual({
      status: 200,
      body: { success: true, status: 'cancelled', refund: 'full' },
    })
    await world.settle()
    expect(await orderStatus(world, preferenceId)).toBe('refunded')
    expect(await audited(classId)).toEqual(['class.cancel'])
  })

  it("the admin's own bookings are nothing special for others", async () => {
    const { code, start } = await confirmedClass(world, admin, slot('2026-12-05', '10:00'), { isGroupClass: true, studentsCount: 2 }).then(
      (made) => ({ ...made, ...slot('2026-12-05', '10:00') }),
    )
    world.clock.set(start)
    expect((await admin.post('/api/access-code', { accessCode: code })).status).toBe(403)
    expect((await (await newcomer(world)).post('/api/access-code', { accessCode: code })).status).toBe(200)
  })

  it('nothing of it is logged', () => expectCleanLog(world))
})
