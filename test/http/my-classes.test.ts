import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { checkout, json, slot } from '../support/booking.ts'
import { classFor, freshSlots, later, meetUrlOf, newcomer } from '../support/scene.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'

interface Row extends Record<string, unknown> {
  id: string
  startTime: string
  status: string
}

async function list(client: Client, query = ''): Promise<{ response: Row[]; preparing: number }> {
  const answer = await client.get(`/api/my-classes${query}`)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('cache-control')).toBe('no-store')
  return (await json(answer)) as { response: Row[]; preparing: number }
}

async function only(client: Client, query = ''): Promise<Row> {
  const { response } = await list(client, query)
  expect(response).toHaveLength(1)
  return response[0]!
}

const slotOf = freshSlots()

describe('GET /api/my-classes (behaviour 4.10)', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())
  beforeEach(() => world.clock.set(MONDAY_9H))

  it('401 without login', async () => {
    const answer = await world.anonymous.get('/api/my-classes')
    expect({ status: answer.status, body: await json(answer) }).toEqual({ status: 401, body: { error: 'Unauthorized' } })
  })

  it.each(['?view=past', '?view=', '?view=upcoming&filter=all', '?filter=all', '?view=history&filter=past', '?view=history&filter='])(
    '400 for the query %s',
    async (query) => {
      const answer = await (await world.student(0)).get(`/api/my-classes${query}`)
      expect({ status: answer.status, body: await json(answer) }).toEqual({ status: 400, body: { error: 'Filtro inválido' } })
    },
  )

  it('a new person has no classes', async () => {
    expect(await list(await newcomer(world))).toEqual({ response: [], preparing: 0 })
  })

  it('the host sees code, objective and what can be done; a guest sees none of that', async () => {
    const { host, code, classId, start, end } = await classFor(world, 3, slotOf(), 'Hablar de viajes')
    world.clock.set(later(start, -HOUR_MS))
    const guest = await newcomer(world)
    await guest.post('/api/access-code', { accessCode: code })
    const shared = {
      id: classId,
      startTime: start,
      endTime: end,
      classType: 'grupal',
      status: 'scheduled',
      cancelReason: null,
      activityStatus: 'pending',
      activityId: null,
      activityCompleted: false,
      currentParticipants: 2,
      maxParticipants: 3,
      joinable: true,
      joinUrl: `/api/classes/${classId}/join`,
    }
    expect(await only(host)).toMatchObject({
      ...shared,
      rol: 'anfitrion',
      learningFocus: 'Hablar de viajes',
      accessCode: code,
      canCancel: true,
      refundIfCancelled: 'none',
    })
    expect(await only(guest)).toEqual({ ...shared, rol: 'participante' })
    const link = await meetUrlOf(world, classId)
    for (const client of [host, guest]) expect(JSON.stringify(await list(client))).not.toContain(link)
    expect(JSON.stringify(await list(await newcomer(world)))).not.toContain(code)
  })

  it('pending classes are hidden, also when they are paid: those are only counted (D19, D19a)', async () => {
    const host = await newcomer(world)
    await checkout(host, slotOf())
    expect(await list(host)).toEqual({ response: [], preparing: 0 })
    await world.control('/google/conference', { mode: 'pending', gets: 100, count: 1 })
    const paid = await checkout(host, slotOf())
    await world.control('/mercado-pago/pay', { preferenceId: paid.preferenceId })
    await world.settle()
    expect(await list(host)).toEqual({ response: [], preparing: 1 })
    expect((await list(host, '?view=history')).response).toEqual([])
    const page = await (await host.get('/inicio/mis-clases-virtuales')).text()
    expect(page).toContain('Tu pago fue aprobado. Estamos preparando el enlace de tu clase.')
  })

  it('upcoming is ordered by start, and a class leaves it at its end', async () => {
    const host = await newcomer(world)
    const slots = [slotOf(), slotOf(), slotOf()]
    for (const index of [2, 0, 1]) {
      const held = await checkout(host, slots[index]!)
      await world.control('/mercado-pago/pay', { preferenceId: held.preferenceId })
    }
    await world.settle()
    const starts = slots.map(({ start }) => start)
    expect((await list(host)).response.map((row) => row.startTime)).toEqual(starts)
    world.clock.set(later(slots[0]!.end, -SECOND_MS))
    expect((await list(host)).response).toHaveLength(3)
    world.clock.set(slots[0]!.end)
    expect((await list(host)).response.map((row) => row.startTime)).toEqual(starts.slice(1))
  })

  it.each([
    ['start − 60 min − 1 s', 'start', -HOUR_MS - SECOND_MS, false],
    ['start − 60 min', 'start', -HOUR_MS, true],
    ['start', 'start', 0, true],
    ['end − 1 s', 'end', -SECOND_MS, true],
  ] as const)('the join control at %s', async (_, edge, offset, joinable) => {
    const scene = await classFor(world, 1, slotOf())
    world.clock.set(later(scene[edge], offset))
    expect(await only(scene.host)).toMatchObject({ joinable, joinUrl: joinable ? `/api/classes/${scene.classId}/join` : null })
  })

  it.each([
    ['24 h + 1 s before', -DAY_MS - SECOND_MS, true, 'full'],
    ['exactly 24 h before', -DAY_MS, true, 'full'],
    ['24 h − 1 s before', -DAY_MS + SECOND_MS, true, 'none'],
    ['1 s before', -SECOND_MS, true, 'none'],
    ['at the start', 0, false, 'none'],
  ] as const)('what a cancellation would give back %s', async (_, offset, canCancel, refundIfCancelled) => {
    const { host, start } = await classFor(world, 1, slotOf())
    world.clock.set(later(start, offset))
    expect(await only(host)).toMatchObject({ canCancel, refundIfCancelled })
  })

  it('a cancelled class stays until its planned end, without code and without entrance, for host and guest (R36)', async () => {
    const { host, code, classId, start, end } = await classFor(world, 2, slotOf())
    const guest = await newcomer(world)
    world.clock.set(later(start, -HOUR_MS))
    await guest.post('/api/access-code', { accessCode: code })
    await host.post(`/api/classes/${classId}/cancel`)
    await world.settle()
    for (const client of [host, guest]) {
      const row = await only(client)
      expect(row).toMatchObject({ status: 'cancelled', cancelReason: 'host_cancelled', joinable: false, joinUrl: null })
      expect(Object.keys(row)).not.toContain('accessCode')
    }
    expect(await only(host)).toMatchObject({ canCancel: false, refundIfCancelled: 'none' })
    world.clock.set(end)
    for (const client of [host, guest]) expect((await list(client)).response).toEqual([])
  })

  it('history: all is newest first with what was cancelled before confirmation; upcoming is what is scheduled, ascending (R26)', async () => {
    const host = await newcomer(world)
    const [done, cancelled, next, last, expired] = [slotOf(), slotOf(), slotOf(), slotOf(), slotOf()]
    const booked: Record<string, string> = {}
    for (const [name, when] of Object.entries({ done, cancelled, next, last })) {
      const held = await checkout(host, when)
      booked[name] = held.classId
      await world.control('/mercado-pago/pay', { preferenceId: held.preferenceId })
    }
    const unpaid = await checkout(host, expired)
    await world.settle()
    await host.post(`/api/classes/${booked.cancelled}/cancel`)
    world.clock.advance(21 * MINUTE_MS)
    await world.settle()
    world.clock.set(done.end)
    await world.settle()

    const all = (await list(host, '?view=history')).response
    expect(all.map(({ id, status, cancelReason }) => [id, status, cancelReason])).toEqual([
      [unpaid.classId, 'cancelled', 'hold_expired'],
      [booked.last, 'scheduled', null],
      [booked.next, 'scheduled', null],
      [booked.cancelled, 'cancelled', 'host_cancelled'],
      [booked.done, 'completed', null],
    ])
    expect(await list(host, '?view=history&filter=all')).toEqual(await list(host, '?view=history'))
    // A list that could be longer than a page says how long it is.
    expect(await list(host, '?view=history&page=7')).toMatchObject({ page: 1, pagesTotal: 1, total: all.length })
    expect((await list(host, '?view=history&filter=upcoming')).response.map(({ id }) => id)).toEqual([booked.next, booked.last])
    const withCode = all.filter((row) => 'accessCode' in row).map(({ status }) => status)
    expect(withCode).toEqual(['scheduled', 'scheduled'])
    // Invariant 16: nothing is both coming and past.
    const coming = new Set((await list(host)).response.map(({ id }) => id))
    expect(all.filter((row) => Date.parse(String(row.endTime)) <= Date.parse(done.end)).filter(({ id }) => coming.has(id))).toEqual([])
  })

  it("history of a guest: own classes only, and never another person's unpaid bookings", async () => {
    const { code, classId, start } = await classFor(world, 2, slotOf())
    const guest = await newcomer(world)
    expect((await list(guest, '?view=history')).response).toEqual([])
    world.clock.set(start)
    await guest.post('/api/access-code', { accessCode: code })
    expect((await only(guest, '?view=history')).id).toBe(classId)
  })
})

