import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Deps } from '../../src/deps.ts'
import { readBusy, readBusyAround } from '../../src/features/meeting/busy-reading.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, plus } from '../../src/kernel/clock.ts'
import { json, slot } from '../support/booking.ts'
import { askedOfGoogle, newcomer } from '../support/scene.ts'
import { openWorld, type World } from '../support/world.ts'
import { appointment, interval, send, TAKEN } from './booking-bench.ts'

let world: World
let teacherId: string
beforeAll(async () => {
  world = await openWorld()
  await world.settle()
  const [row] = await world.rows<{ id: string }>('SELECT id FROM teacher')
  teacherId = row?.id ?? ''
})
afterAll(() => world.close())

interface Range {
  timeMin: string
  timeMax: string
}

async function ranges(): Promise<Range[]> {
  return (await askedOfGoogle(world, 'POST', '/freeBusy')).map(({ body }) => JSON.parse(body) as Range)
}

/** What Google was asked for meanwhile. */
async function askedBy(work: () => Promise<unknown>): Promise<Range[]> {
  const before = (await ranges()).length
  await work()
  return (await ranges()).slice(before)
}

async function checkOut(when: { start: string; end: string }) {
  return send(await newcomer(world), '/api/checkout', when)
}

const daysIn = ({ timeMin, timeMax }: Range) => (Date.parse(timeMax) - Date.parse(timeMin)) / DAY_MS
const taken = { status: 409, body: expect.objectContaining({ error: TAKEN }) }

async function setHorizon(horizonDays: number): Promise<void> {
  const admin = await world.admin()
  const schedule = await json(admin.get('/api/admin/schedule'))
  expect((await admin.send('PUT', '/api/admin/schedule', { ...schedule, horizonDays })).status).toBe(200)
  await world.settle()
}

describe('what a checkout asks of Google', () => {
  it.each([
    ['within a horizon of 60 days', 60, '2026-12-14'],
    ['within a horizon of a year', 365, '2027-09-14'],
  ])('one question about the days around its slot, %s', async (_, horizonDays, date) => {
    await setHorizon(horizonDays)
    const when = slot(date, '10:00')
    const asked = await askedBy(async () => expect((await checkOut(when)).status).toBe(200))
    expect(asked).toEqual(
      [{ timeMin: plus(new Date(when.start), -DAY_MS).toISOString(), timeMax: plus(new Date(when.end), DAY_MS).toISOString() }].map(
        (range) => expect.objectContaining(range),
      ),
    )
    await setHorizon(60)
  })

  it('everything, when the calendar was not read for some minutes: there would soon be nothing to believe', async () => {
    world.clock.advance(6 * MINUTE_MS)
    const asked = await askedBy(async () => expect((await checkOut(slot('2026-12-14', '11:00'))).status).toBe(200))
    expect(asked.map(daysIn)).toEqual([63])
    expect(await askedBy(() => checkOut(slot('2026-12-14', '12:00')))).toHaveLength(1)
  })

  it('only what was asked after they came is told to a crowd that wants different slots, and it costs two questions', async () => {
    const { calendar } = world.deps
    const open = Promise.withResolvers<void>()
    const reached = Promise.withResolvers<void>()
    const asked: [Date, Date][] = []
    const freeBusy: Deps['calendar']['freeBusy'] = async (access, from, to) => {
      asked.push([from, to])
      const answer = await calendar.freeBusy(access, from, to)
      reached.resolve()
      await open.promise
      return answer
    }
    const deps = { ...world.deps, calendar: { ...calendar, freeBusy } }
    const at = (date: string, time: string) => ({ startsAt: new Date(slot(date, time).start), endsAt: new Date(slot(date, time).end) })
    const first = readBusyAround(deps, teacherId, at('2026-12-15', '10:00'))
    await reached.promise
    await appointment(world, slot('2026-12-15', '10:00'))
    const crowd = ['2026-12-15', '2026-12-22', '2027-01-12'].flatMap((date) =>
      Array.from({ length: 10 }, () => readBusyAround(deps, teacherId, at(date, '10:00'))),
    )
    open.resolve()
    expect((await first)?.busy).toEqual([])
    for (const reading of await Promise.all(crowd)) expect(reading?.busy).toContainEqual(at('2026-12-15', '10:00'))
    expect(asked).toHaveLength(2)
    expect(asked[1]).toEqual([plus(at('2026-12-15', '09:00').endsAt, -DAY_MS), plus(at('2027-01-12', '11:00').startsAt, DAY_MS)])
  })

  it('a page that needs everything shares the question of those who want a slot', async () => {
    const asked = await askedBy(() =>
      Promise.all([
        readBusy(world.deps, teacherId, 'fresh'),
        ...[9, 10, 11].map((hour) => {
          const startsAt = plus(new Date(slot('2026-12-16', '00:00').start), hour * HOUR_MS)
          return readBusyAround(world.deps, teacherId, { startsAt, endsAt: plus(startsAt, HOUR_MS) })
        }),
        readBusy(world.deps, teacherId, 'fresh'),
      ]),
    )
    expect(asked.map(daysIn)).toEqual([63, 63])
  })
})

