import { describe, expect, it } from 'vitest'
import { DAY_MS, plus } from '../../src/kernel/clock.ts'
import {
  access,
  byHand,
  calendar,
  classEvent,
  conference,
  fault,
  inserted,
  rig,
  stored,
  TEACHER,
  useCalendarBench,
} from './calendar-bench.ts'

useCalendarBench()

describe('insertEvent', () => {
  it('makes the event with its Meet link', async () => {
    const { event, value } = await inserted()
    expect(value).toEqual({
      eventId: event.eventId,
      cancelled: false,
      classId: event.classId,
      startsAt: event.startsAt,
      endsAt: event.endsAt,
      pageUrl: expect.stringMatching(/^http/),
      conference: 'ready',
      meetUrl: expect.stringMatching(/\/[a-z]{3}-[a-z]{4}-[a-z]{3}$/),
      attendees: ['sofia.pereyra@correo.test'],
      summary: event.summary,
      description: event.description,
      transparent: false,
    })
  })

  it('is stored as it was meant, and nobody is mailed', async () => {
    const { event } = await inserted()
    expect(await stored(event.eventId)).toMatchObject({
      summary: 'Clase de Inglés',
      description: 'La clase sera grupal con x3 participantes\nObjetivo: &lt;b&gt;phrasal verbs&lt;/b&gt;',
      start: { dateTime: expect.stringMatching(/-03:00$/), timeZone: 'America/Argentina/Buenos_Aires' },
      visibility: 'private',
      guestsCanInviteOthers: false,
      guestsCanSeeOtherGuests: false,
      extendedProperties: { private: { bookingId: event.classId } },
      reminders: { useDefault: false },
      conferenceData: { createRequest: { requestId: event.conferenceRequestId } },
    })
    expect(await rig.control('google/invitations', undefined, 'GET')).toEqual({ invitations: [] })
  })

  it('twice is a duplicate, and the first one can be read and adopted', async () => {
    const { event } = await inserted()
    expect(await calendar.insertEvent(access, event)).toMatchObject({ ok: false, reason: 'duplicate' })
    expect(await calendar.getEvent(access, event.eventId)).toMatchObject({ ok: true, value: { classId: event.classId, cancelled: false } })
  })

  it('of an id that was deleted is a duplicate too: the event is found cancelled', async () => {
    const { event } = await inserted()
    await calendar.deleteEvent(access, event.eventId)
    expect(await calendar.insertEvent(access, event)).toMatchObject({ ok: false, reason: 'duplicate' })
    expect(await calendar.getEvent(access, event.eventId)).toMatchObject({ ok: true, value: { cancelled: true } })
  })

  it.each(['commit-then-500', 'commit-then-drop', 'malformed', 'truncated'])(
    'whose answer is lost (%s) is a duplicate the next time',
    async (kind) => {
      const event = classEvent()
      await fault('events.insert', { kind })
      expect(await calendar.insertEvent(access, event)).toMatchObject({ ok: false, reason: 'unavailable' })
      expect(await calendar.insertEvent(access, event)).toMatchObject({ ok: false, reason: 'duplicate' })
      expect(await calendar.getEvent(access, event.eventId)).toMatchObject({ ok: true, value: { conference: 'ready' } })
    },
  )

  it('goes to a calendar named by its address', async () => {
    const { event } = await inserted()
    const named = { ...access, calendarId: TEACHER }
    expect(await calendar.getEvent(named, event.eventId)).toMatchObject({ ok: true, value: { eventId: event.eventId } })
  })

  it('into a calendar that does not exist is refused', async () => {
    const elsewhere = { ...access, calendarId: 'nobody@correo.test' }
    expect(await calendar.insertEvent(elsewhere, classEvent())).toMatchObject({
      ok: false,
      reason: 'refused',
      detail: { cause: expect.any(String) },
    })
  })

  it.each([
    ['an id that is none', { eventId: 'XYZ!' }],
    ['an end before the beginning', { endsAt: new Date(0) }],
    ['an attendee that is none', { attendees: ['nobody'] }],
  ])('with %s is refused', async (_, change) => {
    expect(await calendar.insertEvent(access, classEvent(change))).toMatchObject({ ok: false, reason: 'refused' })
  })
})

