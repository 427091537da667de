import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../src/kernel/clock.ts'
import { addDays, wallDate, wallTime } from '../../src/kernel/zoned-time.ts'
import { checkout, confirmedClass, json, slot } from '../support/booking.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'
import { appointment, interval, send, unchanged } from './booking-bench.ts'

const PATH = '/api/availability'

interface Slot {
  start: string
  end: string
  state: 'free' | 'taken' | 'unavailable'
}

interface Answer {
  timeZone: string
  slotMinutes: number
  slots: Slot[]
  reason?: string
}

async function read(client: Client, query = ''): Promise<Answer> {
  const response = await client.get(`${PATH}${query}`)
  if (response.status !== 200) throw new Error(`${query} answered ${response.status} ${await response.text()}`)
  return (await response.json()) as Answer
}

const day = (date: string) => `?from=${date}&to=${date}`

describe('GET /api/availability (4.9)', () => {
  let world: World
  let ana: Client
  beforeAll(async () => {
    world = await openWorld({ env: { MAX_UNPAID_HOLDS: '100' } })
    ana = await world.signIn('ana@example.com', 'Ana Gómez')
  })
  afterEach(() => world.clock.set(MONDAY_9H))
  afterAll(() => world.close())

  /** State of the slot at that ART time. */
  const stateAt = async (date: string, time: string) =>
    (await read(world.anonymous, day(date))).slots.find(({ start }) => start === slot(date, time).start)?.state

  it('needs no login and says the zone, the slot’s length and every slot of today and the six days after', async () => {
    const answer = await read(world.anonymous)
    expect(Object.keys(answer).sort()).toEqual(['slotMinutes', 'slots', 'timeZone'])
    expect(answer).toMatchObject({ timeZone: 'America/Argentina/Buenos_Aires', slotMinutes: 60 })
    // Monday to Saturday have twelve slots each, Sunday has none.
    expect(answer.slots).toHaveLength(72)
    const dates = new Set(answer.slots.map(({ start }) => wallDate(new Date(start))))
    expect([...dates]).toEqual(['2026-11-23', '2026-11-24', '2026-11-25', '2026-11-26', '2026-11-27', '2026-11-28'])
    for (const each of answer.slots) {
      expect(Object.keys(each).sort()).toEqual(['end', 'start', 'state'])
      expect(new Date(each.end).getTime() - new Date(each.start).getTime()).toBe(60 * MINUTE_MS)
      expect(each.start).toMatch(/Z$/)
    }
    const starts = answer.slots.map(({ start }) => start)
    expect(starts).toEqual([...starts].sort())
  })

  it('the first slot of a day is 09:00 to 10:00 in Argentina, the last 20:00 to 21:00', async () => {
    const { slots } = await read(world.anonymous, day('2026-11-25'))
    expect(slots[0]).toEqual({ ...slot('2026-11-25', '09:00'), state: 'free' })
    expect(slots[11]).toEqual({ ...slot('2026-11-25', '20:00'), state: 'free' })
    // 21:00 in Argentina is midnight in UTC: it still belongs to this day.
    expect(slots[11]?.end).toBe('2026-11-26T00:00:00.000Z')
  })

  it('closed days have no slots', async () => {
    expect((await read(world.anonymous, day('2026-11-29'))).slots).toEqual([])
  })

  it('what is past or inside the notice is unavailable, exactly two hours ahead is free', async () => {
    const states = async () => (await read(world.anonymous, day('2026-11-23'))).slots.map(({ state }) => state)
    expect(await states()).toEqual(['unavailable', 'unavailable', ...Array(10).fill('free')])
    world.clock.set('2026-11-23T12:00:00.001Z')
    expect(await states()).toEqual(['unavailable', 'unavailable', 'unavailable', ...Array(9).fill('free')])
    world.clock.set('2026-11-23T23:30:00Z')
    expect(await states()).toEqual(Array(12).fill('unavailable'))
    expect((await read(world.anonymous, day('2026-11-21'))).slots.every(({ state }) => state === 'unavailable')).toBe(true)
  })

  it('day 60 is free, day 61 is unavailable', async () => {
    expect(await stateAt(addDays('2026-11-23', 60), '20:00')).toBe('free')
    expect(await stateAt(addDays('2026-11-23', 61), '09:00')).toBe('unavailable')
  })

  it('holds and confirmed classes are taken; a hold given up is free again', async () => {
    const held = await checkout(ana, slot('2026-12-01', '10:00'))
    await confirmedClass(world, ana, slot('2026-12-01', '11:00'))
    expect(await stateAt('2026-12-01', '09:00')).toBe('free')
    expect(await stateAt('2026-12-01', '10:00')).toBe('taken')
    expect(await stateAt('2026-12-01', '11:00')).toBe('taken')
    await ana.post(`/api/classes/${held.classId}/cancel`)
    expect(await stateAt('2026-12-01', '10:00')).toBe('free')
  })

  it('a cancelled class is free at once, although its event still stands in the calendar', async () => {
    const { classId } = await confirmedClass(world, ana, slot('2026-12-01', '15:00'))
    world.clock.advance(2 * MINUTE_MS)
    expect((await ana.post(`/api/classes/${classId}/cancel`)).status).toBe(200)
    expect(await stateAt('2026-12-01', '15:00')).toBe('free')
  })

  it('busy time of the calendar takes every slot that it touches', async () => {
    await appointment(world, interval('2026-12-02', '10:59', 2))
    await appointment(world, interval('2026-12-02', '14:00', 60))
    await world.control('/google/events', {
      summary: 'Feriado',
      start: { date: '2026-12-03' },
      end: { date: '2026-12-04' },
      transparency: 'opaque',
    })
    await world.control('/google/events', {
      summary: 'Recordatorio',
      transparency: 'transparent',
      start: { dateTime: slot('2026-12-02', '18:00').start },
      end: { dateTime: slot('2026-12-02', '18:00').end },
    })
    await world.control('/google/events', {
      summary: 'Gimnasia',
      recurrence: ['RRULE:FREQ=DAILY;COUNT=3'],
      start: { dateTime: slot('2026-12-09', '09:00').start, timeZone: 'America/Argentina/Buenos_Aires' },
      end: { dateTime: slot('2026-12-09', '09:00').end, timeZone: 'America/Argentina/Buenos_Aires' },
    })
    // A page shows what the timed reading found.
    world.clock.advance(10 * MINUTE_MS)
    await world.settle()
    const taken = async (date: string) =>
      (await read(world.anonymous, day(date))).slots.filter(({ state }) => state === 'taken').map(({ start }) => wallTime(new Date(start)))
    expect(await taken('2026-12-02')).toEqual(['10:00', '11:00', '14:00'])
    expect(await taken('2026-12-03')).toHaveLength(12)
    expect(await taken('2026-12-04')).toEqual([])
    for (const date of ['2026-12-09', '2026-12-10', '2026-12-11']) expect(await taken(date)).toEqual(['09:00'])
    expect(await taken('2026-12-12')).toEqual([])
  })

  it('a blackout leaves no slot, and what is free can be booked', async () => {
    const admin = await world.admin()
    const closed = interval('2026-12-14', '12:30', 60)
    await admin.post('/api/admin/blackouts', { from: closed.start, to: closed.end, note: 'Nota del profe' })
    const { slots } = await read(world.anonymous, day('2026-12-14'))
    expect(slots.map(({ start }) => wallTime(new Date(start)))).not.toContain('12:00')
    expect(slots.map(({ start }) => wallTime(new Date(start)))).not.toContain('13:00')
    expect(slots).toHaveLength(10)
    for (const { start, end } of slots.filter(({ state }) => state === 'free').slice(0, 3)) {
      expect((await send(ana, '/api/checkout', { start, end })).status).toBe(200)
    }
  })

  it('says nothing about anybody', async () => {
    await checkout(ana, slot('2026-12-15', '10:00'), { text: 'Objetivo privado' })
    const text = await (await world.anonymous.get(`${PATH}?from=2026-11-23&to=2027-01-22`)).text()
    for (const secret of ['ana@example.com', 'Ana', 'Objetivo', 'Dentista', 'Nota', 'meet', 'http']) expect(text).not.toContain(secret)
  })

  it('answers 62 days at once, and no more', async () => {
    expect((await read(world.anonymous, '?from=2026-11-23&to=2027-01-23')).slots.length).toBeGreaterThan(600)
    const refused = await world.anonymous.get(`${PATH}?from=2026-11-23&to=2027-01-24`)
    expect(refused.status).toBe(400)
    expect(await refused.json()).toEqual({ error: 'Rango de fechas inválido' })
  })

  it('refuses bad and reversed dates', async () => {
    const ranges = [
      'from=2026-12-02&to=2026-12-01',
      'from=2026-13-01',
      'from=2026-02-30&to=2026-03-01',
      'from=2026-12-01&to=mañana',
      'from=',
      'to=',
      'from=2026-12-01T00:00:00Z',
      'from=01/12/2026',
      'from=2026-12-1',
      'from=-000001-01-01',
      'from=0000-01-01',
      'from=0000-01-01&to=0000-01-02',
      'from=9999-12-31',
      'from=9999-12-31&to=9999-12-31',
      'from=9998-12-31',
      'to=2026-11-22',
      'from=2026-12-01%00',
      'from[]=2026-12-01&from=x',
      `from=${'9'.repeat(5_000)}`,
    ]
    await unchanged(world, async () => {
      for (const range of ranges) {
        const refused = await world.anonymous.get(`${PATH}?${range}`)
        expect([range, refused.status, await refused.json()]).toEqual([range, 400, { error: 'Rango de fechas inválido' }])
      }
    })
  })

  it('far away dates are unavailable, not a failure', async () => {
    for (const date of ['0001-01-01', '1900-06-05', '2500-01-01', '9998-12-30']) {
      const { slots } = await read(world.anonymous, day(date))
      expect(slots.every(({ state }) => state === 'unavailable')).toBe(true)
    }
  })

  it('today is the Argentine day, also when UTC has gone on', async () => {
    world.clock.set('2026-11-24T02:59:00Z')
    expect(wallDate(new Date((await read(world.anonymous)).slots[0]?.start ?? ''))).toBe('2026-11-23')
    world.clock.set('2026-11-24T03:00:00Z')
    expect(wallDate(new Date((await read(world.anonymous)).slots[0]?.start ?? ''))).toBe('2026-11-24')
  })
})

