import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../src/kernel/clock.ts'
import { classStatus, payAndConfirm } from '../support/booking.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'
import { bookSlot, createPreference, send, slotDispenser, TAKEN, UNCONFIRMED_CALENDAR, unchanged } from './booking-bench.ts'

const TOO_MANY = { status: 409, body: { error: 'Ya tenés demasiadas reservas pendientes de pago' } }
const freshSlot = slotDispenser()

async function book(client: Client, when: { start: string; end: string }) {
  const { status, body } = await bookSlot(client, when)
  return { status, body }
}

describe('at most five unpaid holds (4.2 row 23, D7e)', () => {
  let world: World
  let people = 0
  beforeAll(async () => {
    world = await openWorld()
  })
  afterEach(() => world.clock.set(MONDAY_9H))
  afterAll(() => world.close())

  const somebody = () => world.signIn(`person-${people++}@example.com`)
  const hold = async (client: Client, count: number) => {
    const held = []
    for (let i = 0; i < count; i++) held.push(await bookSlot(client, freshSlot()))
    expect(held.map(({ status }) => status)).toEqual(Array(count).fill(200))
    return held
  }

  it('the sixth is refused, and changes nothing; somebody else is free to book', async () => {
    const ana = await somebody()
    await hold(ana, 5)
    const preferenceId = await createPreference(ana)
    expect(await unchanged(world, () => send(ana, '/api/booking', { ...freshSlot(), preferenceId }))).toEqual(TOO_MANY)
    expect((await book(await somebody(), freshSlot())).status).toBe(200)
  })

  it('parallel calls cannot slip past the limit together', async () => {
    const ana = await somebody()
    await hold(ana, 3)
    const preferences = await Promise.all([1, 2, 3, 4, 5].map(() => createPreference(ana)))
    const answers = await Promise.all(preferences.map((preferenceId) => send(ana, '/api/booking', { ...freshSlot(), preferenceId })))
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 200, 409, 409, 409])
    expect(answers.filter(({ status }) => status === 409)).toEqual([TOO_MANY, TOO_MANY, TOO_MANY])
  })

  it('a hold that is given up or paid makes room', async () => {
    const ana = await somebody()
    const [first, second] = await hold(ana, 5)
    await ana.post(`/api/classes/${first?.body.classId}/cancel`)
    expect((await book(ana, freshSlot())).status).toBe(200)
    expect(await book(ana, freshSlot())).toEqual(TOO_MANY)
    await payAndConfirm(world, String(second?.preferenceId))
    expect((await book(ana, freshSlot())).status).toBe(200)
  })

  it('a class that is paid already is no unpaid hold', async () => {
    const ana = await somebody()
    await hold(ana, 5)
    const preferenceId = await createPreference(ana)
    await world.control('/mercado-pago/pay', { preferenceId })
    await world.settle()
    const { status, body } = await send(ana, '/api/booking', { ...freshSlot(), preferenceId })
    expect(status).toBe(200)
    await world.settle()
    expect(await classStatus(world, String(body.classId))).toBe('scheduled')
  })

  it('the repeat of the fifth is still a success', async () => {
    const ana = await somebody()
    await hold(ana, 4)
    const body = { ...freshSlot(), preferenceId: await createPreference(ana) }
    const first = await send(ana, '/api/booking', body)
    expect(first.status).toBe(200)
    expect(await send(ana, '/api/booking', body)).toEqual(first)
  })

  it('the limit is told before the slot: five holds and a taken slot', async () => {
    const ana = await somebody()
    const [taken] = [freshSlot()]
    await book(await somebody(), taken)
    await hold(ana, 5)
    expect(await book(ana, taken)).toEqual(TOO_MANY)
  })

  it('holds that have run out are settled when they stand in the way, without waiting for the job', async () => {
    const ana = await somebody()
    const held = await hold(ana, 5)
    world.clock.advance(20 * MINUTE_MS - 1)
    expect(await book(ana, freshSlot())).toEqual(TOO_MANY)
    world.clock.advance(1)
    expect((await book(ana, freshSlot())).status).toBe(200)
    for (const { body } of held) expect(await classStatus(world, String(body.classId))).toBe('cancelled')
  })

  it('counts them while the provider is silent: a silent provider must not let one person hold everything', async () => {
    const ana = await somebody()
    await hold(ana, 5)
    world.clock.advance(20 * MINUTE_MS)
    const preferenceId = await createPreference(ana)
    await world.control('/mercado-pago/faults', { route: 'payment.search', kind: 'error', status: 503, count: 100 })
    expect(await send(ana, '/api/booking', { ...freshSlot(), preferenceId })).toEqual(TOO_MANY)
    await world.control('/mercado-pago/faults', undefined, 'DELETE')
  })
})

