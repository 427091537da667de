import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { confirmedClass, json, slot } from '../support/booking.ts'
import { openWorld, type World } from '../support/world.ts'

describe('what reaches beyond the usual', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())

  it('a busy hour of the teacher four months ahead closes its slot, when the horizon reaches that far', async () => {
    const admin = await world.admin()
    const schedule = await json(admin.get('/api/admin/schedule'))
    expect((await admin.send('PUT', '/api/admin/schedule', { ...schedule, horizonDays: 150 })).status).toBe(200)
    const far = slot('2027-03-16', '10:00')
    await world.control('/google/events', { id: 'lejos0', summary: 'Congreso', start: { dateTime: far.start }, end: { dateTime: far.end } })
    const { slots } = (await json(world.anonymous.get('/api/availability?from=2027-03-16&to=2027-03-16'))) as {
      slots: { start: string; state: string }[]
    }
    expect(slots.find(({ start }) => start === far.start)?.state).toBe('taken')
    expect(slots.filter(({ state }) => state === 'free')).toHaveLength(11)
  })

  it('a cancellation is told to the host with what happens to the money, and to each guest without it', async () => {
    const host = await world.signIn('anfitriona@correo.test', 'Ana Ruiz')
    const guest = await world.signIn('invitado@correo.test', 'Beto Molina')
    const when = slot('2026-11-24', '10:00')
    const { classId, code } = await confirmedClass(world, host, when, { isGroupClass: true, studentsCount: 2 })
    world.clock.set('2026-11-24T12:30:00Z')
    expect((await guest.post('/api/access-code', { accessCode: code })).status).toBe(200)
    expect((await host.post(`/api/classes/${classId}/cancel`)).status).toBe(200)
    await world.settle()
    const toHost = JSON.stringify(await world.control('/mail?to=anfitriona@correo.test'))
    const toGuest = JSON.stringify(await world.control('/mail?to=invitado@correo.test'))
    expect(toHost).toContain('No corresponde reembolso.')
    expect(toGuest).toContain('Clase cancelada')
    expect(toGuest).not.toContain('eembolso')
  })
})
