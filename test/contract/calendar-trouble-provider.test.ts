import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { CalendarProvider, ClassEvent } from '../../src/features/meeting/provider.ts'
import { ManualClock, plus } from '../../src/kernel/clock.ts'
import { type CalendarOptions, createCalendar } from '../../src/providers/google/calendar.ts'
import { answer, type Behaviour, recordingLog, reset, silence, stall, startUnrulyServer, type UnrulyServer } from './unruly-server.ts'

const clock = new ManualClock('2026-11-26T21:00:00Z')
const access = { grantId: 'grant-1', refreshToken: '1//secret-refresh-token', calendarId: 'profe@hablainglesya.test' }
const event: ClassEvent = {
  eventId: '0000g0',
  classId: 'class-1',
  summary: 'Clase de Inglés',
  description: 'La clase sera individual con x1 participantes',
  startsAt: new Date('2026-11-28T13:00:00Z'),
  endsAt: new Date('2026-11-28T14:00:00Z'),
  attendees: ['ana@example.com'],
  conferenceRequestId: '0000g0-1',
}
const HTML = '<html><body>Bad Gateway</body></html>'
const tokens = answer(200, { access_token: 'ya29.secret-access-token', expires_in: 3599, token_type: 'Bearer', scope: 'openid' })
const inserted = {
  id: event.eventId,
  status: 'confirmed',
  start: { dateTime: '2026-11-28T10:00:00-03:00' },
  end: { dateTime: '2026-11-28T11:00:00-03:00' },
}

let server: UnrulyServer
let calendar: CalendarProvider
let lines: string[]
let log: CalendarOptions['log']
/** Silence takes as long as it is waited for; so everything else may take a busy machine. */
const IMPATIENT = { timeoutMs: 2_000, deadlineMs: 3_000 }
const PATIENCE_MS = 60_000

/** The issuer and the token endpoint work unless told otherwise; the calendar does what the test says. */
function serve(api: Behaviour, token: Behaviour = tokens, discovery: Behaviour = discoveryDocument) {
  server.behave((response, request) => {
    const path = request.url ?? ''
    if (path.startsWith('/.well-known/')) discovery(response, request)
    else if (path.startsWith('/token')) token(response, request)
    else api(response, request)
  })
}

const discoveryDocument: Behaviour = (response, request) =>
  answer(200, { issuer: server.url, token_endpoint: `${server.url}/token`, revocation_endpoint: `${server.url}/revoke` })(response, request)

/** The product's calendar behind that server; `more` is what the test is about. */
function calendarWith(more: Partial<CalendarOptions> = {}): CalendarProvider {
  return createCalendar({
    clientId: 'client',
    clientSecret: 'secret-of-the-client',
    redirectUri: 'http://localhost:3000/api/auth/callback/google',
    issuerUrl: server.url,
    apiUrl: `${server.url}/`,
    calendarId: 'primary',
    clock,
    log: recordingLog().log,
    callsPerSecondMax: 1_000,
    timeoutMs: PATIENCE_MS,
    deadlineMs: PATIENCE_MS,
    ...more,
  })
}

const refusal = (status: number, reason: string, message: string, headers: Record<string, string> = {}) =>
  answer(status, { error: { code: status, message, errors: [{ reason }] } }, headers)
const unauthorized = refusal(401, 'authError', 'Invalid Credentials')

const calls = () => server.requests.filter(({ path }) => path.startsWith('/calendar/'))
const refreshes = () => server.requests.filter(({ path }) => path.startsWith('/token'))

beforeAll(async () => {
  server = await startUnrulyServer()
})
beforeEach(() => {
  const recording = recordingLog()
  lines = recording.lines
  server.requests.length = 0
  log = recording.log
  calendar = calendarWith({ log })
})
afterEach(() => {
  expect(lines.join('\n')).not.toMatch(/secret/)
})
afterAll(() => server.close())

const operations: [name: string, run: () => Promise<{ ok: boolean; reason?: string }>][] = [
  ['insertEvent', () => calendar.insertEvent(access, event)],
  ['getEvent', () => calendar.getEvent(access, event.eventId)],
  ['requestConference', () => calendar.requestConference(access, event.eventId, '0000g0-2')],
  ['updateEvent', () => calendar.updateEvent(access, event.eventId, { attendees: [] })],
  ['deleteEvent', () => calendar.deleteEvent(access, event.eventId)],
  ['freeBusy', () => calendar.freeBusy(access, clock.now(), plus(clock.now(), 3_600_000))],
  ['listEvents', () => list()],
  ['checkGrant', () => calendar.checkGrant(access)],
]

const list = (of = calendar) => of.listEvents(access, clock.now(), plus(clock.now(), 1_000), 10)

