import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { checkout, json, slot } from '../support/booking.ts'
import { askedOfGoogle, classFor, expectCleanLog, freshSlots, later, newcomer } from '../support/scene.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'

const ZONE = 'America/Argentina/Buenos_Aires'
const UNREADABLE = { status: 500, body: { error: 'Failed to fetch calendar events' } }

interface Shown {
  start: { dateTime: string; timeZone: string }
  end: { dateTime: string; timeZone: string }
  status: string
}

const shown = (start: string, end: string, status = 'confirmed'): Shown => ({
  start: { dateTime: start, timeZone: ZONE },
  end: { dateTime: end, timeZone: ZONE },
  status,
})

const slotOf = freshSlots()

describe('GET /api/calendar (behaviour 4.4)', () => {
  let world: World
  let made: string[] = []
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())
  // Every test has its own ten minutes: what was shown in another one is not remembered.
  let tests = 0
  beforeEach(() => {
    tests += 1
    world.clock.set(later(MONDAY_9H, tests * 10 * MINUTE_MS))
  })
  afterEach(async () => {
    await world.control('/google/faults', undefined, 'DELETE')
    await world.control('/google/settings', { listPageSizeMax: null }, 'PATCH')
    for (const id of made) await world.control(`/google/events/${id}`, undefined, 'DELETE')
    made = []
  })

  /** What the teacher writes into the calendar by hand. */
  async function byHand(event: Record<string, unknown>): Promise<string> {
    const id = `amano${crypto.randomUUID().replaceAll('-', '')}`
    await world.control('/google/events', { id, summary: 'Médico de Ana', description: 'privado', ...event })
    made.push(id)
    return id
  }

  const from = (time: string, to: string, date = '2026-11-24') => ({
    start: { dateTime: `${date}T${time}:00-03:00` },
    end: { dateTime: `${date}T${to}:00-03:00` },
  })

  /** Reads with nothing remembered from before. */
  async function read(client: Client = world.anonymous): Promise<{ status: number; body: unknown }> {
    world.clock.advance(61 * SECOND_MS)
    return readAgain(client)
  }

  async function readAgain(client: Client = world.anonymous): Promise<{ status: number; body: unknown }> {
    const answer = await client.get('/api/calendar')
    return { status: answer.status, body: await answer.json() }
  }

  it('no events: an empty list', async () => {
    expect(await read()).toEqual({ status: 200, body: [] })
  })

  it('exactly start, end and status, written with the Argentine offset, sorted, and cached for at most 60 seconds', async () => {
    await byHand(from('15:00', '16:30'))
    await byHand({
      start: { dateTime: '2026-11-24T13:00:00Z' },
      end: { dateTime: '2026-11-24T14:00:00Z' },
      status: 'tentative',
      attendees: [{ email: 'ana@example.com' }],
      location: 'Calle 1',
    })
    expect(await read()).toEqual({
      status: 200,
      body: [
        shown('2026-11-24T10:00:00-03:00', '2026-11-24T11:00:00-03:00', 'tentative'),
        shown('2026-11-24T15:00:00-03:00', '2026-11-24T16:30:00-03:00'),
      ],
    })
    const answer = await world.anonymous.get('/api/calendar')
    expect(Number(/max-age=(\d+)/.exec(answer.headers.get('cache-control') ?? '')?.[1])).toBeLessThanOrEqual(60)
  })

  it('recurring events are expanded', async () => {
    await byHand({
      start: { dateTime: '2026-11-24T10:00:00', timeZone: ZONE },
      end: { dateTime: '2026-11-24T11:00:00', timeZone: ZONE },
      recurrence: ['RRULE:FREQ=WEEKLY;COUNT=3'],
    })
    expect((await read()).body).toEqual(
      ['24', '01', '08'].map((day) => {
        const date = day === '24' ? '2026-11-24' : `2026-12-${day}`
        return shown(`${date}T10:00:00-03:00`, `${date}T11:00:00-03:00`)
      }),
    )
  })

  it('all-day events are whole Argentine days', async () => {
    await byHand({ start: { date: '2026-12-24' }, end: { date: '2026-12-26' } })
    expect((await read()).body).toEqual([shown('2026-12-24T00:00:00-03:00', '2026-12-26T00:00:00-03:00')])
  })

  it('transparent and cancelled events are left out', async () => {
    await byHand({ ...from('10:00', '11:00'), transparency: 'transparent' })
    const cancelled = await byHand(from('12:00', '13:00'))
    await world.control(`/google/events/${cancelled}`, undefined, 'DELETE')
    made = made.filter((id) => id !== cancelled)
    expect((await read()).body).toEqual([])
  })

  it('only what has not ended, also inside the cached minute', async () => {
    await byHand(from('18:00', '19:00', '2026-11-23'))
    await byHand(from('18:30', '19:30', '2026-11-23'))
    const running = shown('2026-11-23T18:30:00-03:00', '2026-11-23T19:30:00-03:00')
    world.clock.set('2026-11-23T22:28:00Z')
    expect((await read()).body).toEqual([running])
    world.clock.set('2026-11-23T22:29:59Z')
    expect((await readAgain()).body).toEqual([running])
    world.clock.set('2026-11-23T22:30:00Z')
    expect((await readAgain()).body).toEqual([])
  })

  it('all pages are read', async () => {
    await world.control('/google/settings', { listPageSizeMax: 2 }, 'PATCH')
    const hours = ['09', '10', '11', '12', '13', '14', '15']
    for (const hour of hours) await byHand(from(`${hour}:00`, `${hour}:45`))
    expect(((await read()).body as Shown[]).map(({ start }) => start.dateTime)).toEqual(
      hours.map((hour) => `2026-11-24T${hour}:00:00-03:00`),
    )
  })

  it("the product's own classes are there once: before Google shows them, and afterwards", async () => {
    expect((await read()).body).toEqual([])
    const when = slot('2026-11-25', '20:00')
    const { host, classId } = await classFor(world, 2, when, 'Objetivo secreto')
    const own = shown('2026-11-25T20:00:00-03:00', '2026-11-25T21:00:00-03:00')
    expect((await readAgain()).body).toEqual([own])
    expect((await read()).body).toEqual([own])

    const [row] = await world.rows<{ event: string }>('SELECT google_event_id AS event FROM virtual_class WHERE id = $1', [classId])
    await world.control(`/google/events/${row?.event}`, { transparency: 'transparent' }, 'PATCH')
    expect((await read()).body).toEqual([own])
    await world.control(`/google/events/${row?.event}`, undefined, 'DELETE')
    expect((await read()).body).toEqual([own])
    await host.post(`/api/classes/${classId}/cancel`)
    await world.settle()
    expect((await read()).body).toEqual([])
  })

  it('in pages, for whoever asks so: the same list, with where it goes on', async () => {
    for (const hour of [9, 11, 13, 15, 17]) await byHand(from(`${String(hour).padStart(2, '0')}:00`, `${hour + 1}:00`))
    const { body: all } = await read()
    const pages: unknown[] = []
    let address: string | undefined = '/api/calendar?pageSize=2'
    for (let turns = 0; address && turns < 5; turns++) {
      const page = await world.anonymous.get(address)
      expect(page.headers.get('x-total-count')).toBe('5')
      pages.push(await page.json())
      address = /<([^>]+)>; rel="next"/.exec(page.headers.get('link') ?? '')?.[1]
    }
    expect(pages.map((page) => (page as unknown[]).length)).toEqual([2, 2, 1])
    expect(pages.flat()).toEqual(all)
    for (const nonsense of ['pageSize=0', 'pageSize=x', 'pageSize=5&page=99'])
      expect(await json(world.anonymous.get(`/api/calendar?${nonsense}`))).toEqual(all)
  })

  it('holds and classes that are being prepared are not part of it', async () => {
    await checkout(await newcomer(world), slotOf())
    expect((await read()).body).toEqual([])
  })

  it('nothing personal, for nobody: no summary, description, attendee, id or link', async () => {
    const { host, code, classId } = await classFor(world, 2, slotOf(), 'Objetivo secreto')
    await byHand(from('10:00', '11:00'))
    for (const client of [world.anonymous, host, await world.admin()]) {
      const text = JSON.stringify((await read(client)).body)
      for (const secret of ['Médico', 'privado', 'Clase de Inglés', 'secreto', '@', code, classId, 'http', 'amano'])
        expect(text).not.toContain(secret)
    }
    await host.post(`/api/classes/${classId}/cancel`)
    await world.settle()
  })

  it('unreadable: 500, unless an answer younger than 60 seconds is remembered', async () => {
    await byHand(from('10:00', '11:00'))
    const good = await read()
    await world.control('/google/faults', { route: 'events.list', kind: 'error', status: 503, count: 100 })
    world.clock.advance(59 * SECOND_MS)
    expect(await readAgain()).toEqual(good)
    world.clock.advance(SECOND_MS)
    const before = (await askedOfGoogle(world, 'GET', '/events?')).length
    for (let visits = 0; visits < 5; visits++) expect(await readAgain()).toEqual(UNREADABLE)
    // What failed a moment ago is not asked again for every visitor.
    expect(await askedOfGoogle(world, 'GET', '/events?')).toHaveLength(before + 1)
    await world.control('/google/faults', undefined, 'DELETE')
    world.clock.advance(10 * SECOND_MS)
    expect(await readAgain()).toEqual(good)
  })

  it('a crowd costs one question to Google', async () => {
    world.clock.advance(61 * SECOND_MS)
    const before = (await askedOfGoogle(world, 'GET', '/events?')).length
    const answers = await Promise.all(Array.from({ length: 10 }, () => readAgain()))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    expect((await askedOfGoogle(world, 'GET', '/events?')).length - before).toBe(1)
  })

  it('with a dead grant: 500; with no calendar connected: the own classes', async () => {
    const { host, classId } = await classFor(world, 2, slot('2026-11-27', '10:00'))
    await world.control('/google/grants/profe@hablainglesya.test', undefined, 'DELETE')
    expect(await read()).toEqual(UNREADABLE)
    expect(await read()).toEqual(UNREADABLE)
    await (await world.admin()).submit('/api/admin/google/disconnect', {})
    expect(await read()).toEqual({ status: 200, body: [shown('2026-11-27T10:00:00-03:00', '2026-11-27T11:00:00-03:00')] })
    await host.post(`/api/classes/${classId}/cancel`)
    expect(await readAgain()).toEqual({ status: 200, body: [] })
    await expectCleanLog(world)
  })
})
