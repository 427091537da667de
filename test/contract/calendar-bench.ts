import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { CALENDAR_SCOPES } from '../../src/features/identity/provider.ts'
import type { CalendarAccess, CalendarProvider, ClassEvent } from '../../src/features/meeting/provider.ts'
import { DAY_MS, HOUR_MS, plus } from '../../src/kernel/clock.ts'
import { type CalendarOptions, createCalendar } from '../../src/providers/google/calendar.ts'
import { type Rig, startRig } from './sandbox-rig.ts'
import { recordingLog } from './unruly-server.ts'

export const TEACHER = 'profe@hablainglesya.test'

/** Set anew for every test by `useCalendarBench`. */
export let rig: Rig
export let calendar: CalendarProvider
export let access: CalendarAccess
let lines: string[]
let log: CalendarOptions['log']

function waitingFor(limitMs: number): CalendarProvider {
  const limits = { timeoutMs: limitMs, deadlineMs: limitMs * 1.5 }
  return createCalendar({ ...rig.config.google, ...limits, clock: rig.clock, log, callsPerSecondMax: 1_000 })
}

/** Silence takes as long as it is waited for: from now on in this test not long. */
export function waitLess(): void {
  calendar = waitingFor(1_000)
}

/** The sandbox behind the calendar provider: started for the file, empty for every test. No token may reach the log. */
export function useCalendarBench(): void {
  beforeAll(async () => {
    rig = await startRig()
  })
  beforeEach(async () => {
    await rig.reset()
    const recording = recordingLog()
    lines = recording.lines
    log = recording.log
    calendar = waitingFor(60_000)
    access = await grant()
  })
  afterEach(() => {
    expect(lines.join('\n')).not.toContain(access.refreshToken)
    expect(lines.join('\n')).not.toMatch(/ya29\.|GOCSPX/)
  })
  afterAll(() => rig.close())
}

/** A grant of the teacher, as the consent flow would have stored it. */
export async function grant(scopes: readonly string[] = CALENDAR_SCOPES, calendarId = 'primary'): Promise<CalendarAccess> {
  const { refresh_token } = await rig.control<{ refresh_token: string }>('google/grants', { email: TEACHER, scopes: ['openid', ...scopes] })
  return { grantId: randomUUID(), refreshToken: refresh_token, calendarId }
}

/** The class of tomorrow, from 10 to 11 in Argentina or so many hours later. */
export function classEvent(change: Partial<ClassEvent> = {}, hoursLater = 0): ClassEvent {
  const classId = randomUUID()
  const eventId = `${classId.replaceAll('-', '')}g0`
  const startsAt = plus(new Date(Math.ceil(rig.clock.now().getTime() / HOUR_MS) * HOUR_MS), DAY_MS + hoursLater * HOUR_MS)
  return {
    eventId,
    classId,
    summary: 'Clase de Inglés',
    description: 'La clase sera grupal con x3 participantes\nObjetivo: <b>phrasal verbs</b>',
    startsAt,
    endsAt: plus(startsAt, HOUR_MS),
    attendees: ['sofia.pereyra@correo.test'],
    conferenceRequestId: `${eventId}-1`,
    ...change,
  }
}

export async function inserted(event = classEvent()) {
  const outcome = await calendar.insertEvent(access, event)
  if (!outcome.ok) throw new Error(`${outcome.reason}: ${outcome.detail?.cause}`)
  return { event, value: outcome.value }
}

interface StoredEvent extends Record<string, unknown> {
  attendees?: { email: string }[]
  conferenceData?: { createRequest?: { requestId: string }; conferenceId?: string }
}
export const stored = (eventId: string) => rig.control<StoredEvent>(`google/events/${eventId}`, undefined, 'GET')
export const byHand = (body: object) => rig.control<{ id: string }>('google/events', body)
export const fault = (route: string, more: object = {}) => rig.control('google/faults', { route, ...more })
export const conference = (mode: string, more: object = {}) => rig.control('google/conference', { mode, ...more })
export const asked = async (method: string, path: string) => (await rig.requests({ part: 'google', method, path })).length
