import type { calendar_v3 } from '@googleapis/calendar'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CLASS_ID, classEvent, type Rig, refusal, STUDENT, startRig, TEACHER, tomorrowAt, ZONE } from './google-sandbox-rig.ts'

let rig: Rig
let calendar: calendar_v3.Calendar

beforeAll(async () => {
  rig = await startRig()
})
afterAll(() => rig.close())
beforeEach(async () => {
  await rig.reset()
  calendar = await rig.calendarFor(TEACHER)
})

const insert = async (changes: calendar_v3.Schema$Event = {}, more: Partial<calendar_v3.Params$Resource$Events$Insert> = {}) =>
  (await calendar.events.insert({ calendarId: 'primary', requestBody: classEvent(rig, changes), ...more })).data
const get = async (eventId = CLASS_ID) => (await calendar.events.get({ calendarId: 'primary', eventId })).data

describe('events.insert', () => {
  it('keeps the id of the client and every field that was sent', async () => {
    const event = await insert({
      description: 'La clase sera individual con x1 participantes',
      attendees: [{ email: 'Ana@Example.com', responseStatus: 'accepted' }, { email: TEACHER }],
      guestsCanSeeOtherGuests: false,
      guestsCanInviteOthers: false,
      extendedProperties: { private: { bookingId: 'class-1', env: 'test' } },
      reminders: { useDefault: false, overrides: [{ method: 'email', minutes: 60 }] },
      visibility: 'private',
    })
    expect(event).toMatchObject({
      kind: 'calendar#event',
      id: CLASS_ID,
      status: 'confirmed',
      summary: 'Clase de Inglés',
      description: 'La clase sera individual con x1 participantes',
      attendees: [
        { email: 'ana@example.com', responseStatus: 'accepted' },
        { email: TEACHER, responseStatus: 'needsAction', organizer: true, self: true },
      ],
      guestsCanSeeOtherGuests: false,
      guestsCanInviteOthers: false,
      extendedProperties: { private: { bookingId: 'class-1', env: 'test' } },
      reminders: { useDefault: false, overrides: [{ method: 'email', minutes: 60 }] },
      visibility: 'private',
      iCalUID: `${CLASS_ID}@google.com`,
      sequence: 0,
      creator: { email: TEACHER, self: true },
      organizer: { email: TEACHER, self: true },
      eventType: 'default',
    })
    expect(await get()).toEqual(event)
  })

  it('makes an id of the allowed alphabet when none is given', async () => {
    const { id: _, ...anonymous } = classEvent(rig)
    const { data } = await calendar.events.insert({ calendarId: 'primary', requestBody: anonymous })
    expect(data.id).toMatch(/^[a-v0-9]{5,1024}$/)
  })

  it('answers times in Argentina with their offset, whatever way they were written', async () => {
    const event = await insert({
      start: { dateTime: '2027-01-10T10:00:00', timeZone: ZONE },
      end: { dateTime: '2027-01-10T14:00:00Z' },
    })
    expect(event.start).toEqual({ dateTime: '2027-01-10T10:00:00-03:00', timeZone: ZONE })
    expect(event.end).toEqual({ dateTime: '2027-01-10T11:00:00-03:00', timeZone: ZONE })
    const { data } = await calendar.events.get({ calendarId: 'primary', eventId: CLASS_ID, timeZone: 'UTC' })
    expect(data.start?.dateTime).toBe('2027-01-10T13:00:00Z')
  })

  it('answers 409 to an id that is taken', async () => {
    await insert()
    expect(await refusal(insert({ summary: 'Otra' }))).toMatchObject({
      status: 409,
      reason: 'duplicate',
      message: 'The requested identifier already exists.',
    })
    expect((await get()).summary).toBe('Clase de Inglés')
  })

  it.each(['XYZ!', 'ABCDEF', 'abcd', 'wxyz0', '0123-4567', 'a'.repeat(1025)])('refuses the id %s', async (id) => {
    expect(await refusal(insert({ id }))).toMatchObject({ status: 400, reason: 'invalid', message: 'Invalid resource id value.' })
  })

  it('takes ids of 5 and of 1024 characters', async () => {
    expect((await insert({ id: 'abcde' })).id).toBe('abcde')
    expect((await insert({ id: 'v'.repeat(1024) })).id).toBe('v'.repeat(1024))
  })

  const refused: [name: string, event: calendar_v3.Schema$Event, reason: string, message: string | RegExp][] = [
    ['an end before the start', { end: { dateTime: '2020-01-01T10:00:00Z' } }, 'timeRangeEmpty', 'The specified time range is empty.'],
    ['an unknown zone', { start: { dateTime: '2027-01-10T10:00:00', timeZone: 'Mars/Base' } }, 'invalid', /time zone/i],
    [
      'a time without offset and zone',
      { start: { dateTime: '2027-01-10T10:00:00' } },
      'required',
      'Missing time zone definition for start time.',
    ],
    ['a missing end', { end: null as never }, 'required', 'Missing end time.'],
    ['a day and an hour mixed', { start: { date: '2027-01-10' } }, 'invalid', /both be date or both be dateTime/],
    ['an impossible date', { start: { dateTime: '2027-02-30T10:00:00Z' } }, 'invalid', /malformed/],
    ['a guest without a valid address', { attendees: [{ email: 'ana' }] }, 'invalid', 'Invalid attendee email.'],
    ['an unknown transparency', { transparency: 'foggy' }, 'invalid', 'Invalid Value'],
    ['a rule it does not understand', { recurrence: ['RRULE:FREQ=SECONDLY'] }, 'invalid', 'Invalid recurrence rule.'],
  ]
  it.each(refused)('refuses %s', async (_name, changes, reason, message) => {
    const answer = await refusal(insert(changes))
    expect(answer).toMatchObject({ status: 400, reason })
    expect(answer.message).toMatch(message)
  })

  it('knows the calendar as "primary" and by its e-mail, and no other', async () => {
    await calendar.events.insert({ calendarId: TEACHER, requestBody: classEvent(rig) })
    expect((await get()).id).toBe(CLASS_ID)
    await rig.calendarFor(STUDENT)
    const foreign = calendar.events.insert({ calendarId: STUDENT, requestBody: classEvent(rig) })
    expect(await refusal(foreign)).toMatchObject({ status: 404, reason: 'notFound', message: 'Not Found' })
  })
})

