import type { calendar_v3 } from '@googleapis/calendar'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { CLASS_ID, classEvent, type Rig, refusal, startRig, TEACHER, TEACHER_SCOPES, token } from './google-sandbox-rig.ts'

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

const fault = (body: Record<string, unknown>) => rig.control('POST', '/__control/google/faults', body)
const insert = () => calendar.events.insert({ calendarId: 'primary', requestBody: classEvent(rig) })
const get = () => calendar.events.get({ calendarId: 'primary', eventId: CLASS_ID }, { retry: false })
const stored = async () => (await rig.control('GET', '/__control/google/events')).body.events.map((event: { id: string }) => event.id)
const EVENTS = '/calendar/v3/calendars/*/events'

describe('a fault switch', () => {
  it('answers the error that was asked for, so many times, with the wait in the header', async () => {
    await fault({ route: 'events.insert', kind: 'error', status: 403, reason: 'rateLimitExceeded', count: 2, retryAfterSeconds: 7 })
    for (let n = 0; n < 2; n += 1) {
      const answer = await refusal(insert())
      expect(answer).toMatchObject({ status: 403, reason: 'rateLimitExceeded', message: 'Rate Limit Exceeded' })
      expect(answer.error.errors[0].domain).toBe('usageLimits')
    }
    expect(await stored()).toEqual([])
    expect((await insert()).status).toBe(200)
  })

  it('is refused under a name that no route has, with those that there are', async () => {
    const { status, body } = await fault({ route: 'events.inserts' })
    expect(status).toBe(400)
    expect(body.error).toContain('No route is called "events.inserts": the names are ')
    expect(body.error).toContain('events.insert, ')
    const mailbox = (route: string) => rig.control('POST', '/__control/mail/faults', { route })
    expect((await mailbox('sent')).body.error).toBe('No route is called "sent": the names are send; a path begins with "/".')
    expect((await mailbox('send')).status).toBe(201)
  })

  it('sends Retry-After', async () => {
    await fault({ route: EVENTS, method: 'GET', kind: 'error', status: 429, retryAfterSeconds: 7 })
    const answer = await fetch(`${rig.google}/calendar/v3/calendars/primary/events`)
    expect(answer.status).toBe(429)
    expect(answer.headers.get('retry-after')).toBe('7')
    expect(await answer.json()).toMatchObject({ error: { code: 429, errors: [{ reason: 'rateLimitExceeded' }] } })
  })

  it('html: a page of something in between, and nothing happened', async () => {
    await fault({ route: EVENTS, method: 'POST', kind: 'html' })
    const answer = await fetch(`${rig.google}/calendar/v3/calendars/primary/events`, { method: 'POST', body: '{}' })
    expect([answer.status, answer.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8'])
    expect(await stored()).toEqual([])
  })

  it('commit-then-500: the event is there although the answer was an error', async () => {
    await fault({ route: 'events.insert', kind: 'commit-then-500' })
    expect(await refusal(insert())).toMatchObject({ status: 500, reason: 'backendError' })
    expect(await stored()).toEqual([CLASS_ID])
    expect(await refusal(insert())).toMatchObject({ status: 409, reason: 'duplicate' })
  })

  it('commit-then-drop: the event is there although the connection broke', async () => {
    await fault({ route: 'events.insert', kind: 'commit-then-drop' })
    await expect(insert()).rejects.not.toHaveProperty('response.status')
    expect(await stored()).toEqual([CLASS_ID])
  })

  it('drop: the connection breaks and nothing happened', async () => {
    await fault({ route: EVENTS, method: 'POST', kind: 'drop' })
    await expect(insert()).rejects.not.toHaveProperty('response.status')
    expect(await stored()).toEqual([])
  })

  it('not-found-first: a fresh event is not seen at once', async () => {
    await insert()
    await fault({ route: 'events.get', kind: 'not-found-first', count: 2 })
    expect(await refusal(get())).toMatchObject({ status: 404, reason: 'notFound' })
    expect(await refusal(get())).toMatchObject({ status: 404 })
    expect((await get()).data.id).toBe(CLASS_ID)
  })

  it('malformed: the answer is no JSON, but the work was done', async () => {
    await fault({ route: 'events.insert', kind: 'malformed' })
    const answer = await fetch(`${rig.google}/calendar/v3/calendars/primary/events`, {
      method: 'POST',
      headers: { authorization: `Bearer ${(await rig.grant(TEACHER, TEACHER_SCOPES)).access_token}` },
      body: JSON.stringify(classEvent(rig)),
    })
    expect(answer.status).toBe(200)
    await expect(answer.json()).rejects.toThrow(SyntaxError)
    expect(await stored()).toEqual([CLASS_ID])
  })

  it('truncated: the body breaks off half way', async () => {
    await fault({ route: 'oauth.discovery', kind: 'truncated' })
    const answer = await fetch(`${rig.google}/.well-known/openid-configuration`)
    expect(answer.status).toBe(200)
    await expect(answer.text()).rejects.toThrow('terminated')
  })

  it('slow: answers in the end; hang: never', async () => {
    await insert()
    await fault({ route: 'events.get', kind: 'slow', delayMs: 50 })
    const started = performance.now()
    expect((await get()).status).toBe(200)
    expect(performance.now() - started).toBeGreaterThanOrEqual(45)
    await fault({ route: 'events.get', kind: 'hang' })
    await expect(calendar.events.get({ calendarId: 'primary', eventId: CLASS_ID }, { timeout: 100, retry: false })).rejects.toThrow(
      /abort|timeout/i,
    )
  })

  it('speaks OAuth at the token endpoint and can single out refreshes', async () => {
    const { refresh_token } = await rig.grant(TEACHER, TEACHER_SCOPES)
    await fault({ route: 'oauth.token', kind: 'error', status: 400, reason: 'invalid_grant', bodyIncludes: 'grant_type=refresh_token' })
    expect(await token(rig, { grant_type: 'authorization_code', code: 'x', redirect_uri: 'y' })).toMatchObject({
      body: { error_description: 'Bad Request' },
    })
    expect(await token(rig, { grant_type: 'refresh_token', refresh_token })).toEqual({
      status: 400,
      body: { error: 'invalid_grant', error_description: 'Token has been expired or revoked.' },
    })
    await fault({ route: '/token', kind: 'error', status: 500 })
    expect(await token(rig, { grant_type: 'refresh_token', refresh_token })).toMatchObject({
      status: 500,
      body: { error: 'internal_failure' },
    })
    expect((await token(rig, { grant_type: 'refresh_token', refresh_token })).status).toBe(200)
  })

  it('with a probability hits the same requests in every run of a seed', async () => {
    const run = async () => {
      await rig.control('DELETE', '/__control/google/faults')
      await fault({ route: 'oauth.certs', kind: 'error', status: 503, probability: 0.5, seed: 7, count: 1_000 })
      const statuses = []
      for (let n = 0; n < 20; n += 1) statuses.push((await fetch(`${rig.google}/oauth2/v3/certs`)).status)
      return statuses
    }
    const first = await run()
    expect(new Set(first)).toEqual(new Set([200, 503]))
    expect(await run()).toEqual(first)
  })

  it('is listed with what is left of it, and can be taken back', async () => {
    const { body } = await fault({ route: 'events.list', kind: 'error', status: 503, count: 3 })
    await refusal(calendar.events.list({ calendarId: 'primary' }, { retry: false }))
    expect((await rig.control('GET', '/__control/google/faults')).body.faults).toMatchObject([{ id: body.id, remaining: 2, hits: 1 }])
    expect((await rig.control('DELETE', `/__control/google/faults/${body.id}`)).status).toBe(204)
    expect((await rig.control('DELETE', `/__control/google/faults/${body.id}`)).status).toBe(404)
    expect((await calendar.events.list({ calendarId: 'primary' })).status).toBe(200)
  })

  it('is refused when it makes no sense', async () => {
    expect(await fault({ route: 'events.list', kind: 'explode' })).toMatchObject({ status: 400 })
    expect(await fault({ kind: 'drop' })).toMatchObject({ status: 400 })
    expect(await fault({ route: 'events.list', count: 0 })).toMatchObject({ status: 400 })
  })

  it('shows in the request log', async () => {
    await fault({ route: 'events.insert', kind: 'commit-then-drop' })
    await insert().catch(() => undefined)
    const { body } = await rig.control('GET', '/__control/log?part=google&method=post&path=/events')
    expect(body.requests).toMatchObject([{ method: 'POST', status: 0, fault: 'commit-then-drop' }])
    expect(JSON.parse(body.requests[0].body)).toMatchObject({ id: CLASS_ID })
  })
})
