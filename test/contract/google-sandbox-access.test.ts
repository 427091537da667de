import type { calendar_v3 } from '@googleapis/calendar'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CLASS_ID, classEvent, type Rig, refusal, STUDENT, scope, startRig, TEACHER, tomorrowAt, ZONE } from './google-sandbox-rig.ts'

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

describe('access', () => {
  it('answers 401 authError to a token that means nothing', async () => {
    const answer = await refusal(rig.calendarWith('garbage').events.list({ calendarId: 'primary' }))
    expect(answer).toMatchObject({ status: 401, reason: 'authError', message: 'Invalid Credentials' })
    expect(answer.error.errors[0]).toMatchObject({ domain: 'global', locationType: 'header', location: 'Authorization' })
  })

  const calls: [name: string, call: (client: calendar_v3.Calendar) => Promise<unknown>, accepted: string[]][] = [
    [
      'events.insert',
      (client) => client.events.insert({ calendarId: 'primary', requestBody: classEvent(rig) }),
      ['calendar', 'calendar.events', 'calendar.events.owned', 'calendar.app.created'],
    ],
    [
      'events.list',
      (client) => client.events.list({ calendarId: 'primary' }),
      [
        'calendar',
        'calendar.events',
        'calendar.events.owned',
        'calendar.app.created',
        'calendar.readonly',
        'calendar.events.readonly',
        'calendar.events.owned.readonly',
        'calendar.events.freebusy',
        'calendar.events.public.readonly',
      ],
    ],
    [
      'freebusy.query',
      (client) =>
        client.freebusy.query({ requestBody: { timeMin: tomorrowAt(rig, 9), timeMax: tomorrowAt(rig, 21), items: [{ id: 'primary' }] } }),
      ['calendar', 'calendar.readonly', 'calendar.freebusy', 'calendar.events.freebusy'],
    ],
    [
      'calendars.get',
      (client) => client.calendars.get({ calendarId: 'primary' }),
      ['calendar', 'calendar.readonly', 'calendar.calendars', 'calendar.calendars.readonly', 'calendar.app.created'],
    ],
    [
      'calendarList.list',
      (client) => client.calendarList.list(),
      ['calendar', 'calendar.readonly', 'calendar.calendarlist', 'calendar.calendarlist.readonly'],
    ],
  ]
  const everyScope = [...new Set(calls.flatMap(([, , accepted]) => accepted))]

  it.each(calls)('%s takes exactly the scopes of the documentation', async (_name, call, accepted) => {
    const taken: string[] = []
    for (const name of everyScope) {
      const client = await rig.calendarFor(TEACHER, ['openid', scope(name)])
      const answer = await call(client).then(
        () => 200,
        (error: { response: { status: number; data: { error: { errors: { reason: string }[] } } } }) =>
          error.response.data.error.errors[0]?.reason === 'insufficientPermissions' ? 403 : error.response.status,
      )
      if (answer !== 403) taken.push(name)
    }
    expect(taken.sort()).toEqual(accepted.toSorted())
  })

  it('tells a token without Calendar scopes apart', async () => {
    const student = await rig.calendarFor(STUDENT, ['openid', 'email', 'profile'])
    const answer = await refusal(student.events.insert({ calendarId: 'primary', requestBody: classEvent(rig) }))
    expect(answer).toMatchObject({
      status: 403,
      reason: 'insufficientPermissions',
      message: 'Request had insufficient authentication scopes.',
    })
    expect(answer.error.details[0]).toMatchObject({ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' })
  })

  it('reads a public calendar with an API key; a private one does not exist', async () => {
    await insert({ visibility: 'private', summary: 'Secreto' })
    const read = (key: string) =>
      fetch(`${rig.google}/calendar/v3/calendars/${encodeURIComponent(TEACHER)}/events?singleEvents=true&key=${key}`)
    expect((await read('local-sandbox-api-key')).status).toBe(404)
    await rig.control('PATCH', `/__control/google/calendars/${TEACHER}`, { public: true })
    const answer = await read('local-sandbox-api-key')
    expect(answer.status).toBe(200)
    const text = await answer.text()
    expect(text).toContain(CLASS_ID)
    expect(text).not.toContain('Secreto')
    expect((await read('wrong')).status).toBe(400)
  })
})

describe('the teacher by hand', () => {
  it('adds, moves and deletes events through the control API', async () => {
    const added = await rig.control('POST', '/__control/google/events', classEvent(rig, { summary: 'Dentista' }))
    expect(added).toMatchObject({ status: 201, body: { id: CLASS_ID, summary: 'Dentista' } })
    const moved = { start: { dateTime: tomorrowAt(rig, 17) }, end: { dateTime: tomorrowAt(rig, 18) } }
    expect((await rig.control('PATCH', `/__control/google/events/${CLASS_ID}`, moved)).status).toBe(200)
    expect(Date.parse((await get()).start?.dateTime ?? '')).toBe(Date.parse(tomorrowAt(rig, 17)))
    expect((await rig.control('DELETE', `/__control/google/events/${CLASS_ID}`)).status).toBe(204)
    expect((await get()).status).toBe('cancelled')
    const { body } = await rig.control('GET', '/__control/google/events')
    expect(body).toMatchObject({ calendar: TEACHER, events: [{ id: CLASS_ID, status: 'cancelled' }] })
  })

  it('keeps secondary calendars apart', async () => {
    const id = 'clases@group.calendar.example'
    expect((await rig.control('POST', '/__control/google/calendars', { email: TEACHER, id, summary: 'Clases' })).status).toBe(201)
    await calendar.events.insert({ calendarId: id, requestBody: classEvent(rig) })
    expect(await refusal(calendar.events.get({ calendarId: 'primary', eventId: CLASS_ID }))).toMatchObject({ status: 404 })
    const list = await (await rig.calendarFor(TEACHER, [scope('calendar.readonly')])).calendarList.list()
    expect(list.data.items?.map((item) => item.id)).toEqual([TEACHER, id])
    expect(list.data.items?.[0]).toMatchObject({ primary: true, accessRole: 'owner', timeZone: ZONE })
  })
})