describe('a slot held by a hold that has run out, before the job has come round (D7a)', () => {
  let world: World
  let ana: Client
  let bruno: Client
  beforeAll(async () => {
    world = await openWorld({ env: { MAX_UNPAID_HOLDS: '100' } })
    ana = await world.signIn('ana@example.com')
    bruno = await world.signIn('bruno@example.com')
  })
  afterEach(async () => {
    await world.control('/mercado-pago/faults', undefined, 'DELETE')
    await world.control('/mercado-pago/settings', { notificationsPaused: false }, 'PATCH')
  })
  afterAll(() => world.close())

  const asked = async () => ((await world.control('/log?part=mercado-pago&path=/v1/payments/search')).requests as unknown[]).length
  const row = async (classId: unknown) =>
    (await world.rows('SELECT status, cancel_reason, paid_at FROM virtual_class WHERE id = $1', [classId]))[0]

  it('is accepted after the provider was asked; a moment before the end it is refused', async () => {
    const when = freshSlot()
    const first = await bookSlot(ana, when)
    world.clock.advance(20 * MINUTE_MS - 1)
    expect(await book(bruno, when)).toMatchObject({ status: 409, body: { error: TAKEN } })
    const before = await asked()
    world.clock.advance(1)
    expect((await book(bruno, when)).status).toBe(200)
    expect(await asked()).toBe(before + 1)
    expect(await row(first.body.classId)).toMatchObject({ status: 'cancelled', cancel_reason: 'hold_expired' })
  })

  it('is accepted for the same person, too', async () => {
    const when = freshSlot()
    const first = await bookSlot(ana, when)
    world.clock.advance(20 * MINUTE_MS)
    const again = await book(ana, when)
    expect(again.status).toBe(200)
    expect(again.body.classId).not.toBe(first.body.classId)
  })

  it('is refused while the provider is silent, and released after 30 minutes of silence', async () => {
    const when = freshSlot()
    const first = await bookSlot(ana, when)
    world.clock.advance(20 * MINUTE_MS)
    await world.control('/mercado-pago/faults', { route: 'payment.search', kind: 'drop', count: 1_000 })
    expect(await book(bruno, when)).toMatchObject({ status: 409, body: { error: TAKEN } })
    expect(await classStatus(world, String(first.body.classId))).toBe('pending')
    await world.settle()
    expect(await classStatus(world, String(first.body.classId))).toBe('pending')
    world.clock.advance(30 * MINUTE_MS - 1)
    expect(await book(bruno, when)).toMatchObject({ status: 409 })
    world.clock.advance(1)
    expect((await book(bruno, when)).status).toBe(200)
    expect(await row(first.body.classId)).toMatchObject({ status: 'cancelled', cancel_reason: 'hold_expired' })
  })

  it('is refused when the provider says that it was paid: the class is confirmed although every notification was lost', async () => {
    const when = freshSlot()
    const first = await bookSlot(ana, when)
    await world.control('/mercado-pago/settings', { notificationsPaused: true }, 'PATCH')
    world.clock.advance(19 * MINUTE_MS)
    await world.control('/mercado-pago/pay', { preferenceId: first.preferenceId })
    world.clock.advance(MINUTE_MS)
    expect(await book(bruno, when)).toMatchObject({ status: 409, body: { error: TAKEN } })
    expect(await row(first.body.classId)).toMatchObject({ status: 'pending', paid_at: world.clock.now() })
    await world.settle()
    expect(await classStatus(world, String(first.body.classId))).toBe('scheduled')
  })

  it('two people who want it at the same moment: exactly one gets it', async () => {
    const when = freshSlot()
    await bookSlot(ana, when)
    world.clock.advance(20 * MINUTE_MS)
    const preferences = await Promise.all([createPreference(ana), createPreference(bruno)])
    const answers = await Promise.all([
      send(ana, '/api/booking', { ...when, preferenceId: preferences[0] }),
      send(bruno, '/api/booking', { ...when, preferenceId: preferences[1] }),
    ])
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409])
  })

  it('the job frees it within 30 seconds when nobody asks', async () => {
    const first = await bookSlot(ana, freshSlot())
    world.clock.advance(20 * MINUTE_MS + 30_000)
    await world.settle()
    expect(await row(first.body.classId)).toMatchObject({ status: 'cancelled', cancel_reason: 'hold_expired' })
  })
})

