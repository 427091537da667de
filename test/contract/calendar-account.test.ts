import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config.ts'
import { CALENDAR_SCOPES } from '../../src/features/identity/provider.ts'
import type { CalendarAccess, CalendarProvider, ClassEvent } from '../../src/features/meeting/provider.ts'
import { DAY_MS, HOUR_MS, plus, systemClock } from '../../src/kernel/clock.ts'
import { createCalendar } from '../../src/providers/google/calendar.ts'
import { configFile } from '../support/config-files.ts'
import { startRig } from './sandbox-rig.ts'
import { recordingLog } from './unruly-server.ts'

/**
 * What a class asks of Google, on an account: the sandbox's, or a real one when GOOGLE_TEST_REFRESH_TOKEN is given (`npm run contract:google`,
 * docs/operations.md). Everything that it makes lies more than a year ahead and is removed again; nobody is mailed. What needs faults on
 * command is proved on the sandbox alone, in the files beside this one.
 */
const REAL = process.env.GOOGLE_TEST_REFRESH_TOKEN
/** Google may still be at a conference after the answer: it is looked for this often, this far apart. */
const LOOKS = 20
const LOOK_EVERY_MS = REAL ? 1_000 : 10
const AHEAD_MS = 400 * DAY_MS

interface Account {
  access: CalendarAccess
  calendar: CalendarProvider
  now: () => Date
  /** Somebody who may stand on an event. */
  guest: string
  close: () => Promise<void>
}

async function openAccount(): Promise<Account> {
  const { log } = recordingLog()
  if (REAL) {
    const { GOOGLE_TEST_CLIENT_ID = '', GOOGLE_TEST_CLIENT_SECRET = '', GOOGLE_TEST_CALENDAR_ID: calendarId = 'primary' } = process.env
    const env = { AUTH_GOOGLE_ID: GOOGLE_TEST_CLIENT_ID, AUTH_GOOGLE_SECRET: GOOGLE_TEST_CLIENT_SECRET }
    const parsed = parseConfig(env, await configFile('pricing'), await configFile('academy'))
    if (!parsed.ok) throw new Error(parsed.errors.join('\n'))
    return {
      access: { grantId: randomUUID(), refreshToken: REAL, calendarId },
      calendar: createCalendar({ ...parsed.config.google, clock: systemClock, log }),
      now: () => systemClock.now(),
      guest: process.env.GOOGLE_TEST_GUEST ?? 'guest@example.com',
      close: async () => {},
    }
  }
  const rig = await startRig()
  const scopes = ['openid', ...CALENDAR_SCOPES]
  const grant = await rig.control<{ refresh_token: string }>('google/grants', { email: 'profe@hablainglesya.test', scopes })
  return {
    access: { grantId: randomUUID(), refreshToken: grant.refresh_token, calendarId: 'primary' },
    calendar: createCalendar({ ...rig.config.google, clock: rig.clock, log }),
    now: () => rig.clock.now(),
    guest: 'sofia.pereyra@correo.test',
    close: () => rig.close(),
  }
}

