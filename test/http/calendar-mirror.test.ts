import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { syncCalendar } from '../../src/features/mirror/sync.ts'
import { DAY_MS, MINUTE_MS, plus } from '../../src/kernel/clock.ts'
import { wallDate } from '../../src/kernel/zoned-time.ts'
import { slot } from '../support/booking.ts'
import { askedOfGoogle, classFor } from '../support/scene.ts'
import { openWorld, type World } from '../support/world.ts'

const TEACHER = 'profe@hablainglesya.test'
const EVENTS = '/calendar/v3/calendars/primary/events'

let world: World
let teacherId: string
beforeAll(async () => {
  world = await openWorld()
  const [teacher] = await world.rows<{ id: string }>('SELECT id FROM teacher')
  teacherId = teacher?.id ?? ''
})
afterAll(() => world.close())
beforeEach(async () => {
  await read()
})
afterEach(async () => {
  await world.control('/google/faults', undefined, 'DELETE')
  await world.control('/google/settings', { listPageSizeMax: null }, 'PATCH')
  const { events } = (await world.control('/google/events')) as { events: { id: string; status: string }[] }
  for (const { id, status } of events) if (status !== 'cancelled') await remove(id)
})

/** Time goes on by a minute or more, and the calendar is read. */
async function read(milliseconds = MINUTE_MS): Promise<void> {
  world.clock.advance(milliseconds)
  await world.settle()
}

async function stateAt(date: string, time: string): Promise<string | undefined> {
  const answer = await world.anonymous.get(`/api/availability?from=${date}&to=${date}`)
  const { slots } = (await answer.json()) as { slots: { start: string; state: string }[] }
  return slots.find(({ start }) => start === slot(date, time).start)?.state
}

interface HandMade {
  start: { dateTime: string } | { date: string }
  end: { dateTime: string } | { date: string }
  [more: string]: unknown
}

async function byHand(event: HandMade): Promise<string> {
  const { id } = (await world.control('/google/events', event)) as { id: string }
  return id
}

function at(date: string, time: string): HandMade {
  const { start, end } = slot(date, time)
  return { start: { dateTime: start }, end: { dateTime: end } }
}

const change = (id: string, body: object) => world.control(`/google/events/${id}`, body, 'PATCH')
const remove = (id: string) => world.control(`/google/events/${id}`, undefined, 'DELETE')
const lists = async () => (await askedOfGoogle(world, 'GET', EVENTS)).map(({ path }) => new URL(path, 'http://google.test').searchParams)
const mirrored = () => world.rows<{ event_id: string }>('SELECT event_id FROM calendar_event ORDER BY event_id')
const sync = async () => (await world.rows('SELECT * FROM calendar_sync'))[0] ?? {}