describe('no usable answer is unavailable, and is asked for only once', () => {
  it.each([
    ['no answer at all', silence],
    ['a body that never ends', stall],
  ])('every operation: %s', async (_, behaviour) => {
    calendar = calendarWith({ log, ...IMPATIENT })
    serve(behaviour)
    const outcomes = await Promise.all(operations.map(([, run]) => run()))
    expect(outcomes.map((outcome) => [outcome.ok, outcome.reason])).toEqual(operations.map(() => [false, 'unavailable']))
    expect(calls()).toHaveLength(operations.length)
  })

  const troubles: [string, Behaviour][] = [
    ['a cut connection', reset],
    ['503', refusal(503, 'backendError', 'Backend Error')],
    ['502 with HTML', answer(502, HTML)],
    ['404 with HTML', answer(404, HTML)],
    ['a redirect', answer(302, '', { location: 'http://127.0.0.1:9/' })],
  ]
  it.each(troubles.flatMap(([trouble, behaviour]) => operations.map(([name, run]) => ({ trouble, behaviour, name, run }))))(
    '$name: $trouble',
    async ({ behaviour, run }) => {
      serve(behaviour)
      expect(await run()).toMatchObject({ ok: false, reason: 'unavailable' })
      expect(calls()).toHaveLength(1)
    },
  )

  it.each(operations.filter(([name]) => name !== 'deleteEvent'))('%s: HTML that says 200', async (_, run) => {
    serve(answer(200, HTML))
    expect(await run()).toMatchObject({ ok: false, reason: 'unavailable' })
  })
})