describe(`a calendar at ${REAL ? 'Google' : 'the sandbox'}`, () => {
  let account: Account
  const made: string[] = []
  beforeAll(async () => {
    account = await openAccount()
  })
  afterAll(async () => {
    for (const eventId of made) await account.calendar.deleteEvent(account.access, eventId)
    await account.close()
  })

  function classEvent(hours = 0): ClassEvent {
    const classId = randomUUID()
    const eventId = `${classId.replaceAll('-', '')}g0`
    const startsAt = plus(new Date(Math.ceil(account.now().getTime() / HOUR_MS) * HOUR_MS), AHEAD_MS + hours * HOUR_MS)
    made.push(eventId)
    return {
      eventId,
      classId,
      summary: 'Clase de Inglés',
      description: 'La clase sera grupal con x3 participantes\nObjetivo: <b>phrasal verbs</b>',
      startsAt,
      endsAt: plus(startsAt, HOUR_MS),
      attendees: [account.guest],
      conferenceRequestId: `${eventId}-1`,
    }
  }

  async function withLink(eventId: string) {
    for (let look = 0; look < LOOKS; look++) {
      const found = await account.calendar.getEvent(account.access, eventId)
      if (found.ok && found.value.conference !== 'pending') return found.value
      await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS))
    }
    return null
  }

  it('the grant reads events and free/busy', async () => {
    expect(await account.calendar.checkGrant(account.access)).toEqual({ ok: true, value: null })
  })

  it('an event is made once under our own id, at its hour, ours, with its guest and a video link', async () => {
    const event = classEvent()
    const inserted = await account.calendar.insertEvent(account.access, event)
    expect(inserted).toMatchObject({
      ok: true,
      value: { eventId: event.eventId, classId: event.classId, startsAt: event.startsAt, endsAt: event.endsAt, attendees: [account.guest] },
    })
    expect(await withLink(event.eventId)).toMatchObject({
      conference: 'ready',
      meetUrl: expect.stringMatching(/[a-z]{3}-[a-z]{4}-[a-z]{3}$/),
    })
    expect(await account.calendar.insertEvent(account.access, event)).toMatchObject({ ok: false, reason: 'duplicate' })
  })

  it('moving it keeps the link, and an emptied list of guests is empty', async () => {
    const event = classEvent(2)
    await account.calendar.insertEvent(account.access, event)
    const before = await withLink(event.eventId)
    const change = { startsAt: plus(event.startsAt, HOUR_MS), endsAt: plus(event.endsAt, HOUR_MS), attendees: [] }
    expect(await account.calendar.updateEvent(account.access, event.eventId, change)).toMatchObject({
      ok: true,
      value: { startsAt: change.startsAt, attendees: [], meetUrl: before?.meetUrl },
    })
  })

  it('it blocks its time, and is listed', async () => {
    const event = classEvent(4)
    await account.calendar.insertEvent(account.access, event)
    const busy = await account.calendar.freeBusy(account.access, event.startsAt, event.endsAt)
    expect(busy.ok && busy.value.length).toBeGreaterThan(0)
    const listed = await account.calendar.listEvents(account.access, event.startsAt, event.endsAt, 50)
    expect(listed.ok && listed.value.map(({ eventId }) => eventId)).toContain(event.eventId)
  })

  it('deleted it is found cancelled, deleting it again is nothing, and its id is not free', async () => {
    const event = classEvent(6)
    await account.calendar.insertEvent(account.access, event)
    for (let time = 0; time < 2; time++) {
      expect(await account.calendar.deleteEvent(account.access, event.eventId)).toEqual({ ok: true, value: null })
    }
    expect(await account.calendar.getEvent(account.access, event.eventId)).toMatchObject({ ok: true, value: { cancelled: true } })
    expect(await account.calendar.insertEvent(account.access, event)).toMatchObject({ ok: false, reason: 'duplicate' })
    expect(await account.calendar.updateEvent(account.access, event.eventId, { attendees: [] })).toMatchObject({
      ok: false,
      reason: 'not-found',
    })
  })

  it.each([
    ['an id outside the alphabet', { eventId: 'XYZ!' }],
    ['an end before its beginning', { endsAt: new Date(0) }],
    ['an address that is none', { attendees: ['nobody'] }],
  ])('%s is refused for good', async (_, change) => {
    expect(await account.calendar.insertEvent(account.access, { ...classEvent(8), ...change })).toMatchObject({
      ok: false,
      reason: 'refused',
    })
  })

  it('what is not there is not found; a calendar of somebody else is refused', async () => {
    expect(await account.calendar.getEvent(account.access, classEvent(9).eventId)).toMatchObject({ ok: false, reason: 'not-found' })
    const elsewhere = { ...account.access, calendarId: 'nobody@example.com' }
    expect(await account.calendar.insertEvent(elsewhere, classEvent(9))).toMatchObject({ ok: false, reason: 'refused' })
  })

  it('the daily trial passes and leaves nothing behind', async () => {
    const eventId = `${randomUUID().replaceAll('-', '')}t0`
    const at = plus(account.now(), AHEAD_MS)
    expect(await account.calendar.tryOut(account.access, eventId, at)).toEqual({ ok: true, value: null })
    expect(await account.calendar.getEvent(account.access, eventId)).toMatchObject({ ok: true, value: { cancelled: true } })
  })

  it('says whether it may ask Meet who was there', async () => {
    expect(await account.calendar.tellsPresences(account.access)).toMatchObject({ ok: true, value: expect.any(Boolean) })
  })

  it('a grant that is none needs the teacher', async () => {
    const dead = { ...account.access, grantId: randomUUID(), refreshToken: '1//nobody' }
    expect(await account.calendar.checkGrant(dead)).toMatchObject({ ok: false, reason: 'needs-reconnect' })
  })
})