describe('the conference', () => {
  it('is taken from the video entry, wherever it stands', async () => {
    await conference('phone-first')
    const { value } = await inserted()
    expect(value).toMatchObject({ conference: 'ready', meetUrl: expect.stringMatching(/^http.*\/meet\/[a-z-]{12}$/) })
  })

  it('may be pending at first', async () => {
    await conference('pending', { gets: 1 })
    const { event, value } = await inserted()
    expect(value).toMatchObject({ conference: 'pending', meetUrl: null })
    expect(await calendar.getEvent(access, event.eventId)).toMatchObject({ ok: true, value: { conference: 'pending' } })
    expect(await calendar.getEvent(access, event.eventId)).toMatchObject({
      ok: true,
      value: { conference: 'ready', meetUrl: expect.any(String) },
    })
  })

  it('may fail, and is asked for again under a new request id', async () => {
    await conference('failure', { count: 1 })
    const { event, value } = await inserted()
    expect(value).toMatchObject({ conference: 'failed', meetUrl: null })
    expect(await calendar.requestConference(access, event.eventId, event.conferenceRequestId)).toMatchObject({
      ok: true,
      value: { conference: 'failed' },
    })
    expect(await calendar.requestConference(access, event.eventId, `${event.eventId}-2`)).toMatchObject({
      ok: true,
      value: { conference: 'ready' },
    })
  })

  it('that the account may not create is refused', async () => {
    await conference('invalid')
    expect(await calendar.insertEvent(access, classEvent())).toMatchObject({
      ok: false,
      reason: 'refused',
      detail: { cause: expect.stringContaining('Invalid conference type value.') },
    })
  })

  it('is none for an event made by hand', async () => {
    const event = classEvent()
    const { id } = await byHand({ start: { dateTime: event.startsAt.toISOString() }, end: { dateTime: event.endsAt.toISOString() } })
    expect(await calendar.getEvent(access, id)).toMatchObject({ ok: true, value: { conference: 'none', meetUrl: null, classId: null } })
  })
})

describe('getEvent', () => {
  it('of an id that never existed is not found', async () => {
    expect(await calendar.getEvent(access, '0000000000')).toMatchObject({ ok: false, reason: 'not-found' })
  })

  it('right after the insert may be late', async () => {
    const { event } = await inserted()
    await fault('events.get', { kind: 'not-found-first' })
    expect(await calendar.getEvent(access, event.eventId)).toMatchObject({ ok: false, reason: 'not-found' })
    expect(await calendar.getEvent(access, event.eventId)).toMatchObject({ ok: true })
  })
})

describe('updateEvent', () => {
  it('moves the class and keeps its conference', async () => {
    const { event, value } = await inserted()
    const change = { startsAt: plus(event.startsAt, DAY_MS), endsAt: plus(event.endsAt, DAY_MS) }
    expect(await calendar.updateEvent(access, event.eventId, change)).toEqual({ ok: true, value: { ...value, ...change } })
  })

  it('replaces the attendees and leaves the times', async () => {
    const { event, value } = await inserted()
    const attendees = ['sofia.pereyra@correo.test', 'mateo.quiroga@correo.test']
    expect(await calendar.updateEvent(access, event.eventId, { attendees })).toEqual({ ok: true, value: { ...value, attendees } })
    expect(await calendar.updateEvent(access, event.eventId, { attendees: [] })).toMatchObject({ ok: true, value: { attendees: [] } })
    expect((await rig.control<{ invitations: unknown[] }>('google/invitations', undefined, 'GET')).invitations).toEqual([])
  })

  it('of an event that is gone is not found', async () => {
    const { event } = await inserted()
    await rig.control(`google/events/${event.eventId}`, undefined, 'DELETE')
    expect(await calendar.updateEvent(access, event.eventId, { attendees: [] })).toMatchObject({ ok: false, reason: 'not-found' })
    expect(await calendar.requestConference(access, event.eventId, 'other')).toMatchObject({ ok: false, reason: 'not-found' })
    expect(await calendar.updateEvent(access, '0000000000', { attendees: [] })).toMatchObject({ ok: false, reason: 'not-found' })
  })

  it('of somebody else’s event is refused, not gone', async () => {
    const event = classEvent()
    const times = { start: { dateTime: event.startsAt.toISOString() }, end: { dateTime: event.endsAt.toISOString() } }
    const { id } = await rig.control<{ id: string }>('google/events?organizer=otra@correo.test', times)
    expect(await calendar.updateEvent(access, id, { attendees: [] })).toMatchObject({ ok: false, reason: 'refused' })
  })
})

describe('deleteEvent', () => {
  it('deletes, and an event already gone counts as deleted', async () => {
    const { event } = await inserted()
    expect(await calendar.deleteEvent(access, event.eventId)).toEqual({ ok: true, value: null })
    expect(await calendar.deleteEvent(access, event.eventId)).toEqual({ ok: true, value: null })
    expect(await calendar.deleteEvent(access, '0000000000')).toEqual({ ok: true, value: null })
    expect(await stored(event.eventId)).toMatchObject({ status: 'cancelled' })
  })

  it('during an outage is not done', async () => {
    const { event } = await inserted()
    await fault('events.delete', { status: 503, reason: 'backendError' })
    expect(await calendar.deleteEvent(access, event.eventId)).toMatchObject({ ok: false, reason: 'unavailable' })
    expect(await stored(event.eventId)).toMatchObject({ status: 'confirmed' })
  })
})
