import type { calendar_v3 } from '@googleapis/calendar'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type AnyJson, type Rig, refusal, startRig, TEACHER, tomorrowAt, ZONE } from './google-sandbox-rig.ts'

let rig: Rig
let calendar: calendar_v3.Calendar
/** Notifications of channels as the application would receive them. */
let received: { url: string; headers: Headers; body: string }[]
let answerStatus: () => number

beforeAll(async () => {
  rig = await startRig({
    async deliver(request) {
      received.push({ url: request.url, headers: request.headers, body: await request.text() })
      return new Response(null, { status: answerStatus() })
    },
  })
})
afterAll(() => rig.close())
beforeEach(async () => {
  received = []
  answerStatus = () => 200
  await rig.reset()
  calendar = await rig.calendarFor(TEACHER)
})

const list = async (parameters: calendar_v3.Params$Resource$Events$List = {}) =>
  (await calendar.events.list({ calendarId: 'primary', ...parameters })).data
const ids = (page: calendar_v3.Schema$Events) => page.items?.map((event) => event.id)
const insert = async (id: string, hour: number, changes: calendar_v3.Schema$Event = {}) =>
  calendar.events.insert({
    calendarId: 'primary',
    requestBody: { id, start: { dateTime: tomorrowAt(rig, hour) }, end: { dateTime: tomorrowAt(rig, hour + 1) }, ...changes },
  })
const remove = (eventId: string) => calendar.events.delete({ calendarId: 'primary', eventId })

describe('events.list', () => {
  it('bounds the end by timeMin and the start by timeMax, both exclusive', async () => {
    await insert('aaaaa', 9)
    await insert('bbbbb', 10)
    await insert('ccccc', 11)
    expect(ids(await list({ timeMin: tomorrowAt(rig, 10), timeMax: tomorrowAt(rig, 11) }))).toEqual(['bbbbb'])
    expect(await refusal(list({ timeMin: tomorrowAt(rig, 11), timeMax: tomorrowAt(rig, 10) }))).toMatchObject({
      status: 400,
      reason: 'timeRangeEmpty',
    })
    expect(await refusal(list({ timeMin: '2027-01-10T10:00:00' }))).toMatchObject({ status: 400 })
  })

  it('pages through everything once, also with short pages', async () => {
    for (const [index, id] of ['aaaaa', 'bbbbb', 'ccccc', 'ddddd', 'eeeee'].entries()) await insert(id, 9 + index)
    const everything = async (parameters: calendar_v3.Params$Resource$Events$List) => {
      const pages: (string[] | undefined)[] = []
      let page = await list(parameters)
      pages.push(ids(page) as string[])
      while (page.nextPageToken && pages.length < 10) {
        expect(page).not.toHaveProperty('nextSyncToken')
        page = await list({ ...parameters, pageToken: page.nextPageToken })
        pages.push(ids(page) as string[])
      }
      expect(page.nextSyncToken).toBeTruthy()
      return pages
    }
    expect(await everything({ maxResults: 2 })).toEqual([['aaaaa', 'bbbbb'], ['ccccc', 'ddddd'], ['eeeee']])
    await rig.control('PATCH', '/__control/google/settings', { listPageSizeMax: 1 })
    expect(await everything({ maxResults: 250 })).toHaveLength(5)
    expect(await refusal(list({ pageToken: 'zzz' }))).toMatchObject({ status: 400 })
  })

  it('finds events by every private property that is asked for', async () => {
    await insert('aaaaa', 9, { extendedProperties: { private: { bookingId: '1', env: 'test' } } })
    await insert('bbbbb', 10, { extendedProperties: { private: { bookingId: '1', env: 'prod' } } })
    expect(ids(await list({ privateExtendedProperty: ['bookingId=1'] }))).toEqual(['aaaaa', 'bbbbb'])
    expect(ids(await list({ privateExtendedProperty: ['bookingId=1', 'env=prod'] }))).toEqual(['bbbbb'])
    expect(ids(await list({ privateExtendedProperty: ['bookingId=2'] }))).toEqual([])
  })

  it('orders by start only when recurring events are expanded', async () => {
    await insert('aaaaa', 15)
    await insert('bbbbb', 9)
    expect(ids(await list({ orderBy: 'startTime', singleEvents: true }))).toEqual(['bbbbb', 'aaaaa'])
    expect(await refusal(list({ orderBy: 'startTime' }))).toMatchObject({
      status: 400,
      message: 'The requested ordering is not available for the particular query.',
    })
  })

  it('shows deleted events only when asked', async () => {
    await insert('aaaaa', 9)
    await remove('aaaaa')
    expect(ids(await list())).toEqual([])
    expect((await list({ showDeleted: true })).items).toMatchObject([{ id: 'aaaaa', status: 'cancelled' }])
  })
})

