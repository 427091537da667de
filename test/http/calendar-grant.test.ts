import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createAccessTokens } from '../../src/features/meeting/access-tokens.ts'
import { resealGrants } from '../../src/features/meeting/reseal.ts'
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import { createSecretBox } from '../../src/kernel/secret-box.ts'
import { createCalendar } from '../../src/providers/google/calendar.ts'
import { checkout, classStatus } from '../support/booking.ts'
import { classFor, expectCleanLog, freshSlots, newcomer } from '../support/scene.ts'
import { openWorld, type World } from '../support/world.ts'

const TEACHER = 'profe@hablainglesya.test'
const slotOf = freshSlots()

describe('the grant of a calendar (google.md 3, 6)', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())

  const fault = (route: string, more: object) => world.control('/google/faults', { route, ...more })
  const connectionOf = async () =>
    (
      await world.rows<{ id: string; status: string; trial_error: string | null; tried_at: Date | null; renewing_until: Date | null }>(
        'SELECT * FROM google_connection',
      )
    )[0]
  const tokensAsked = async () =>
    ((await world.control('/log?part=google&method=POST&path=/token')) as { requests: unknown[] }).requests.length

  it('two processes that need an access token at the same moment ask Google once', async () => {
    const { deps } = world
    const [teacher] = await world.rows<{ id: string; teacher_id: string }>('SELECT id, teacher_id FROM google_connection')
    const sealed = await world.rows<{ sealed_refresh_token: string }>('SELECT sealed_refresh_token FROM google_connection')
    const refreshToken = deps.secrets.open(sealed[0]?.sealed_refresh_token ?? '', teacher?.id ?? '')
    const access = { grantId: teacher?.id ?? '', refreshToken, calendarId: 'primary' }
    await world.rows('UPDATE google_connection SET sealed_access_token = NULL, access_expires_at = NULL')
    const processes = [0, 1, 2].map(() =>
      createCalendar({
        ...deps.config.google,
        clock: deps.clock,
        log: deps.log,
        callsPerSecondMax: 1_000,
        tokens: createAccessTokens(deps),
      }),
    )
    const before = await tokensAsked()
    const answers = await Promise.all(processes.map((calendar) => calendar.checkGrant(access)))
    expect(answers).toEqual([0, 1, 2].map(() => ({ ok: true, value: null })))
    expect((await tokensAsked()) - before).toBe(1)
  })

  it('a process that died while it renewed keeps nobody waiting for longer than its lease', async () => {
    const grant = await connectionOf()
    const tokens = createAccessTokens({ ...world.deps, ids: systemIds })
    await world.rows('UPDATE google_connection SET sealed_access_token = NULL')
    expect(await tokens.take(grant?.id ?? '', null)).toMatchObject({ state: 'renew' })
    expect(await tokens.take(grant?.id ?? '', null)).toEqual({ state: 'wait' })
    world.clock.advance(15 * SECOND_MS)
    expect(await tokens.take(grant?.id ?? '', null)).toMatchObject({ state: 'renew' })
    world.clock.advance(15 * SECOND_MS)
  })

  it('can be sealed anew with another key, after which the old key opens nothing any more', async () => {
    const [old] = world.deps.config.tokenEncryptionKeys
    const rotated = createSecretBox(['a-key-that-was-made-on-another-day', old ?? ''])
    expect(await resealGrants({ db: world.deps.db, secrets: rotated })).toEqual({ resealed: 1, unreadable: 0 })
    const [row] = await world.rows<{ id: string; sealed: string }>('SELECT id, sealed_refresh_token AS sealed FROM google_connection')
    expect(() => world.deps.secrets.open(row?.sealed ?? '', row?.id ?? '')).toThrow()
    const back = createSecretBox([old ?? '', 'a-key-that-was-made-on-another-day'])
    expect(await resealGrants({ db: world.deps.db, secrets: back })).toEqual({ resealed: 1, unreadable: 0 })
    expect(await resealGrants({ db: world.deps.db, secrets: createSecretBox(['a-key-that-nobody-ever-knew-of-before']) })).toEqual({
      resealed: 0,
      unreadable: 1,
    })
  })

  it('an hour without quota loses nothing: the class waits for its link and has it afterwards', async () => {
    await fault('events.insert', { kind: 'error', status: 403, reason: 'quotaExceeded', count: 1 })
    const host = await newcomer(world)
    const { classId, preferenceId } = await checkout(host, slotOf())
    await world.control('/mercado-pago/pay', { preferenceId })
    await world.settle()
    expect(await classStatus(world, classId)).toBe('pending')
    world.clock.advance(HOUR_MS + MINUTE_MS)
    await world.settle()
    expect(await classStatus(world, classId)).toBe('scheduled')
    const [usage] = await world.rows<{ limited: string }>('SELECT sum(limited) AS limited FROM google_usage')
    expect(Number(usage?.limited)).toBe(1)
  })

  it('five people who join at the same moment are one patch, which a quota only delays', async () => {
    const { classId, code, start } = await classFor(world, 5, slotOf())
    const guests = [await newcomer(world), await newcomer(world), await newcomer(world), await newcomer(world)]
    world.clock.set(start)
    await world.control('/log', undefined, 'DELETE')
    await fault('events.patch', { kind: 'error', status: 403, reason: 'rateLimitExceeded', count: 1 })
    await Promise.all(guests.map((guest) => guest.post('/api/access-code', { accessCode: code })))
    await world.settle()
    world.clock.advance(MINUTE_MS)
    await world.settle()
    const { requests } = (await world.control('/log?part=google&method=PATCH')) as { requests: { status: number }[] }
    expect(requests.map(({ status }) => status)).toEqual([403, 200])
    const [row] = await world.rows<{ id: string }>('SELECT google_event_id AS id FROM virtual_class WHERE id = $1', [classId])
    const event = (await world.control(`/google/events/${row?.id}`)) as {
      attendees: unknown[]
      guestsCanInviteOthers: boolean
      guestsCanSeeOtherGuests: boolean
    }
    expect(event.attendees).toHaveLength(5)
    expect(event).toMatchObject({ guestsCanInviteOthers: false, guestsCanSeeOtherGuests: false })
  })

  it('the daily trial leaves nothing behind, and warns once a day when it fails', async () => {
    const admin = await world.admin()
    world.clock.advance(DAY_MS)
    await world.settle()
    expect((await connectionOf())?.trial_error).toBeNull()
    expect(await (await admin.get('/admin/google')).text()).toContain('Prueba diaria')

    await world.control('/google/conference', { mode: 'failure', count: 3 })
    world.clock.advance(DAY_MS)
    await world.settle()
    expect((await connectionOf())?.trial_error).toContain('Meet link not generated')
    // A second one on the same day looks again, and says the same.
    await admin.submit('/admin/google/probar', {})
    await world.settle()
    expect((await connectionOf())?.trial_error).toContain('Meet link not generated')
    await world.control('/google/conference', { mode: 'invalid', count: 2 })
    await admin.submit('/admin/google/probar', {})
    await world.settle()
    expect((await connectionOf())?.trial_error).toContain('Invalid conference type')
    const { mails } = (await world.control(`/mail?to=${TEACHER}&subject=${encodeURIComponent('prueba diaria')}`)) as { mails: unknown[] }
    expect(mails).toHaveLength(1)
    const { events } = (await world.control('/google/events')) as { events: { summary: string; status: string }[] }
    expect(events.filter(({ summary, status }) => summary.startsWith('Prueba') && status !== 'cancelled')).toEqual([])
    await expectCleanLog(world)
  })

  it('once it is dead every page of the panel says so, with one button, and the application in testing is told of before', async () => {
    const admin = await world.admin()
    expect(await (await admin.get('/admin/horarios')).text()).not.toContain('Google dejó de aceptar')
    await world.control(`/google/grants/${TEACHER}`, undefined, 'DELETE')
    world.clock.advance(DAY_MS)
    await world.settle()
    expect((await connectionOf())?.status).toBe('disconnected')
    for (const path of ['/admin', '/admin/horarios', '/admin/tickets']) {
      const page = await (await admin.get(path)).text()
      expect(page.match(/Google dejó de aceptar la conexión con tu calendario/g)?.length).toBeGreaterThanOrEqual(1)
      expect(page).toContain('action="/api/admin/google/connect"')
    }
    const { mails } = (await world.control(`/mail?to=${TEACHER}&subject=${encodeURIComponent('volver a conectar')}`)) as {
      mails: unknown[]
    }
    expect(mails).toHaveLength(1)
  })
})

describe('a service account of a Workspace (google.md 3.7)', () => {
  it.each([
    [true, 'ok=connected'],
    [false, 'error=no-delegation'],
  ])('with delegation %s: %s', async (delegated, answer) => {
    const seed = await openWorld({ calendar: false })
    const key = await seed.control('/google/service-accounts', { delegated })
    const state = (await seed.control('/state')) as Record<string, unknown>
    await seed.close()
    const world = await openWorld({
      calendar: false,
      env: { GOOGLE_AUTH_MODE: 'service_account', GOOGLE_SERVICE_ACCOUNT_JSON: JSON.stringify(key) },
    })
    world.sandbox.parts.google.restore(state.google)
    const admin = await world.admin()
    const connected = await admin.submit('/api/admin/google/connect', {})
    expect(connected.headers.get('location')).toBe(`/admin/google?${answer}`)
    if (delegated) {
      const { classId } = await classFor(world, 2, freshSlots()())
      expect(await classStatus(world, classId)).toBe('scheduled')
    } else expect(await (await admin.get(`/admin/google?${answer}`)).text()).toContain('sin delegación en todo el dominio')
    await world.close()
  })
})