describe('availability follows the calendar by what changed in it (behaviour 4.9)', () => {
  it('an appointment appears, moves and goes; each reading asks only for what changed, and free/busy is not asked', async () => {
    await world.control('/log', undefined, 'DELETE')
    const id = await byHand(at('2026-11-26', '10:00'))
    await read()
    expect(await stateAt('2026-11-26', '10:00')).toBe('taken')
    await change(id, at('2026-11-26', '12:00'))
    await read()
    expect([await stateAt('2026-11-26', '10:00'), await stateAt('2026-11-26', '12:00')]).toEqual(['free', 'taken'])
    await remove(id)
    await read()
    expect(await stateAt('2026-11-26', '12:00')).toBe('free')
    const asked = await lists()
    expect(asked.map((search) => [search.has('syncToken'), search.has('timeMin')])).toEqual(asked.map(() => [true, false]))
    expect(await askedOfGoogle(world, 'POST', '/freeBusy')).toEqual([])
  })

  it('whole days, transparent ones, declined and cancelled invitations count as free/busy counts them', async () => {
    const made = [
      await byHand({ start: { date: '2026-11-27' }, end: { date: '2026-11-28' } }),
      await byHand({ start: { date: '2026-11-30' }, end: { date: '2026-12-01' }, transparency: 'transparent' }),
      await byHand({ ...at('2026-12-01', '09:00'), attendees: [{ email: TEACHER, responseStatus: 'declined' }] }),
      await byHand({ ...at('2026-12-01', '11:00'), attendees: [{ email: TEACHER, responseStatus: 'accepted' }] }),
    ]
    await read()
    expect(await stateAt('2026-11-27', '09:00')).toBe('taken')
    expect(await stateAt('2026-11-27', '20:00')).toBe('taken')
    expect(await stateAt('2026-11-30', '10:00')).toBe('free')
    expect(await stateAt('2026-12-01', '09:00')).toBe('free')
    expect(await stateAt('2026-12-01', '11:00')).toBe('taken')
    for (const id of made) await remove(id)
    await read()
    expect(await stateAt('2026-11-27', '09:00')).toBe('free')
  })

  it('a weekly appointment blocks every week, also after one of them or the whole series was changed', async () => {
    const id = await byHand({
      start: { dateTime: '2026-11-24T10:00:00', timeZone: 'America/Argentina/Buenos_Aires' },
      end: { dateTime: '2026-11-24T11:00:00', timeZone: 'America/Argentina/Buenos_Aires' },
      recurrence: ['RRULE:FREQ=WEEKLY'],
    } as HandMade)
    await read()
    expect([await stateAt('2026-12-01', '10:00'), await stateAt('2026-12-08', '10:00')]).toEqual(['taken', 'taken'])
    await change(`${id}_20261201T130000Z`, at('2026-12-01', '15:00'))
    await read()
    expect([await stateAt('2026-12-01', '10:00'), await stateAt('2026-12-01', '15:00')]).toEqual(['free', 'taken'])
    await change(id, { recurrence: ['RRULE:FREQ=WEEKLY;UNTIL=20261202T000000Z'] })
    await read()
    expect([await stateAt('2026-12-08', '10:00'), await stateAt('2026-12-15', '10:00')]).toEqual(['free', 'free'])
    await remove(id)
    await read()
    expect(await stateAt('2026-12-01', '15:00')).toBe('free')
  })

  it('unreadable: believed for 30 minutes, then closed with the reason, and open again with the next reading', async () => {
    await world.control('/google/faults', { route: 'events.list', kind: 'error', status: 503, count: 10_000 })
    await world.control('/google/faults', { route: 'freebusy.query', kind: 'error', status: 503, count: 10_000 })
    for (let minutes = 0; minutes < 28; minutes += 7) await read(7 * MINUTE_MS)
    world.clock.advance(2 * MINUTE_MS)
    expect(await stateAt('2026-11-26', '10:00')).toBe('free')
    world.clock.advance(1)
    const answer = await world.anonymous.get('/api/availability?from=2026-11-26&to=2026-11-26')
    expect(await answer.json()).toMatchObject({
      reason: 'calendar',
      slots: expect.arrayContaining([expect.objectContaining({ state: 'unavailable' })]),
    })
    await world.control('/google/faults', undefined, 'DELETE')
    await read(2 * MINUTE_MS)
    expect(await stateAt('2026-11-26', '10:00')).toBe('free')
  })

  it('one that Google wants to rest for an hour is asked again after five minutes, and the admin reads until when it rests', async () => {
    await world.control('/google/faults', { route: 'events.list', kind: 'error', status: 403, reason: 'quotaExceeded', count: 1 })
    await read()
    const page = async () => (await (await world.admin()).get('/admin/google')).text()
    expect(await page()).toMatch(/En pausa hasta [\d/]+ \d\d:\d\d: Google limitó los pedidos/)
    await read()
    expect(await page()).toContain('En pausa hasta')
    await read(5 * MINUTE_MS)
    expect(await page()).not.toMatch(/En pausa|última sincronización falló/)
  })
})