describe('recurring events', () => {
  const weekly = (rule: string, more: string[] = []) => ({
    start: { dateTime: '2027-01-05T10:00:00', timeZone: ZONE },
    end: { dateTime: '2027-01-05T11:00:00', timeZone: ZONE },
    recurrence: [`RRULE:${rule}`, ...more],
  })
  const window = { timeMin: '2027-01-01T00:00:00-03:00', timeMax: '2027-02-01T00:00:00-03:00' }
  const starts = async () => (await list({ ...window, singleEvents: true })).items?.map((event) => event.start?.dateTime?.slice(0, 16))

  it('come once without singleEvents, at their first date', async () => {
    await insert('aaaaa', 9, weekly('FREQ=WEEKLY'))
    const page = await list({ timeMin: '2027-01-20T00:00:00Z', timeMax: '2027-01-27T00:00:00Z' })
    expect(page.items).toMatchObject([{ id: 'aaaaa', recurrence: ['RRULE:FREQ=WEEKLY'], start: { dateTime: '2027-01-05T10:00:00-03:00' } }])
  })

  const rules: [rule: string, days: string[]][] = [
    ['FREQ=WEEKLY;COUNT=3', ['05', '12', '19']],
    ['FREQ=WEEKLY;UNTIL=20270119T130000Z', ['05', '12', '19']],
    ['FREQ=WEEKLY;UNTIL=20270118', ['05', '12']],
    ['FREQ=WEEKLY;BYDAY=TU,TH;COUNT=5', ['05', '07', '12', '14', '19']],
    ['FREQ=WEEKLY;INTERVAL=2', ['05', '19']],
    ['FREQ=DAILY;INTERVAL=10;COUNT=2', ['05', '15']],
    ['FREQ=DAILY;BYDAY=MO,FR;UNTIL=20270119', ['08', '11', '15', '18']],
  ]
  it.each(rules)('%s falls on the right days', async (rule, days) => {
    await insert('aaaaa', 9, weekly(rule))
    expect(await starts()).toEqual(days.map((day) => `2027-01-${day}T10:00`))
  })

  it('lose the occurrences that are excluded, deleted or moved by themselves', async () => {
    await insert('aaaaa', 9, weekly('FREQ=WEEKLY', ['EXDATE;TZID=America/Argentina/Buenos_Aires:20270112T100000']))
    const [first, second] = (await list({ ...window, singleEvents: true })).items as [calendar_v3.Schema$Event, calendar_v3.Schema$Event]
    expect(first).toMatchObject({ id: 'aaaaa_20270105T130000Z', recurringEventId: 'aaaaa' })
    await remove(first.id!)
    const patched = await calendar.events.patch({
      calendarId: 'primary',
      eventId: second.id!,
      requestBody: { start: { dateTime: '2027-01-20T15:00:00-03:00' }, end: { dateTime: '2027-01-20T16:00:00-03:00' } },
    })
    expect(patched.data).toMatchObject({ recurringEventId: 'aaaaa', originalStartTime: { dateTime: '2027-01-19T10:00:00-03:00' } })
    expect(await starts()).toEqual(['2027-01-26T10:00', '2027-01-20T15:00'])
    await remove('aaaaa')
    expect(await starts()).toEqual([])
  })

  it('of whole days keep their days', async () => {
    await insert('aaaaa', 9, { start: { date: '2027-01-05' }, end: { date: '2027-01-07' }, recurrence: ['RRULE:FREQ=WEEKLY;COUNT=2'] })
    const page = await list({ ...window, singleEvents: true })
    expect(page.items?.map((event) => [event.start?.date, event.end?.date])).toEqual([
      ['2027-01-05', '2027-01-07'],
      ['2027-01-12', '2027-01-14'],
    ])
  })
})