describe('the access token', () => {
  it('is fetched once for parallel calls and kept for later ones', async () => {
    serve(answer(200, { items: [] }))
    await Promise.all([list(), list(), list()])
    await list()
    expect(refreshes()).toHaveLength(1)
  })

  it('is renewed once when the calendar does not accept it, and the call is repeated', async () => {
    let refused = 0
    serve((response, request) => {
      refused += 1
      const answered = refused === 1 ? unauthorized : answer(200, inserted)
      answered(response, request)
    })
    expect(await calendar.insertEvent(access, event)).toMatchObject({ ok: true })
    expect(refreshes()).toHaveLength(2)
    expect(calls()).toHaveLength(2)
  })

  it('refused even when fresh means that the teacher must connect again', async () => {
    serve(unauthorized)
    expect(await calendar.getEvent(access, event.eventId)).toMatchObject({ ok: false, reason: 'needs-reconnect' })
    expect(calls()).toHaveLength(2)
  })

  it.each([
    ['invalid_grant', answer(400, { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' }), 'needs-reconnect'],
    ['invalid_client', answer(401, { error: 'invalid_client' }), 'refused'],
    ['a failing token endpoint', answer(500, HTML), 'unavailable'],
    ['a silent token endpoint', silence, 'unavailable'],
  ])('%s', async (_, token, reason) => {
    if (token === silence) calendar = calendarWith({ log, ...IMPATIENT })
    serve(answer(200, inserted), token)
    expect(await calendar.getEvent(access, event.eventId)).toMatchObject({ ok: false, reason })
    expect(calls()).toHaveLength(0)
  })

  it('that comes after the deadline is used for nothing any more', async () => {
    const waiting = Promise.withResolvers<void>()
    const patient = calendarWith({
      deadlineMs: 1_000,
      tokens: {
        take: () => waiting.promise.then(() => ({ state: 'good' as const, token: 'late', expiresAt: plus(clock.now(), 3_600_000) })),
        put: async () => undefined,
        release: async () => undefined,
      },
    })
    serve(answer(200, inserted))
    expect(await patient.insertEvent(access, event)).toMatchObject({ ok: false, reason: 'unavailable' })
    waiting.resolve()
    // The next call of the same grant takes the same token, and is the only one that is sent.
    expect(await patient.getEvent(access, event.eventId)).toMatchObject({ ok: true })
    expect(calls().map(({ method }) => method)).toEqual(['GET'])
  })

  it('another one after a rate limit is not asked for', async () => {
    serve(refusal(403, 'rateLimitExceeded', 'Rate Limit Exceeded', { 'retry-after': '7' }))
    expect(await calendar.insertEvent(access, event)).toEqual({
      ok: false,
      reason: 'rate-limited',
      detail: { cause: '403 rateLimitExceeded: Rate Limit Exceeded', retryAfterMs: 7_000 },
    })
    expect(calls()).toHaveLength(1)
    expect(refreshes()).toHaveLength(1)
  })

  it('a replaced refresh token is handed over', async () => {
    const replaced: [string, string][] = []
    const keeper = calendarWith({ onRefreshToken: (grantId, refreshToken) => replaced.push([grantId, refreshToken]) })
    serve(answer(200, { items: [] }), answer(200, { access_token: 'a', expires_in: 3599, refresh_token: '1//next' }))
    await list(keeper)
    expect(replaced).toEqual([['grant-1', '1//next']])
  })
})

describe('more calls at once than Google allows', () => {
  it('are spread, and those that would wait too long are refused without being made', async () => {
    serve(answer(200, inserted))
    const hurried = calendarWith({ callsPerSecondMax: 1 })
    const began = performance.now()
    const outcomes = Array.from({ length: 8 }, () => hurried.getEvent(access, event.eventId))
    // One at once and five that wait; the last two are turned away before any of them has had its turn.
    expect(await Promise.all(outcomes.slice(6))).toEqual(
      Array(2).fill({ ok: false, reason: 'rate-limited', detail: { cause: 'Too many calls at once', retryAfterMs: 5_000 } }),
    )
    expect((await Promise.all(outcomes)).map(({ ok }) => ok)).toEqual([...Array(6).fill(true), false, false])
    expect(calls()).toHaveLength(6)
    // Five seconds between the first and the sixth; timers of the machine may be early by a little.
    expect(performance.now() - began).toBeGreaterThan(4_900)
  })
})

describe('the issuer', () => {
  it('is asked again after it failed, and only once after it answered', async () => {
    serve(answer(200, inserted), tokens, answer(503, HTML))
    expect(await calendar.getEvent(access, event.eventId)).toMatchObject({ ok: false, reason: 'unavailable' })
    serve(answer(200, inserted))
    expect(await calendar.getEvent(access, event.eventId)).toMatchObject({ ok: true })
    expect(await calendar.getEvent({ ...access, grantId: 'grant-2' }, event.eventId)).toMatchObject({ ok: true })
    expect(server.requests.filter(({ path }) => path.startsWith('/.well-known/'))).toHaveLength(2)
  })
})

describe('an answer at odds with what was asked', () => {
  it('other times than asked are refused', async () => {
    serve(answer(200, { ...inserted, start: { dateTime: '2026-11-28T13:00:00-03:00' } }))
    expect(await calendar.insertEvent(access, event)).toMatchObject({
      ok: false,
      reason: 'refused',
      detail: { cause: expect.stringContaining('times differ') },
    })
    expect(await calendar.updateEvent(access, event.eventId, { startsAt: event.startsAt })).toMatchObject({ ok: false, reason: 'refused' })
  })

  it('an event that turns out to be deleted is not found', async () => {
    serve(answer(200, { ...inserted, status: 'cancelled' }))
    expect(await calendar.updateEvent(access, event.eventId, { attendees: [] })).toMatchObject({ ok: false, reason: 'not-found' })
    expect(await calendar.requestConference(access, event.eventId, 'other')).toMatchObject({ ok: false, reason: 'not-found' })
  })

  it('a list without end stops at a limit', async () => {
    serve(answer(200, { items: [], nextPageToken: 'again' }))
    expect(await list()).toEqual({ ok: true, value: [] })
    expect(calls().length).toBeLessThanOrEqual(40)
  })

  it('a calendar missing from the free/busy answer is unknown, not free', async () => {
    serve(answer(200, { calendars: {} }))
    expect(await calendar.freeBusy(access, clock.now(), plus(clock.now(), 1_000))).toMatchObject({ ok: false, reason: 'unavailable' })
  })
})

it('neither the refresh token nor a call ever follows a redirect', async () => {
  const stranger = await startUnrulyServer()
  const away = answer(307, '', { location: `${stranger.url}/token` })
  serve(away)
  await calendar.insertEvent(access, event)
  serve(answer(200, inserted), away)
  await calendar.insertEvent({ ...access, grantId: 'grant-2' }, event)
  await stranger.close()
  expect(server.requests.length).toBeGreaterThan(2)
  expect(stranger.requests).toEqual([])
})

it('revoke never throws', async () => {
  serve(reset)
  await calendar.revoke(access)
  expect(server.requests.some(({ method, path }) => method === 'POST' && path.startsWith('/revoke'))).toBe(true)
})

describe('who was in a meeting (google.md 7)', () => {
  it('takes several requests: each has its turn, and each is counted', async () => {
    const record = { name: 'conferenceRecords/r1', startTime: '2026-11-28T13:00:00Z', endTime: '2026-11-28T14:00:00Z' }
    const participants = ['p1', 'p2', 'p3'].map((id) => ({ name: `${record.name}/participants/${id}` }))
    serve(answer(200, { conferenceRecords: [record], participants, participantSessions: [] }))
    const ends: string[] = []
    let turns = 0
    const counted = calendarWith({
      turns: {
        async take() {
          turns += 1
          return 0
        },
      },
      onCall: async (_, end) => void ends.push(end),
    })
    const told = await counted.presences(access, 'https://meet.google.com/abc-defg-hij', event.startsAt, event.endsAt)
    expect(told).toMatchObject({ ok: true, value: { isWhole: true } })
    const requests = server.requests.filter(({ path }) => path.startsWith('/v2/'))
    expect([requests.length, turns, ends]).toEqual([5, 5, Array(5).fill('done')])
  })
})