describe('events.delete', () => {
  it('leaves a tombstone: read as cancelled, id taken for ever, second delete 410', async () => {
    await insert()
    expect((await calendar.events.delete({ calendarId: 'primary', eventId: CLASS_ID })).status).toBe(204)
    expect(await get()).toMatchObject({ id: CLASS_ID, status: 'cancelled', summary: 'Clase de Inglés' })
    expect(await refusal(insert())).toMatchObject({ status: 409, reason: 'duplicate' })
    const again = calendar.events.delete({ calendarId: 'primary', eventId: CLASS_ID })
    expect(await refusal(again)).toMatchObject({ status: 410, reason: 'deleted', message: 'Resource has been deleted' })
    const update = calendar.events.update({ calendarId: 'primary', eventId: CLASS_ID, requestBody: classEvent(rig) })
    expect(await refusal(update)).toMatchObject({ status: 403 })
  })

  it('answers 404 to an id that never was', async () => {
    expect(await refusal(calendar.events.delete({ calendarId: 'primary', eventId: 'abcde' }))).toMatchObject({
      status: 404,
      reason: 'notFound',
    })
    expect(await refusal(calendar.events.get({ calendarId: 'primary', eventId: 'abcde' }))).toMatchObject({
      status: 404,
      reason: 'notFound',
    })
  })
})

describe('events.patch and events.update', () => {
  const patch = async (requestBody: calendar_v3.Schema$Event, more: Partial<calendar_v3.Params$Resource$Events$Patch> = {}) =>
    (await calendar.events.patch({ calendarId: 'primary', eventId: CLASS_ID, requestBody, ...more })).data

  it('patch merges objects and replaces lists', async () => {
    await insert({
      description: 'antes',
      attendees: [{ email: 'ana@example.com' }],
      extendedProperties: { private: { bookingId: '1', env: 'test' } },
    })
    const patched = await patch({ attendees: [{ email: 'beto@example.com' }], extendedProperties: { private: { env: 'prod' } } })
    expect(patched).toMatchObject({
      summary: 'Clase de Inglés',
      description: 'antes',
      attendees: [{ email: 'beto@example.com' }],
      extendedProperties: { private: { bookingId: '1', env: 'prod' } },
      sequence: 0,
    })
    expect(await patch({ description: null })).not.toHaveProperty('description')
  })

  it('patch of a time keeps the zone and raises the sequence', async () => {
    await insert()
    const [start, end] = [tomorrowAt(rig, 15), tomorrowAt(rig, 16)]
    const moved = await patch({ start: { dateTime: start }, end: { dateTime: end } })
    expect(moved).toMatchObject({ sequence: 1, start: { timeZone: ZONE } })
    expect(Date.parse(moved.start?.dateTime ?? '')).toBe(Date.parse(start))
  })

  it('update replaces everything that may be written', async () => {
    const before = await insert({ description: 'antes', attendees: [{ email: 'ana@example.com' }] })
    const { data } = await calendar.events.update({
      calendarId: 'primary',
      eventId: CLASS_ID,
      requestBody: classEvent(rig, { summary: 'Nueva' }),
    })
    expect(data).toMatchObject({ id: CLASS_ID, summary: 'Nueva', created: before.created })
    expect(data).not.toHaveProperty('description')
    expect(data).not.toHaveProperty('attendees')
  })

  it('answers 412 to a stale etag and takes the fresh one', async () => {
    const { etag: first } = await insert()
    const { etag: second } = await patch({ summary: 'Movida por la profesora' })
    expect(second).not.toBe(first)
    const write = (etag: string) =>
      calendar.events.patch(
        { calendarId: 'primary', eventId: CLASS_ID, requestBody: { summary: 'Mía' } },
        { headers: { 'If-Match': etag } },
      )
    expect(await refusal(write(first!))).toMatchObject({ status: 412, reason: 'conditionNotMet', message: 'Precondition Failed' })
    expect((await write(second!)).data.summary).toBe('Mía')
  })

  it('restores a deleted event only when told to by its status', async () => {
    await insert()
    await calendar.events.delete({ calendarId: 'primary', eventId: CLASS_ID })
    expect(await refusal(patch({ summary: 'x' }))).toMatchObject({ status: 403 })
    expect(await patch({ status: 'confirmed' })).toMatchObject({ status: 'confirmed' })
  })

  it('protects the shared properties of somebody else’s event', async () => {
    await rig.control('POST', '/__control/google/events?organizer=otra@example.com', classEvent(rig))
    expect(await refusal(patch({ summary: 'x' }))).toMatchObject({ status: 403, reason: 'forbiddenForNonOrganizer' })
    expect(await patch({ reminders: { useDefault: false } })).toMatchObject({ organizer: { email: 'otra@example.com' } })
  })
})
