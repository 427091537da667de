import { describe, expect, it } from 'vitest'
import { DAY_MS, HOUR_MS, plus } from '../../src/kernel/clock.ts'
import {
  access,
  asked,
  byHand,
  calendar,
  classEvent,
  fault,
  grant,
  inserted,
  rig,
  TEACHER,
  useCalendarBench,
  waitLess,
} from './calendar-bench.ts'

useCalendarBench()

describe('freeBusy', () => {
  it('tells what is taken, without what does not block', async () => {
    const { event } = await inserted()
    const later = classEvent({}, 5)
    const times = { start: { dateTime: later.startsAt.toISOString() }, end: { dateTime: later.endsAt.toISOString() } }
    await byHand({ ...times, transparency: 'transparent' })
    const from = rig.clock.now()
    expect(await calendar.freeBusy(access, from, plus(from, 3 * DAY_MS))).toEqual({
      ok: true,
      value: [{ startsAt: event.startsAt, endsAt: event.endsAt }],
    })
    expect(await calendar.freeBusy(access, from, plus(from, HOUR_MS))).toEqual({ ok: true, value: [] })
  })

  it.each([
    ['internalError', 'unavailable'],
    ['notFound', 'refused'],
  ])('an error hidden inside the answer (%s) is %s, never free', async (reason, outcome) => {
    await rig.control('google/freebusy-errors', { reason, calendar: 'primary' })
    expect(await calendar.freeBusy(access, rig.clock.now(), plus(rig.clock.now(), HOUR_MS))).toMatchObject({ ok: false, reason: outcome })
  })

  it('of a calendar that does not exist is refused', async () => {
    const elsewhere = { ...access, calendarId: 'nobody@correo.test' }
    expect(await calendar.freeBusy(elsewhere, rig.clock.now(), plus(rig.clock.now(), HOUR_MS))).toMatchObject({
      ok: false,
      reason: 'refused',
    })
  })
})

describe('listEvents', () => {
  it('reads every page, expands what repeats, in order, without deleted events', async () => {
    await rig.control('google/settings', { listPageSizeMax: 2 }, 'PATCH')
    const first = classEvent()
    await byHand({
      summary: 'Gimnasio',
      start: { dateTime: plus(first.startsAt, 2 * HOUR_MS).toISOString(), timeZone: 'America/Argentina/Buenos_Aires' },
      end: { dateTime: plus(first.startsAt, 3 * HOUR_MS).toISOString(), timeZone: 'America/Argentina/Buenos_Aires' },
      recurrence: ['RRULE:FREQ=DAILY;COUNT=5'],
    })
    await inserted(first)
    const deleted = await inserted(classEvent({}, 1))
    await calendar.deleteEvent(access, deleted.event.eventId)
    const listed = await calendar.listEvents(access, rig.clock.now(), plus(rig.clock.now(), 30 * DAY_MS), 100)
    expect(listed.ok && listed.value.map(({ summary }) => summary)).toEqual(['Clase de Inglés', ...Array(5).fill('Gimnasio')])
    expect(listed.ok && listed.value[0]).toEqual({
      eventId: first.eventId,
      summary: 'Clase de Inglés',
      status: 'confirmed',
      startsAt: first.startsAt,
      endsAt: first.endsAt,
      transparent: false,
      allDay: false,
    })
    expect(await calendar.listEvents(access, rig.clock.now(), plus(rig.clock.now(), 30 * DAY_MS), 3)).toMatchObject({
      ok: true,
      value: { length: 3 },
    })
  })

  it('turns an all-day event into an Argentine day', async () => {
    await byHand({ start: { date: '2031-03-01' }, end: { date: '2031-03-02' }, transparency: 'transparent' })
    expect(await calendar.listEvents(access, new Date('2031-02-28T00:00:00Z'), new Date('2031-03-05T00:00:00Z'), 10)).toMatchObject({
      ok: true,
      value: [{ allDay: true, transparent: true, startsAt: new Date('2031-03-01T03:00:00Z'), endsAt: new Date('2031-03-02T03:00:00Z') }],
    })
  })
})

