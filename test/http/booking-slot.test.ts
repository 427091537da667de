import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { HOUR_MS, plus, SECOND_MS } from '../../src/kernel/clock.ts'
import { addDays } from '../../src/kernel/zoned-time.ts'
import { json, slot } from '../support/booking.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'
import { appointment, bookSlot, createPreference, interval, send, slotDispenser, TAKEN, unchanged } from './booking-bench.ts'

const PATH = '/api/booking'

describe('the slot of POST /api/booking (4.2)', () => {
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
  const row = async (classId: unknown) => (await world.rows('SELECT * FROM virtual_class WHERE id = $1', [classId]))[0]

  /** The answer to a slot asked for with a preference of its own. */
  const ask = async (when: { start: string; end: string }, client = ana) => {
    const { status, body } = await bookSlot(client, when)
    return { status, body }
  }

  describe('rows 12 to 18: the slot', () => {
    const refusal = async (when: { start: string; end: string }) => {
      const preferenceId = await createPreference(ana)
      const { status, body } = await unchanged(world, () => book(ana, { ...when, preferenceId }))
      expect(status).toBe(400)
      return body.error
    }

    it('row 12: the end is not after the start', async () => {
      const { start, end } = slot('2026-12-02', '10:00')
      expect(await refusal({ start: end, end: start })).toBe('La hora de fin debe ser posterior a la de inicio')
      expect(await refusal({ start, end: start })).toBe('La hora de fin debe ser posterior a la de inicio')
      expect(await refusal({ start, end: '2026-12-02T10:00:00-03:00' })).toBe('La hora de fin debe ser posterior a la de inicio')
    })

    it('row 13: two hours, thirty minutes, several days, a second more', async () => {
      for (const minutes of [120, 30, 59, 61, 3 * 24 * 60, 60 + 1 / 60]) {
        expect(await refusal(interval('2026-12-02', '10:00', minutes))).toBe('La clase debe durar 60 minutos')
      }
    })

    it('row 14: the past', async () => {
      for (const when of [
        slot('2026-11-21', '10:00'),
        slot('2026-11-23', '08:00'),
        slot('2000-01-03', '10:00'),
        slot('1900-01-01', '10:00'),
      ]) {
        expect(await refusal(when)).toBe('El horario ya pasó')
      }
      world.clock.set(plus(new Date(slot('2026-12-02', '10:00').start), 1))
      expect(await refusal(slot('2026-12-02', '10:00'))).toBe('El horario ya pasó')
    })

    it('row 15: exactly two hours ahead is accepted, a second less is not', async () => {
      const text = 'La reserva debe hacerse con al menos 2 horas de anticipación'
      const when = slot('2026-12-02', '15:00')
      for (const ahead of [0, SECOND_MS, HOUR_MS, 2 * HOUR_MS - SECOND_MS, 2 * HOUR_MS - 1]) {
        world.clock.set(plus(new Date(when.start), -ahead))
        expect(await refusal(when)).toBe(text)
      }
      world.clock.set(plus(new Date(when.start), -2 * HOUR_MS))
      expect((await ask(when)).status).toBe(200)
    })

    it('row 16: day 60 is accepted, day 61 is not, counted in Argentine days', async () => {
      const [day60, day61] = [addDays('2026-11-23', 60), addDays('2026-11-23', 61)]
      const text = 'Solo se puede reservar hasta 60 días en adelante'
      expect(await refusal(slot(day61, '09:00'))).toBe(text)
      expect(await refusal(slot('2027-12-01', '10:00'))).toBe(text)
      expect(await refusal(slot('9998-12-30', '10:00'))).toBe(text)
      // 23:59 in Argentina is already tomorrow in UTC.
      world.clock.set('2026-11-24T02:59:00Z')
      expect(await refusal(slot(day61, '09:00'))).toBe(text)
      expect((await ask(slot(day60, '20:00'))).status).toBe(200)
      world.clock.set('2026-11-24T03:00:00Z')
      expect((await ask(slot(day61, '09:00'))).status).toBe(200)
    })

    it('row 17: the first and the last slot are open; the hours beside them, the night and Sunday are not', async () => {
      const text = 'El horario está fuera de los horarios de atención'
      for (const time of ['08:00', '08:30', '20:30', '21:00', '03:00', '23:00', '00:00']) {
        expect(await refusal(slot('2026-12-03', time))).toBe(text)
      }
      for (const time of ['09:00', '10:00', '20:00']) expect(await refusal(slot('2026-12-06', time))).toBe(text)
      expect((await ask(slot('2026-12-03', '09:00'))).status).toBe(200)
      expect((await ask(slot('2026-12-03', '20:00'))).status).toBe(200)
    })

    it('row 17: a blackout closes what it touches', async () => {
      const admin = await world.admin()
      const closed = interval('2026-12-04', '10:30', 60)
      const added = await json(admin.post('/api/admin/blackouts', { from: closed.start, to: closed.end, note: 'Médico' }))
      for (const time of ['10:00', '11:00']) {
        expect(await refusal(slot('2026-12-04', time))).toBe('El horario está fuera de los horarios de atención')
      }
      expect((await ask(slot('2026-12-04', '09:00'))).status).toBe(200)
      expect((await ask(slot('2026-12-04', '12:00'))).status).toBe(200)
      await admin.send('DELETE', `/api/admin/blackouts/${added.id}`)
      expect((await ask(slot('2026-12-04', '10:00'))).status).toBe(200)
    })

    it('row 18: between two slots', async () => {
      for (const time of ['09:30', '10:01', '19:59', '12:15']) {
        expect(await refusal(slot('2026-12-03', time))).toBe('El horario debe coincidir con uno de los turnos disponibles')
      }
      const { start, end } = slot('2026-12-03', '12:00')
      expect(await refusal({ start: start.replace('.000Z', '.001Z'), end: end.replace('.000Z', '.001Z') })).toBe(
        'El horario debe coincidir con uno de los turnos disponibles',
      )
    })

    it('rows 13, 15 and 16 quote the settings, and changing the settings touches no class that exists (D5a)', async () => {
      const admin = await world.admin()
      const before = await json(admin.get('/api/admin/schedule'))
      const held = await ask(slot('2026-12-10', '10:00'))
      try {
        const changed = { ...before, slotMinutes: 90, minNoticeMinutes: 180, horizonDays: 30 }
        expect((await admin.send('PUT', '/api/admin/schedule', changed)).status).toBe(200)
        expect((await row(held.body.classId))?.status).toBe('pending')
        expect(await refusal(slot('2026-12-10', '12:00'))).toBe('La clase debe durar 90 minutos')
        expect(await refusal(interval('2026-11-23', '11:59', 90))).toBe('La reserva debe hacerse con al menos 3 horas de anticipación')
        expect(await refusal(interval('2026-12-24', '09:00', 90))).toBe('Solo se puede reservar hasta 30 días en adelante')
        // The class from 10:00 to 11:00 stands in two slots of the new grid.
        for (const time of ['09:00', '10:30']) expect((await ask(interval('2026-12-10', time, 90), bruno)).status).toBe(409)
        expect((await ask(interval('2026-12-10', '12:00', 90), bruno)).status).toBe(200)
      } finally {
        await admin.send('PUT', '/api/admin/schedule', before)
      }
    })

    it('the same instant with Z and with an offset is the same slot', async () => {
      const first = await ask({ start: '2026-12-08T10:00:00-03:00', end: '2026-12-08T11:00:00-03:00' })
      expect(first.status).toBe(200)
      for (const when of [
        { start: '2026-12-08T13:00:00Z', end: '2026-12-08T14:00:00Z' },
        { start: '2026-12-08T14:00:00+01:00', end: '2026-12-08T11:00-03:00' },
      ]) {
        expect(await ask(when, bruno)).toMatchObject({ status: 409, body: { error: TAKEN } })
      }
      expect((await row(first.body.classId))?.starts_at).toEqual(new Date('2026-12-08T13:00:00Z'))
    })

    it('a slot refused with an unknown preference is refused for the slot: the order of the checks', async () => {
      const past = { ...slot('2026-11-21', '10:00'), preferenceId: 'nobody-knows' }
      expect((await book(ana, past)).body.error).toBe('El horario ya pasó')
      expect((await book(ana, { ...past, studentsCount: 9 })).body.error).toBe(
        'La cantidad de alumnos no es válida para este tipo de clase',
      )
      expect((await book(ana, { ...freshSlot(), preferenceId: 'nobody-knows' })).status).toBe(404)
    })
  })

  describe('row 24: the slot is taken', () => {
    it('by another class; the answer names the three nearest free slots, in order', async () => {
      const day = '2027-01-05'
      for (const time of ['10:00', '11:00', '13:00']) expect((await ask(slot(day, time))).status).toBe(200)
      const preferenceId = await createPreference(bruno)
      const refused = await unchanged(world, () => book(bruno, { ...slot(day, '11:00'), preferenceId }))
      expect(refused).toEqual({
        status: 409,
        body: { error: TAKEN, alternatives: [slot(day, '09:00'), slot(day, '12:00'), slot(day, '14:00')] },
      })
      for (const free of refused.body.alternatives as { start: string; end: string }[]) {
        expect((await ask(free, bruno)).status).toBe(200)
      }
    })

    it('never offers a slot that cannot be booked: inside the notice, on Sunday', async () => {
      world.clock.set('2026-12-05T20:30:00Z')
      const when = slot('2026-12-05', '20:00')
      expect((await ask(when)).status).toBe(200)
      const alternatives = ['09:00', '10:00', '11:00'].map((time) => slot('2026-12-07', time))
      expect(await ask(when, bruno)).toEqual({ status: 409, body: { error: TAKEN, alternatives } })
    })

    it('by a busy interval of the calendar, by overlap and not by equality', async () => {
      const day = '2027-01-06'
      await appointment(world, interval(day, '10:50', 20))
      for (const time of ['10:00', '11:00']) {
        const preferenceId = await createPreference(ana)
        const refused = await unchanged(world, () => book(ana, { ...slot(day, time), preferenceId }))
        expect(refused).toMatchObject({
          status: 409,
          body: { error: TAKEN, alternatives: [slot(day, '09:00'), slot(day, '12:00'), slot(day, '13:00')] },
        })
      }
      expect((await ask(slot(day, '09:00'))).status).toBe(200)
      expect((await ask(slot(day, '12:00'))).status).toBe(200)
    })

    it('by an all-day event of the calendar', async () => {
      await world.control('/google/events', {
        summary: 'Feriado',
        start: { date: '2027-01-07' },
        end: { date: '2027-01-08' },
        transparency: 'opaque',
      })
      for (const time of ['09:00', '20:00']) expect((await ask(slot('2027-01-07', time))).status).toBe(409)
      expect((await ask(slot('2027-01-08', '09:00'))).status).toBe(200)
    })

    it('is told before a calendar made busy a moment ago can be overlooked: it is read right before the hold', async () => {
      const when = slot('2027-01-09', '10:00')
      const free = (await json(ana.get('/api/availability?from=2027-01-09&to=2027-01-09'))).slots as { start: string; state: string }[]
      expect(free.find(({ start }) => start === when.start)?.state).toBe('free')
      await appointment(world, when)
      expect((await ask(when)).status).toBe(409)
    })

    it('two users, same slot, same moment: exactly one success', async () => {
      for (let round = 0; round < 3; round++) {
        const when = freshSlot()
        const preferences = await Promise.all([createPreference(ana), createPreference(bruno)])
        const answers = await Promise.all([
          book(ana, { ...when, preferenceId: preferences[0] }),
          book(bruno, { ...when, preferenceId: preferences[1] }),
        ])
        expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
        expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({ error: TAKEN, alternatives: expect.any(Array) })
        expect(await world.rows('SELECT 1 FROM virtual_class WHERE starts_at = $1', [when.start])).toHaveLength(1)
      }
    })

    it('one user, same slot, two preferences, same moment: exactly one success', async () => {
      const when = freshSlot()
      const preferences = await Promise.all([createPreference(ana), createPreference(ana)])
      const answers = await Promise.all(preferences.map((preferenceId) => book(ana, { ...when, preferenceId })))
      expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
      const unused = await world.rows('SELECT 1 FROM payment_order WHERE preference_id = ANY($1) AND class_id IS NULL', [preferences])
      expect(unused).toHaveLength(1)
    })

    it('a preference that lost its slot is good for another one', async () => {
      const [taken, free] = [freshSlot(), freshSlot()]
      expect((await ask(taken)).status).toBe(200)
      const preferenceId = await createPreference(bruno)
      expect((await book(bruno, { ...taken, preferenceId })).status).toBe(409)
      expect((await book(bruno, { ...free, preferenceId })).status).toBe(200)
    })
  })
})
