import type { calendar_v3 } from '@googleapis/calendar'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CLASS_ID, classEvent, type Rig, refusal, startRig, TEACHER, withMeet } from './google-sandbox-rig.ts'

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

describe('conference data', () => {
  const meet = { conferenceDataVersion: 1 } as const
  const conference = (body: Record<string, unknown>) => rig.control('POST', '/__control/google/conference', body)
  const patchMeet = async (requestId: string) =>
    (await calendar.events.patch({ calendarId: 'primary', eventId: CLASS_ID, ...meet, requestBody: withMeet(requestId) })).data

  it('is ignored without an error when the version is not sent', async () => {
    const event = await insert(withMeet('r-1'))
    expect(event).not.toHaveProperty('conferenceData')
    expect(event).not.toHaveProperty('hangoutLink')
  })

  it('makes a Meet room whose link opens, while the event’s own link is the calendar page', async () => {
    const event = await insert(withMeet('r-1'), meet)
    expect(event.conferenceData).toMatchObject({
      createRequest: { requestId: 'r-1', conferenceSolutionKey: { type: 'hangoutsMeet' }, status: { statusCode: 'success' } },
      entryPoints: [{ entryPointType: 'video', uri: event.hangoutLink }],
      conferenceSolution: { key: { type: 'hangoutsMeet' } },
    })
    expect(event.conferenceData?.conferenceId).toMatch(/^[a-z]{3}-[a-z]{4}-[a-z]{3}$/)
    expect(event.hangoutLink).toBe(`${rig.google}/meet/${event.conferenceData?.conferenceId}`)
    expect(await (await fetch(event.hangoutLink!)).text()).toContain('Estás en la sala')
    expect((await fetch(`${rig.google}/meet/aaa-bbbb-ccc`)).status).toBe(404)
    expect(event.htmlLink).not.toBe(event.hangoutLink)
    expect(await (await fetch(event.htmlLink!)).text()).toContain('Clase de Inglés')
  })

  it('ignores the same request id and answers a new one with a new room', async () => {
    const first = await insert(withMeet('r-1'), meet)
    expect((await patchMeet('r-1')).hangoutLink).toBe(first.hangoutLink)
    expect((await patchMeet('r-2')).hangoutLink).not.toBe(first.hangoutLink)
  })

  it('keeps the room when a later change does not send the version', async () => {
    const { hangoutLink } = await insert(withMeet('r-1'), meet)
    await calendar.events.patch({ calendarId: 'primary', eventId: CLASS_ID, requestBody: { summary: 'x', conferenceData: null as never } })
    expect((await get()).hangoutLink).toBe(hangoutLink)
    await calendar.events.patch({ calendarId: 'primary', eventId: CLASS_ID, ...meet, requestBody: { conferenceData: null as never } })
    expect(await get()).not.toHaveProperty('hangoutLink')
  })

  it('stays pending for so many reads', async () => {
    await conference({ mode: 'pending', gets: 2 })
    const event = await insert(withMeet('r-1'), meet)
    expect(event.conferenceData?.createRequest?.status?.statusCode).toBe('pending')
    expect(event).not.toHaveProperty('hangoutLink')
    expect(event.conferenceData).not.toHaveProperty('entryPoints')
    const statuses = []
    for (let read = 0; read < 3; read += 1) statuses.push((await get()).conferenceData?.createRequest?.status?.statusCode)
    expect(statuses).toEqual(['pending', 'pending', 'success'])
    expect((await get()).hangoutLink).toContain('/meet/')
  })

  it('stays pending until the virtual clock says so', async () => {
    await conference({ mode: 'pending', ms: 30_000, count: 1 })
    await insert(withMeet('r-1'), meet)
    await rig.advance(20_000)
    expect((await get()).conferenceData?.createRequest?.status?.statusCode).toBe('pending')
    await rig.advance(10_000)
    expect((await get()).conferenceData?.createRequest?.status?.statusCode).toBe('success')
  })

  it('fails without entry points; only a new request id tries again', async () => {
    await conference({ mode: 'failure', count: 1 })
    const event = await insert(withMeet('r-1'), meet)
    expect(event.conferenceData).toEqual({
      createRequest: { requestId: 'r-1', conferenceSolutionKey: { type: 'hangoutsMeet' }, status: { statusCode: 'failure' } },
    })
    expect((await patchMeet('r-1')).conferenceData?.createRequest?.status?.statusCode).toBe('failure')
    expect((await patchMeet('r-2')).hangoutLink).toContain('/meet/')
  })

  it('can end a pending request in failure', async () => {
    await conference({ mode: 'pending', gets: 0, outcome: 'failure', count: 1 })
    await insert(withMeet('r-1'), meet)
    expect((await get()).conferenceData?.createRequest?.status?.statusCode).toBe('failure')
  })

  it('puts the telephone before the video when switched on', async () => {
    await conference({ mode: 'phone-first', count: 1 })
    const event = await insert(withMeet('r-1'), meet)
    expect(event.conferenceData?.entryPoints?.map((entry) => entry.entryPointType)).toEqual(['phone', 'more', 'video'])
    expect(event.conferenceData?.entryPoints?.[0]?.uri).toMatch(/^tel:/)
    expect(event.hangoutLink).toBe(event.conferenceData?.entryPoints?.[2]?.uri)
  })

  it('refuses a type that the calendar does not allow, and stores nothing', async () => {
    const expected = { status: 400, reason: 'invalid', message: 'Invalid conference type value.' }
    expect(await refusal(insert(withMeet('r-1', 'eventHangout'), meet))).toMatchObject(expected)
    await conference({ mode: 'invalid', count: 1 })
    expect(await refusal(insert(withMeet('r-1'), meet))).toMatchObject(expected)
    await rig.control('PATCH', `/__control/google/calendars/${TEACHER}`, { conference_types: [] })
    expect(await refusal(insert(withMeet('r-1'), meet))).toMatchObject(expected)
    expect(await refusal(calendar.events.get({ calendarId: 'primary', eventId: CLASS_ID }))).toMatchObject({ status: 404 })
    const { data } = await calendar.calendars.get({ calendarId: 'primary' })
    expect(data.conferenceProperties?.allowedConferenceSolutionTypes).toEqual([])
  })
})