describe('the grant', () => {
  it('works: the check says so, and it follows the sandbox when its clock jumps', async () => {
    expect(await calendar.checkGrant(access)).toEqual({ ok: true, value: null })
    rig.clock.advance(3 * HOUR_MS)
    expect(await calendar.checkGrant(access)).toEqual({ ok: true, value: null })
  })

  it('needs no new access token for each call, and gets one when the old one ends early', async () => {
    await calendar.checkGrant(access)
    const before = await asked('POST', '/token')
    await calendar.checkGrant(access)
    expect(await asked('POST', '/token')).toBe(before)
    await rig.control(`google/grants/${TEACHER}/expire-access-tokens`)
    expect(await calendar.insertEvent(access, classEvent())).toMatchObject({ ok: true })
    expect(await asked('POST', '/token')).toBe(before + 1)
  })

  it.each(['revoked by the teacher', 'disabled', 'rapt', 'policy'])('that is gone (%s) needs the teacher', async (how) => {
    if (how === 'revoked by the teacher') await rig.control(`google/grants/${TEACHER}`, undefined, 'DELETE')
    else await rig.control(`google/accounts/${TEACHER}`, { token_problem: how }, 'PATCH')
    expect(await calendar.insertEvent(access, classEvent())).toMatchObject({
      ok: false,
      reason: 'needs-reconnect',
      detail: { cause: 'token endpoint: 400 invalid_grant' },
    })
    expect(await calendar.checkGrant(access)).toMatchObject({ ok: false, reason: 'needs-reconnect' })
  })

  it('that dies while its access token is in use needs the teacher', async () => {
    await calendar.checkGrant(access)
    await rig.control(`google/grants/${TEACHER}`, undefined, 'DELETE')
    expect(await calendar.getEvent(access, '0000000000')).toMatchObject({ ok: false, reason: 'needs-reconnect' })
  })

  it('given again works under its new id', async () => {
    await rig.control(`google/grants/${TEACHER}`, undefined, 'DELETE')
    expect(await calendar.checkGrant(access)).toMatchObject({ ok: false })
    expect(await calendar.checkGrant(await grant())).toEqual({ ok: true, value: null })
  })

  it('without the events scope lets see what is busy, and nothing else', async () => {
    const narrow = await grant(['https://www.googleapis.com/auth/calendar.freebusy'])
    expect(await calendar.freeBusy(narrow, rig.clock.now(), plus(rig.clock.now(), HOUR_MS))).toMatchObject({ ok: true })
    expect(await calendar.insertEvent(narrow, classEvent())).toMatchObject({ ok: false, reason: 'needs-reconnect' })
    expect(await calendar.checkGrant(narrow)).toMatchObject({ ok: false, reason: 'needs-reconnect' })
  })

  it('without the free/busy scope fails the check', async () => {
    const narrow = await grant(['https://www.googleapis.com/auth/calendar.events'])
    expect(await calendar.insertEvent(narrow, classEvent())).toMatchObject({ ok: true })
    expect(await calendar.checkGrant(narrow)).toMatchObject({ ok: false, reason: 'needs-reconnect' })
  })

  it('is given back', async () => {
    await calendar.revoke(access)
    expect(await calendar.checkGrant(access)).toMatchObject({ ok: false, reason: 'needs-reconnect' })
    await calendar.revoke(access)
  })
})

describe('trouble', () => {
  it.each([
    ['429', { status: 429, reason: 'rateLimitExceeded', retryAfterSeconds: 30 }, 'rate-limited', 30_000],
    ['403 for rate', { status: 403, reason: 'userRateLimitExceeded' }, 'rate-limited', undefined],
    ['403 for quota', { status: 403, reason: 'quotaExceeded' }, 'rate-limited', HOUR_MS],
    ['500', { status: 500, reason: 'backendError' }, 'unavailable', undefined],
    ['503 with a hint', { status: 503, reason: 'backendError', retryAfterSeconds: 5 }, 'unavailable', 5_000],
    ['a cut connection', { kind: 'drop' }, 'unavailable', undefined],
    ['no answer', { kind: 'hang', delayMs: 5_000 }, 'unavailable', undefined],
  ])('%s: told with its reason, tried once', async (_, trouble, reason, retryAfterMs) => {
    await fault('events.insert', trouble)
    if ('kind' in trouble && trouble.kind === 'hang') waitLess()
    const outcome = await calendar.insertEvent(access, classEvent())
    expect(outcome).toMatchObject({ ok: false, reason })
    expect(outcome.ok ? null : outcome.detail?.retryAfterMs).toBe(retryAfterMs)
    expect(await asked('POST', '/events')).toBeLessThanOrEqual(1)
  })

  it('a token endpoint that fails does not disconnect the teacher', async () => {
    await fault('oauth.token', { status: 500, count: 5 })
    expect(await calendar.getEvent(access, '0000000000')).toMatchObject({ ok: false, reason: 'unavailable' })
  })

  it('an issuer that fails does not either, and is asked again', async () => {
    await fault('oauth.discovery', { status: 503 })
    expect(await calendar.getEvent(access, '0000000000')).toMatchObject({ ok: false, reason: 'unavailable' })
    expect(await calendar.getEvent(access, '0000000000')).toMatchObject({ ok: false, reason: 'not-found' })
  })
})