describe('a round of reading', () => {
  it('that is killed on the way goes on where it was', async () => {
    await world.control('/google/settings', { listPageSizeMax: 1 }, 'PATCH')
    const made: string[] = []
    for (const hour of ['09', '10', '11', '12', '13', '14', '15']) made.push(await byHand(at('2026-12-03', `${hour}:00`)))
    const { calendar } = world.deps
    let pages = 0
    const dying = {
      ...world.deps,
      calendar: {
        ...calendar,
        syncEvents: (...question: Parameters<typeof calendar.syncEvents>) => {
          pages += 1
          if (pages > 3) throw new Error('killed')
          return calendar.syncEvents(...question)
        },
      },
    }
    await expect(syncCalendar(dying, teacherId)).rejects.toThrow('killed')
    expect(await mirrored()).toHaveLength(3)
    // Whoever was killed cannot give its right back: it runs out.
    await read(MINUTE_MS)
    expect(await mirrored()).toHaveLength(3)
    await world.control('/log', undefined, 'DELETE')
    await read(2 * MINUTE_MS)
    expect(await mirrored()).toHaveLength(7)
    expect((await lists())[0]?.get('pageToken')).not.toBeNull()
  })

  it('whose token ends on the way begins again with everything, and nothing is lost or left', async () => {
    await world.control('/google/settings', { listPageSizeMax: 2 }, 'PATCH')
    const gone = await byHand(at('2026-12-04', '18:00'))
    await read()
    const made: string[] = []
    for (let hour = 9; hour < 17; hour++) made.push(await byHand(at('2026-12-04', `${String(hour).padStart(2, '0')}:00`)))
    await remove(gone)
    const { calendar } = world.deps
    let pages = 0
    world.deps.calendar = {
      ...calendar,
      async syncEvents(...question) {
        pages += 1
        if (pages === 3) await world.control(`/google/calendars/${TEACHER}/expire-sync-tokens`, {}, 'POST')
        return calendar.syncEvents(...question)
      },
    }
    await read()
    world.deps.calendar = calendar
    expect((await mirrored()).map(({ event_id }) => event_id)).toEqual(made.toSorted())
    expect(await stateAt('2026-12-04', '18:00')).toBe('free')
    for (const id of made) await remove(id)
    await read()
    expect(await mirrored()).toEqual([])
  })

  it('is done by one process at a time; what came in between is read, too', async () => {
    const { slow, reached, go } = halfway()
    const first = syncCalendar(slow, teacherId)
    await reached.promise
    await world.control('/log', undefined, 'DELETE')
    const id = await byHand(at('2026-12-05', '10:00'))
    await syncCalendar(world.deps, teacherId)
    expect(await lists()).toEqual([])
    go.resolve()
    await first
    await world.settle()
    expect((await mirrored()).map(({ event_id }) => event_id)).toEqual([id])
  })

  it('of a process whose right ran out meanwhile changes nothing any more', async () => {
    const { slow, reached, go } = halfway()
    const id = await byHand(at('2026-12-05', '11:00'))
    const late = syncCalendar(slow, teacherId)
    await reached.promise
    await remove(id)
    await read(3 * MINUTE_MS)
    const before = await sync()
    go.resolve()
    await late
    expect(await sync()).toEqual(before)
    expect(await mirrored()).toEqual([])
  })

  it('of 10,000 changes takes several short runs and ends complete', async () => {
    const { calendar } = world.deps
    const many = Array.from({ length: 10_000 }, (_, index) => ({
      eventId: `m${String(index).padStart(6, '0')}`,
      etag: '"1"',
      cancelled: false,
      classId: null,
      recurringId: null,
      startsAt: new Date(Date.parse('2026-12-07T12:00:00Z') + index * MINUTE_MS),
      endsAt: new Date(Date.parse('2026-12-07T12:00:00Z') + (index + 1) * MINUTE_MS),
      allDay: false,
      blocks: true,
      summary: '',
      description: '',
      attendees: [],
    }))
    let runs = 0
    let inRun = 0
    let mostInRun = 0
    world.deps.calendar = {
      ...calendar,
      async syncEvents(_access, _from, pageToken) {
        const offset = Number(pageToken ?? 0)
        inRun = offset === 0 || inRun >= 5 ? 1 : inRun + 1
        if (inRun === 1) runs += 1
        mostInRun = Math.max(mostInRun, inRun)
        const next = offset + 500
        const isLast = next >= many.length
        return {
          ok: true,
          value: { events: many.slice(offset, next), nextPageToken: isLast ? null : String(next), syncToken: isLast ? 'zzz' : null },
        }
      },
    }
    await read()
    world.deps.calendar = calendar
    expect({ runs, mostInRun, events: (await mirrored()).length }).toEqual({ runs: 4, mostInRun: 5, events: 10_000 })
    expect(await stateAt('2026-12-07', '10:00')).toBe('taken')
    // The made-up token is refused: everything is read again, and what is not there goes.
    await read()
    expect(await mirrored()).toEqual([])
  })
})

describe('what is mirrored', () => {
  it('holds no title, no description and no guest', async () => {
    const secret = 'Turno con la psicóloga'
    await byHand({
      ...at('2026-12-09', '10:00'),
      summary: secret,
      description: secret,
      attendees: [{ email: 'ella@correo.test' }],
    })
    await read()
    const rows = await world.rows('SELECT * FROM calendar_event')
    expect(rows).toHaveLength(1)
    expect(JSON.stringify(rows)).not.toMatch(/psic|ella@/)
  })

  it('moves on with every night, and at once when the horizon grows', async () => {
    const far = await byHand(at('2027-01-29', '10:00'))
    await read()
    expect(await mirrored()).toEqual([])
    await read(DAY_MS)
    expect(await mirrored()).toEqual([])
    for (let days = 0; days < 5; days++) await read(DAY_MS)
    expect((await mirrored()).map(({ event_id }) => event_id)).toEqual([far])
    expect(await stateAt('2027-01-26', '10:00')).toBe('free')
  })
})

