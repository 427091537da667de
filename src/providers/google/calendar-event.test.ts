import { describe, expect, it } from 'vitest'
import { eventBody, readEvent, readFreeBusy, readListPage } from './calendar-event.ts'

const event = {
  eventId: '0000g0',
  classId: 'class-1',
  summary: 'Clase de Inglés',
  description: 'La clase sera grupal con x3 participantes\nObjetivo: <b>"R&D"</b>',
  startsAt: new Date('2026-11-26T21:00:00Z'),
  endsAt: new Date('2026-11-26T22:00:00Z'),
  attendees: ['ana@example.com'],
  conferenceRequestId: '0000g0-1',
}
const answer = {
  id: '0000g0',
  status: 'confirmed',
  htmlLink: 'https://www.google.com/calendar/event?eid=x',
  hangoutLink: 'https://meet.google.com/aaa-bbbb-ccc',
  start: { dateTime: '2026-11-26T18:00:00-03:00' },
  end: { dateTime: '2026-11-26T19:00:00-03:00' },
  attendees: [{ email: 'Ana@Example.com' }],
  extendedProperties: { private: { bookingId: 'class-1' } },
}
const entryPoints = [
  { entryPointType: 'phone', uri: 'tel:+54-11-0000-0000' },
  { entryPointType: 'video', uri: 'https://meet.google.com/aaa-bbbb-ccc' },
]
const withStatus = (statusCode: string, more: object = {}) => ({
  ...answer,
  conferenceData: { createRequest: { status: { statusCode } }, ...more },
})

describe('eventBody', () => {
  it('names instant, offset and zone', () => {
    expect(eventBody(event)).toMatchObject({
      start: { dateTime: '2026-11-26T18:00:00-03:00', timeZone: 'America/Argentina/Buenos_Aires' },
      end: { dateTime: '2026-11-26T19:00:00-03:00', timeZone: 'America/Argentina/Buenos_Aires' },
    })
  })

  it('lets nobody see, invite or change', () => {
    expect(eventBody(event)).toMatchObject({
      visibility: 'private',
      guestsCanInviteOthers: false,
      guestsCanModify: false,
      guestsCanSeeOtherGuests: false,
      reminders: { useDefault: false },
      transparency: 'opaque',
    })
  })

  it('escapes what a student wrote', () => {
    expect(eventBody(event).description).toBe('La clase sera grupal con x3 participantes\nObjetivo: &lt;b&gt;&quot;R&amp;D&quot;&lt;/b&gt;')
  })
})

describe('the conference of an event', () => {
  it.each([
    ['ready, with the telephone first', withStatus('success', { entryPoints }), 'ready', 'https://meet.google.com/aaa-bbbb-ccc'],
    [
      'ready without a request in the answer',
      { ...answer, conferenceData: { entryPoints } },
      'ready',
      'https://meet.google.com/aaa-bbbb-ccc',
    ],
    ['ready by the hangout link', withStatus('success'), 'ready', 'https://meet.google.com/aaa-bbbb-ccc'],
    ['pending, although there is a hangout link', withStatus('pending'), 'pending', null],
    ['pending when the status is not there yet', { ...answer, conferenceData: { createRequest: {} } }, 'pending', null],
    ['failed', withStatus('failure'), 'failed', null],
    ['failed: success without any link', { ...withStatus('success'), hangoutLink: undefined }, 'failed', null],
    ['failed: a link that is no address', { ...withStatus('success'), hangoutLink: 'javascript:alert(1)' }, 'failed', null],
    ['none', answer, 'none', null],
  ])('%s', (_, body, conference, meetUrl) => {
    expect(readEvent(body)).toMatchObject({ conference, meetUrl })
  })
})

describe('readEvent', () => {
  it('reads instants, the class and the attendees', () => {
    expect(readEvent(answer)).toMatchObject({
      startsAt: event.startsAt,
      endsAt: event.endsAt,
      classId: 'class-1',
      attendees: ['ana@example.com'],
      cancelled: false,
    })
  })

  it('a deleted event may have lost its times', () => {
    expect(readEvent({ id: '0000g0', status: 'cancelled' })).toMatchObject({ cancelled: true, classId: null, startsAt: new Date(0) })
  })

  it.each([
    {},
    'text',
    null,
    { ...answer, start: {} },
    { ...answer, start: { dateTime: '2026-11-26T18:00:00' } },
    { ...answer, end: undefined },
  ])('is null for what is not an event: %o', (body) => {
    expect(readEvent(body)).toBeNull()
  })
})

describe('readListPage', () => {
  it('turns all-day events into Argentine days and leaves deleted ones out', () => {
    const items = [
      { id: 'a', status: 'confirmed', start: { date: '2026-11-26' }, end: { date: '2026-11-27' }, transparency: 'transparent' },
      { id: 'b', status: 'cancelled' },
    ]
    expect(readListPage({ items, nextPageToken: 'p2' })).toEqual({
      nextPageToken: 'p2',
      events: [
        {
          eventId: 'a',
          summary: '',
          status: 'confirmed',
          startsAt: new Date('2026-11-26T03:00:00Z'),
          endsAt: new Date('2026-11-27T03:00:00Z'),
          transparent: true,
          allDay: true,
        },
      ],
    })
  })
})

describe('readFreeBusy', () => {
  const busy = [{ start: '2026-11-26T21:00:00Z', end: '2026-11-26T22:00:00Z' }]

  it('reads intervals', () => {
    expect(readFreeBusy({ calendars: { primary: { busy } } }, 'primary')).toEqual({
      busy: [{ startsAt: event.startsAt, endsAt: event.endsAt }],
    })
  })

  it('an error inside the answer is never an empty calendar', () => {
    expect(readFreeBusy({ calendars: { primary: { errors: [{ reason: 'notFound' }], busy: [] } } }, 'primary')).toEqual({
      error: 'notFound',
    })
  })

  it('another calendar than the asked one is not understood', () => {
    expect(readFreeBusy({ calendars: { other: { busy } } }, 'primary')).toBeNull()
  })
})