describe('the calendar cannot be read (4.2 row 24b)', () => {
  let world: World
  let ana: Client
  beforeAll(async () => {
    world = await openWorld({ env: { MAX_UNPAID_HOLDS: '100' } })
    ana = await world.signIn('ana@example.com')
  })
  afterEach(() => world.control('/google/faults', undefined, 'DELETE'))
  afterAll(() => world.close())

  const googleIsDown = () => world.control('/google/faults', { route: 'freebusy.query', kind: 'error', status: 503, count: 1_000 })
  const UNCONFIRMED = { status: 503, body: { error: UNCONFIRMED_CALENDAR } }

  it('the last reading counts for exactly 30 minutes; after that nothing can be booked until it is read again', async () => {
    // This booking reads the calendar.
    expect((await book(ana, freshSlot())).status).toBe(200)
    await googleIsDown()
    expect((await book(ana, freshSlot())).status).toBe(200)
    world.clock.advance(30 * MINUTE_MS)
    expect((await book(ana, freshSlot())).status).toBe(200)
    world.clock.advance(1)
    const preferenceId = await createPreference(ana)
    expect(await unchanged(world, () => send(ana, '/api/booking', { ...freshSlot(), preferenceId }))).toEqual(UNCONFIRMED)
    expect(await unchanged(world, () => send(ana, '/api/checkout', freshSlot()))).toEqual(UNCONFIRMED)
    await world.control('/google/faults', undefined, 'DELETE')
    expect((await send(ana, '/api/booking', { ...freshSlot(), preferenceId })).status).toBe(200)
  })

  it('what was busy at the last reading stays busy', async () => {
    const when = freshSlot()
    await world.control('/google/events', { summary: 'Dentista', start: { dateTime: when.start }, end: { dateTime: when.end } })
    expect((await book(ana, when)).status).toBe(409)
    await googleIsDown()
    world.clock.advance(29 * MINUTE_MS)
    expect(await book(ana, when)).toMatchObject({ status: 409, body: { error: TAKEN } })
  })

  it('an error inside a 200 is no reading', async () => {
    expect((await book(ana, freshSlot())).status).toBe(200)
    world.clock.advance(31 * MINUTE_MS)
    await world.control('/google/freebusy-errors', { calendar: 'primary', reason: 'internalError', count: 1 })
    expect(await book(ana, freshSlot())).toEqual(UNCONFIRMED)
    expect((await book(ana, freshSlot())).status).toBe(200)
  })

  it('a grant that was taken away is a calendar that cannot be read', async () => {
    await world.control(`/google/grants/${world.deps.config.adminEmail}`, undefined, 'DELETE')
    world.clock.advance(31 * MINUTE_MS)
    expect(await book(ana, freshSlot())).toEqual(UNCONFIRMED)
    expect(await book(ana, freshSlot())).toEqual(UNCONFIRMED)
  })
})

describe('no calendar was ever connected', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld({ calendar: false })
  })
  afterAll(() => world.close())

  it('slots can be booked all the same', async () => {
    expect((await book(await world.student(), freshSlot())).status).toBe(200)
  })
})
