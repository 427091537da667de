import type { calendar_v3 } from '@googleapis/calendar'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CLASS_ID, classEvent, type Rig, refusal, startRig, TEACHER, tomorrowAt, ZONE } from './google-sandbox-rig.ts'

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

describe('freebusy.query', () => {
  const query = async (hours: [number, number], items = [{ id: 'primary' }]) =>
    (await calendar.freebusy.query({ requestBody: { timeMin: tomorrowAt(rig, hours[0]), timeMax: tomorrowAt(rig, hours[1]), items } })).data
      .calendars!
  const add = (id: string, hours: [number, number], changes: calendar_v3.Schema$Event = {}) =>
    insert({ id, start: { dateTime: tomorrowAt(rig, hours[0]) }, end: { dateTime: tomorrowAt(rig, hours[1]) }, ...changes })
  const instant = (hour: number) => tomorrowAt(rig, hour)

  it('merges what touches, clips to the window and leaves out what does not block', async () => {
    await add('aaaaa', [8, 10])
    await add('bbbbb', [10, 11])
    await add('ccccc', [14, 15], { transparency: 'transparent' })
    await add('ddddd', [16, 17])
    await calendar.events.delete({ calendarId: 'primary', eventId: 'ddddd' })
    await add('eeeee', [19, 22])
    const { primary } = await query([9, 21])
    expect(primary).toEqual({
      busy: [
        { start: instant(9), end: instant(11) },
        { start: instant(19), end: instant(21) },
      ],
    })
  })

  it('counts every occurrence of a recurring event and a whole day in the zone of the calendar', async () => {
    await add('aaaaa', [12, 13], {
      start: { dateTime: '2026-01-05T12:00:00', timeZone: ZONE },
      end: { dateTime: '2026-01-05T13:00:00', timeZone: ZONE },
      recurrence: ['RRULE:FREQ=DAILY'],
    })
    expect((await query([9, 21])).primary?.busy).toEqual([{ start: instant(12), end: instant(13) }])
    const day = instant(12).slice(0, 10)
    const next = Temporal.PlainDate.from(day).add({ days: 1 }).toString()
    await insert({ id: 'bbbbb', start: { date: day }, end: { date: next } })
    expect((await query([9, 21])).primary?.busy).toEqual([{ start: instant(9), end: instant(21) }])
  })

  it('carries the error of one calendar inside the answer', async () => {
    await rig.control('POST', '/__control/google/freebusy-errors', { reason: 'internalError', count: 1 })
    const calendars = await query([9, 21], [{ id: TEACHER }, { id: 'nobody@example.com' }])
    expect(calendars[TEACHER]?.errors).toEqual([{ domain: 'global', reason: 'internalError' }])
    expect(calendars['nobody@example.com']?.errors).toEqual([{ domain: 'global', reason: 'notFound' }])
    expect((await query([9, 21], [{ id: TEACHER }]))[TEACHER]).toEqual({ busy: [] })
  })

  it('can be overtaken: the teacher takes the slot right after the answer', async () => {
    const event = { summary: 'Dentista', start: { dateTime: tomorrowAt(rig, 10) }, end: { dateTime: tomorrowAt(rig, 11) } }
    await rig.control('POST', '/__control/google/after-freebusy', { event })
    expect((await query([9, 21])).primary?.busy).toEqual([])
    expect((await query([9, 21])).primary?.busy).toEqual([{ start: tomorrowAt(rig, 10), end: tomorrowAt(rig, 11) }])
  })

  it('is not overtaken by what was taken back before anybody asked', async () => {
    const event = { summary: 'Dentista', start: { dateTime: tomorrowAt(rig, 10) }, end: { dateTime: tomorrowAt(rig, 11) } }
    await rig.control('POST', '/__control/google/after-freebusy', { event })
    expect((await rig.control('DELETE', '/__control/google/after-freebusy')).status).toBe(204)
    await query([9, 21])
    expect((await query([9, 21])).primary?.busy).toEqual([])
  })

  it('refuses an empty range, a time without offset and more than 50 calendars', async () => {
    const ask = (requestBody: calendar_v3.Schema$FreeBusyRequest) => refusal(calendar.freebusy.query({ requestBody }))
    const [timeMin, timeMax] = [tomorrowAt(rig, 9), tomorrowAt(rig, 21)]
    expect(await ask({ timeMin: timeMax, timeMax: timeMin, items: [] })).toMatchObject({ status: 400, reason: 'timeRangeEmpty' })
    expect(await ask({ timeMin: '2027-01-10T10:00:00', timeMax, items: [] })).toMatchObject({ status: 400 })
    expect(await ask({ timeMin, timeMax, items: Array.from({ length: 51 }, (_, n) => ({ id: `c${n}@example.com` })) })).toMatchObject({
      status: 400,
    })
  })
})

describe('the invitation outbox', () => {
  const sent = async () =>
    (await rig.control('GET', '/__control/google/invitations')).body.invitations.map(
      (one: { kind: string; to: string }) => `${one.kind} ${one.to}`,
    )

  it('records what sendUpdates would have e-mailed', async () => {
    await insert({ attendees: [{ email: 'ana@example.com' }, { email: TEACHER }] }, { sendUpdates: 'all' })
    expect(await sent()).toEqual(['invitation ana@example.com'])
    await calendar.events.patch({ calendarId: 'primary', eventId: CLASS_ID, sendUpdates: 'none', requestBody: { summary: 'x' } })
    expect(await sent()).toHaveLength(1)
    await calendar.events.patch({
      calendarId: 'primary',
      eventId: CLASS_ID,
      sendUpdates: 'all',
      requestBody: { attendees: [{ email: 'beto@example.com' }] },
    })
    await calendar.events.delete({ calendarId: 'primary', eventId: CLASS_ID, sendUpdates: 'all' })
    expect(await sent()).toEqual([
      'invitation ana@example.com',
      'invitation beto@example.com',
      'cancellation ana@example.com',
      'cancellation beto@example.com',
    ])
  })

  it('stays empty by default', async () => {
    await insert({ attendees: [{ email: 'ana@example.com' }] })
    expect(await sent()).toEqual([])
  })
})
