import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../src/kernel/clock.ts'
import { checkout, confirmedClass, json, payAndConfirm, slot } from '../support/booking.ts'
import { type Client, openWorld, type World } from '../support/world.ts'

interface Listed {
  id: string
  status: string
  startTime: string
}

describe('GET /api/upcoming-classes (4.6)', () => {
  let world: World
  let ana: Client
  beforeAll(async () => {
    world = await openWorld({ env: { MAX_UNPAID_HOLDS: '100' } })
    ana = await world.signIn('ana@example.com', 'Ana Gómez')
  })
  afterAll(() => world.close())

  const list = async () => (await json(world.anonymous.get('/api/upcoming-classes'))).response as Listed[]
  const find = async (id: string) => (await list()).find((each) => each.id === id)

  it('with no classes is an empty list', async () => {
    const response = await world.anonymous.get('/api/upcoming-classes')
    expect(response.status).toBe(200)
    expect(await response.json()).toEqual({ response: [] })
  })

  it('comes sorted by start, whatever the order of booking', async () => {
    const booked = []
    for (const time of ['15:00', '09:00', '12:00']) booked.push(await checkout(ana, slot('2026-12-01', time)))
    const earlier = await checkout(ana, slot('2026-11-30', '20:00'))
    expect((await list()).map(({ id }) => id)).toEqual([earlier.classId, booked[1]?.classId, booked[2]?.classId, booked[0]?.classId])
  })

  it('says exactly six fields of each, with real values', async () => {
    const { classId } = await confirmedClass(world, ana, slot('2026-12-02', '10:00'), { isGroupClass: true, studentsCount: 3 })
    const listed = await find(classId)
    expect(listed).toEqual({
      id: classId,
      maxParticipants: 3,
      classType: 'grupal',
      status: 'scheduled',
      startTime: '2026-12-02T13:00:00.000Z',
      endTime: '2026-12-02T14:00:00.000Z',
    })
  })

  it('carries no code, link, person, price or objective, for anybody who asks', async () => {
    const { code, preferenceId } = await confirmedClass(world, ana, slot('2026-12-02', '11:00'), {
      isGroupClass: true,
      studentsCount: 2,
      text: 'Objetivo privado',
    })
    const [row] = await world.rows('SELECT meet_url, booked_by_id, google_event_id FROM virtual_class WHERE meet_url IS NOT NULL LIMIT 1')
    for (const client of [world.anonymous, ana, await world.admin()]) {
      const text = await (await client.get('/api/upcoming-classes')).text()
      const secrets = [
        code,
        preferenceId,
        row?.meet_url,
        row?.booked_by_id,
        row?.google_event_id,
        'Objetivo',
        'Ana',
        '@',
        'meet.google',
        '30000',
        'accessCode',
        'htmlLink',
        'bookedBy',
        'rice',
      ]
      for (const secret of secrets) expect(text).not.toContain(String(secret))
    }
  })

  it('an unexpired hold is pending; given up, or released at its end, it is absent', async () => {
    const given = await checkout(ana, slot('2026-12-03', '10:00'))
    const lapsing = await checkout(ana, slot('2026-12-03', '11:00'))
    expect(await find(given.classId)).toMatchObject({ status: 'pending' })
    await ana.post(`/api/classes/${given.classId}/cancel`)
    expect(await find(given.classId)).toBeUndefined()
    world.clock.advance(20 * MINUTE_MS)
    await world.settle()
    expect(await find(lapsing.classId)).toBeUndefined()
  })

  it('a class that is paid and waits for its event is pending, too', async () => {
    const held = await checkout(ana, slot('2026-12-03', '15:00'))
    await world.control('/google/faults', { route: 'events.insert', kind: 'error', status: 503, count: 1_000 })
    await payAndConfirm(world, held.preferenceId)
    world.clock.advance(25 * MINUTE_MS)
    await world.settle()
    expect(await find(held.classId)).toMatchObject({ status: 'pending' })
    await world.control('/google/faults', undefined, 'DELETE')
    world.clock.advance(60 * MINUTE_MS)
    await world.settle()
    expect(await find(held.classId)).toMatchObject({ status: 'scheduled' })
  })

  it('a confirmed class that is cancelled is absent', async () => {
    const { classId } = await confirmedClass(world, ana, slot('2026-12-04', '10:00'))
    await ana.post(`/api/classes/${classId}/cancel`)
    expect(await find(classId)).toBeUndefined()
  })

  it('a class is there at exactly its start and absent a moment later, and after its end', async () => {
    const { classId } = await confirmedClass(world, ana, slot('2026-12-05', '10:00'))
    world.clock.set('2026-12-05T13:00:00Z')
    expect(await find(classId)).toMatchObject({ status: 'scheduled' })
    world.clock.advance(1)
    expect(await find(classId)).toBeUndefined()
    world.clock.set('2026-12-05T14:00:00Z')
    await world.settle()
    expect(await find(classId)).toBeUndefined()
  })
})