describe('sync tokens', () => {
  it('bring what changed since, deleted events included', async () => {
    await insert('aaaaa', 9)
    await insert('bbbbb', 10)
    const { nextSyncToken } = await list({ timeMin: tomorrowAt(rig, 0) })
    expect(ids(await list({ syncToken: nextSyncToken! }))).toEqual([])
    await insert('ccccc', 11)
    await remove('aaaaa')
    const delta = await list({ syncToken: nextSyncToken! })
    expect(delta.items?.map(({ id, status }) => `${id} ${status}`).sort()).toEqual(['aaaaa cancelled', 'ccccc confirmed'])
    expect(ids(await list({ syncToken: delta.nextSyncToken! }))).toEqual([])
  })

  it('do not lose what changes between two pages', async () => {
    for (const id of ['aaaaa', 'bbbbb', 'ccccc']) await insert(id, 9)
    const first = await list({ maxResults: 2 })
    await calendar.events.patch({ calendarId: 'primary', eventId: 'aaaaa', requestBody: { summary: 'x' } })
    const last = await list({ maxResults: 2, pageToken: first.nextPageToken! })
    expect(ids(await list({ syncToken: last.nextSyncToken! }))).toEqual(['aaaaa'])
  })

  it.each([
    ['timeMin', { timeMin: '2027-01-01T00:00:00Z' }],
    ['timeMax', { timeMax: '2027-01-01T00:00:00Z' }],
    ['orderBy', { orderBy: 'updated' }],
    ['q', { q: 'clase' }],
    ['iCalUID', { iCalUID: 'x' }],
    ['updatedMin', { updatedMin: '2027-01-01T00:00:00Z' }],
    ['privateExtendedProperty', { privateExtendedProperty: ['a=b'] }],
    ['sharedExtendedProperty', { sharedExtendedProperty: ['a=b'] }],
    ['showDeleted=false', { showDeleted: false }],
  ])('refuse the company of %s', async (_name, parameters) => {
    const { nextSyncToken } = await list()
    expect(await refusal(list({ syncToken: nextSyncToken!, ...parameters }))).toMatchObject({ status: 400 })
  })

  it('end in 410 fullSyncRequired: garbage, expired, invalidated', async () => {
    const { nextSyncToken } = await list()
    const expected = { status: 410, reason: 'fullSyncRequired', message: 'Sync token is no longer valid, a full sync is required.' }
    const answer = await refusal(list({ syncToken: 'zzz' }))
    expect(answer).toMatchObject(expected)
    expect(answer.error.errors[0]).toMatchObject({ domain: 'calendar', locationType: 'parameter', location: 'syncToken' })
    await rig.control('POST', `/__control/google/calendars/${TEACHER}/expire-sync-tokens`)
    expect(await refusal(list({ syncToken: nextSyncToken! }))).toMatchObject(expected)
    const { nextSyncToken: fresh } = await list()
    expect(ids(await list({ syncToken: fresh! }))).toEqual([])
    await rig.advance(29 * 86_400_000)
    calendar = await rig.calendarFor(TEACHER)
    expect(await refusal(list({ syncToken: fresh! }))).toMatchObject(expected)
  })
})