describe('a slot that the calendar has taken since it was read', () => {
  const timed = (start: string, end: string, timeZone: string) => ({
    start: { dateTime: start, timeZone },
    end: { dateTime: end, timeZone },
  })
  const ART = 'America/Argentina/Buenos_Aires'

  it.each([
    ['an event that began the day before', timed('2026-12-16T22:00:00', '2026-12-17T10:01:00', ART), '2026-12-17', '10:00'],
    ['one that goes on for a week', timed('2026-12-28T10:59:00', '2027-01-04T10:00:00', ART), '2026-12-28', '10:00'],
    ['one that began weeks ago', timed('2026-12-28T10:59:00', '2027-01-04T10:00:00', ART), '2027-01-02', '10:00'],
    ['a whole day', { start: { date: '2026-12-18' }, end: { date: '2026-12-19' } }, '2026-12-18', '20:00'],
    ['the last of several whole days', { start: { date: '2026-12-21' }, end: { date: '2026-12-24' } }, '2026-12-23', '09:00'],
    ['another zone in its winter', timed('2027-01-14T14:30:00', '2027-01-14T14:40:00', 'Europe/Madrid'), '2027-01-14', '10:00'],
  ])('%s', async (_, event, date, time) => {
    await world.control('/google/events', { summary: 'Fuera', ...event })
    expect(await checkOut(slot(date, time))).toEqual(taken)
  })

  it('another zone in its summer', async () => {
    await setHorizon(365)
    await world.control('/google/events', timed('2027-07-15T15:30:00', '2027-07-15T15:40:00', 'Europe/Madrid'))
    expect(await checkOut(slot('2027-07-15', '10:00'))).toEqual(taken)
    expect((await checkOut(slot('2027-07-15', '11:00'))).status).toBe(200)
    await setHorizon(60)
  })

  it('neighbours that only touch it leave it free', async () => {
    await appointment(world, slot('2027-01-11', '09:00'))
    await appointment(world, slot('2027-01-11', '11:00'))
    await world.control('/google/events', { summary: 'Fuera', start: { date: '2027-01-10' }, end: { date: '2027-01-11' } })
    expect((await checkOut(slot('2027-01-11', '10:00'))).status).toBe(200)
  })

  it('what is offered instead, and the page from then on, know of it, too', async () => {
    await appointment(world, interval('2027-01-08', '10:30', 90))
    const refused = await checkOut(slot('2027-01-08', '10:00'))
    expect(refused).toEqual(taken)
    const alternatives = refused.body.alternatives as { start: string }[]
    expect(alternatives).not.toContainEqual(slot('2027-01-08', '11:00'))
    const answer = await json(world.anonymous.get('/api/availability?from=2027-01-08&to=2027-01-08'))
    expect(answer.slots).toContainEqual({ ...slot('2027-01-08', '11:00'), state: 'taken' })
    // Known from now on: whoever comes late costs one question.
    expect((await askedBy(() => checkOut(slot('2027-01-08', '10:00')))).map(daysIn)).toEqual([2 + 1 / 24])
  })
})