describe('times are those of Argentina, wherever server and browser stand (scenario J, invariant 8, 10.4)', () => {
  let world: World
  const zone = process.env.TZ
  beforeAll(async () => {
    world = await openWorld()
    const weekdays = [1, 2, 3, 4, 5, 6, 7]
    const opening = weekdays.map((weekday) => ({ weekday, opens: '00:00', closes: '24:00' }))
    const saved = await (await world.admin()).send('PUT', '/api/admin/schedule', {
      slotMinutes: 60,
      minNoticeMinutes: 120,
      horizonDays: 60,
      opening,
    })
    expect(saved.status).toBe(200)
  })
  afterAll(() => world.close())
  beforeEach(() => world.clock.set(MONDAY_9H))
  afterEach(() => {
    process.env.TZ = zone
  })

  it.each([
    ['18:00', '2026-11-26T21:00:00.000Z', '26/11/2026', '18:00 a 19:00 hs'],
    ['20:00', '2026-11-26T23:00:00.000Z', '26/11/2026', '20:00 a 21:00 hs'],
    ['21:00', '2026-11-27T00:00:00.000Z', '26/11/2026', '21:00 a 22:00 hs'],
    ['23:00', '2026-11-27T02:00:00.000Z', '26/11/2026', '23:00 a 00:00 hs'],
    ['00:00', '2026-11-26T03:00:00.000Z', '26/11/2026', '00:00 a 01:00 hs'],
  ])('a class at %s', async (time, instant, date, hours) => {
    const when = slot('2026-11-26', time)
    expect(when.start).toBe(instant)
    const { host, classId } = await classFor(world, 2, when)
    const [row] = await world.rows<{ event: string }>('SELECT google_event_id AS event FROM virtual_class WHERE id = $1', [classId])
    const event = (await world.control(`/google/events/${row?.event}`)) as { start: Record<string, string> }
    expect(event.start).toEqual({ dateTime: `2026-11-26T${time}:00-03:00`, timeZone: 'America/Argentina/Buenos_Aires' })
    for (const server of ['UTC', 'America/Argentina/Buenos_Aires', 'Asia/Tokyo', 'Europe/Madrid', 'Pacific/Kiritimati']) {
      process.env.TZ = server
      world.clock.set(MONDAY_9H)
      const page = await (await host.get('/inicio/mis-clases-virtuales', { 'accept-language': 'en-US' })).text()
      expect(page, server).toContain(date)
      expect(page, server).toContain(hours)
      world.clock.set(later(instant, -HOUR_MS - SECOND_MS))
      expect(await only(host), server).toMatchObject({ startTime: instant, joinable: false })
      world.clock.set(later(instant, -HOUR_MS))
      expect(await only(host), server).toMatchObject({ startTime: instant, joinable: true })
    }
  })
})