describe('events.watch', () => {
  const watch = async (id: string, changes: AnyJson = {}) =>
    (
      await calendar.events.watch({
        calendarId: 'primary',
        requestBody: { id, type: 'web_hook', address: 'http://127.0.0.1:3000/api/google-webhook', token: 'secret', ...changes },
      })
    ).data
  const settings = (change: Record<string, unknown>) => rig.control('PATCH', '/__control/google/settings', change)
  const states = () => received.map(({ headers }) => `${headers.get('x-goog-resource-state')} ${headers.get('x-goog-message-number')}`)

  beforeEach(async () => {
    await settings({ allowLoopbackWebhooks: true })
  })

  it('takes only https unless the switch allows loopback addresses', async () => {
    await settings({ allowLoopbackWebhooks: false })
    expect(await refusal(watch('c-1'))).toMatchObject({ status: 400, reason: 'push.webhookUrlNotHttps' })
    await settings({ allowLoopbackWebhooks: true })
    expect(await refusal(watch('c-1', { address: 'http://example.com/hook' }))).toMatchObject({
      status: 400,
      reason: 'push.webhookUrlNotHttps',
    })
    expect(await watch('c-1')).toMatchObject({ kind: 'api#channel', id: 'c-1', token: 'secret' })
    expect(await refusal(watch('c-1'))).toMatchObject({ status: 400, reason: 'channelIdNotUnique' })
  })

  it('announces itself with sync and every change with exists, without a body', async () => {
    const channel = await watch('c-1')
    await rig.sandbox.tick()
    await insert('aaaaa', 9)
    await rig.sandbox.tick()
    expect(states()).toEqual(['sync 1', 'exists 2'])
    const { headers, body, url } = received[1]!
    expect(url).toBe('http://127.0.0.1:3000/api/google-webhook')
    expect(body).toBe('')
    expect(headers.get('x-goog-channel-id')).toBe('c-1')
    expect(headers.get('x-goog-channel-token')).toBe('secret')
    expect(headers.get('x-goog-resource-id')).toBe(channel.resourceId)
    expect(headers.get('user-agent')).toContain('APIs-Google')
  })

  it('can send sync before the answer, lose notifications and double them', async () => {
    await settings({ channelSync: 'before-answer', channelDrop: 1, channelDuplicate: 1 })
    await watch('c-1')
    expect(states()).toEqual(['sync 1'])
    for (const id of ['aaaaa', 'bbbbb']) await insert(id, 9)
    await rig.sandbox.tick()
    expect(states()).toEqual(['sync 1', 'exists 3', 'exists 3'])
  })

  it('tries again, ever later, after 503, and gives up at other refusals', async () => {
    answerStatus = () => (received.length < 3 ? 503 : 200)
    await watch('c-1')
    await rig.sandbox.tick()
    await rig.advance(2_000)
    await rig.advance(4_000)
    expect(states()).toEqual(['sync 1', 'sync 1', 'sync 1'])
    answerStatus = () => 404
    await insert('aaaaa', 9)
    await rig.advance(3_600_000)
    expect(states()).toHaveLength(4)
    const { body } = await rig.control('GET', '/__control/google/channels')
    expect(body.deliveries.map((delivery: { state: string; status: number }) => [delivery.state, delivery.status])).toEqual([
      ['delivered', 200],
      ['failed', 404],
    ])
  })

  it('falls silent after stop, but for the one late message that can be switched on', async () => {
    const { id, resourceId } = await watch('c-1')
    await rig.sandbox.tick()
    expect(await refusal(calendar.channels.stop({ requestBody: { id: id!, resourceId: 'other' } }))).toMatchObject({ status: 404 })
    await settings({ channelLateAfterStop: true })
    expect((await calendar.channels.stop({ requestBody: { id: id!, resourceId: resourceId! } })).status).toBe(204)
    await insert('aaaaa', 9)
    await rig.sandbox.tick()
    expect(states()).toEqual(['sync 1', 'exists 2'])
  })

  it('lasts seven days unless told, at most thirty, and does not renew itself', async () => {
    const now = rig.sandbox.clock.now().getTime()
    const days = (channel: calendar_v3.Schema$Channel) => Math.round((Number(channel.expiration) - now) / 86_400_000)
    expect(days(await watch('c-1'))).toBe(7)
    expect(days(await watch('c-2', { expiration: String(now + 365 * 86_400_000) }))).toBe(30)
    expect(days(await watch('c-3', { params: { ttl: '86400' } }))).toBe(1)
    await rig.sandbox.tick()
    await rig.advance(8 * 86_400_000)
    received = []
    calendar = await rig.calendarFor(TEACHER)
    await insert('aaaaa', 9)
    await rig.sandbox.tick()
    expect(received.map(({ headers }) => headers.get('x-goog-channel-id'))).toEqual(['c-2'])
  })
})