describe('a calendar that is deleted at Google (google.md 2.7)', () => {
  const ID = 'clases@group.calendar.test'

  it('is not an empty one: no class loses anything, slots close after 30 minutes, and a person is told once', async () => {
    const own = await openWorld({ env: { CALENDAR_ID: ID } })
    try {
      await own.control('/google/calendars', { email: TEACHER, id: ID })
      const { classId } = await classFor(own, 1, slot('2026-11-26', '10:00'))
      own.clock.advance(MINUTE_MS)
      await own.settle()
      await own.control(`/google/calendars/${ID}`, undefined, 'DELETE')
      for (let minutes = 0; minutes < 35; minutes += 7) {
        own.clock.advance(7 * MINUTE_MS)
        await own.settle()
      }
      expect(await own.rows('SELECT status, calendar_state FROM virtual_class WHERE id = $1', [classId])).toEqual([
        { status: 'scheduled', calendar_state: 'synced' },
      ])
      expect(await own.rows('SELECT 1 FROM calendar_event')).toHaveLength(1)
      const cases = await own.rows('SELECT subject, reason FROM attention_case WHERE resolved_at IS NULL')
      expect(cases).toEqual([{ subject: 'connection', reason: 'calendar_gone' }])
      const answer = await own.anonymous.get('/api/availability?from=2026-11-27&to=2026-11-27')
      expect(await answer.json()).toMatchObject({ reason: 'calendar' })
    } finally {
      await own.close()
    }
  })
})

describe('a calendar that seems to be gone for a while', () => {
  const gone = () => world.rows(`SELECT 1 FROM attention_case WHERE reason = 'calendar_gone' AND resolved_at IS NULL`)
  beforeEach(async () => {
    await world.control('/google/faults', { route: 'events.list', kind: 'error', status: 404, reason: 'notFound' })
    await read()
    expect(await gone()).toHaveLength(1)
  })

  it('is told as back by the first good reading, also when that leaves pages for the next one', async () => {
    const date = wallDate(plus(world.clock.now(), 2 * DAY_MS))
    for (const hour of ['09', '10', '11', '12', '13', '14', '15']) await byHand(at(date, `${hour}:00`))
    await world.control('/google/settings', { listPageSizeMax: 1 }, 'PATCH')
    await read()
    expect(await mirrored()).toHaveLength(7)
    expect(await gone()).toEqual([])
  })

  it('and by the next one, when the process died before it could say so', async () => {
    await world.rows('ALTER TABLE attention_case ADD CONSTRAINT dies CHECK (resolved_at IS NULL) NOT VALID')
    world.clock.advance(MINUTE_MS)
    await expect(syncCalendar(world.deps, teacherId)).rejects.toThrow()
    await world.rows('ALTER TABLE attention_case DROP CONSTRAINT dies')
    await read(3 * MINUTE_MS)
    expect(await gone()).toEqual([])
  })
})

describe('a clock that is wrong', () => {
  it('set back by a day, or ahead of Google by an hour: the calendar is read on', async () => {
    const before = world.clock.now()
    world.clock.set(new Date(before.getTime() - DAY_MS))
    const first = await byHand(at('2027-01-04', '10:00'))
    await read(2 * MINUTE_MS)
    expect((await mirrored()).map(({ event_id }) => event_id)).toContain(first)
    world.clock.set(new Date(before.getTime() + 60 * MINUTE_MS))
    const second = await byHand(at('2027-01-04', '12:00'))
    await read(2 * MINUTE_MS)
    expect((await mirrored()).map(({ event_id }) => event_id)).toContain(second)
  })
})

/** A process that stops between reading a page and storing it: `reached` once it is there, and it goes on after `go`. */
function halfway() {
  const { calendar } = world.deps
  const reached = Promise.withResolvers<void>()
  const go = Promise.withResolvers<void>()
  const slow = {
    ...world.deps,
    calendar: {
      ...calendar,
      async syncEvents(...question: Parameters<typeof calendar.syncEvents>) {
        const page = await calendar.syncEvents(...question)
        reached.resolve()
        await go.promise
        return page
      },
    },
  }
  return { slow, reached, go }
}