describe('with no calendar connected', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld({ calendar: false })
  })
  afterAll(() => world.close())

  it('slots are free all the same', async () => {
    const answer = await read(world.anonymous)
    expect(answer.reason).toBeUndefined()
    expect(answer.slots.filter(({ state }) => state === 'free')).toHaveLength(70)
  })
})

describe('with an empty database, before anybody teaches', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld({ calendar: false, env: { ADMIN_EMAIL: '' } })
  })
  afterAll(() => world.close())

  it('there are no slots, no classes and no failure', async () => {
    expect(await read(world.anonymous)).toEqual({ timeZone: 'America/Argentina/Buenos_Aires', slotMinutes: 60, slots: [] })
    expect(await send(await world.student(), '/api/checkout', slot('2026-11-24', '10:00'))).toEqual({
      status: 400,
      body: { error: 'El horario está fuera de los horarios de atención' },
    })
    expect(await json(world.anonymous.get('/api/upcoming-classes'))).toEqual({ response: [] })
  })
})

describe('with a calendar that cannot be read', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())

  it('the last reading is believed for 30 minutes, then everything is unavailable, with a reason', async () => {
    await appointment(world, slot('2026-11-24', '10:00'))
    const states = async () => {
      const { slots, reason } = await read(world.anonymous, day('2026-11-24'))
      return { states: slots.map(({ state }) => state), reason }
    }
    const known = { states: ['free', 'taken', ...Array(10).fill('free')], reason: undefined }
    expect(await states()).toEqual(known)
    await world.control('/google/faults', { route: 'freebusy.query', kind: 'error', status: 500, count: 1_000 })
    world.clock.advance(30 * MINUTE_MS)
    expect(await states()).toEqual(known)
    world.clock.advance(1)
    expect(await states()).toEqual({ states: Array(12).fill('unavailable'), reason: 'calendar' })
    await world.control('/google/faults', undefined, 'DELETE')
    // Found again by the timed reading; pages do not ask every time.
    expect(await states()).toEqual({ states: Array(12).fill('unavailable'), reason: 'calendar' })
    await world.settle()
    expect(await states()).toEqual(known)
  })
})
