import { randomInt } from 'node:crypto'
import type { GoogleWorld } from '../world.ts'
import { invalid, required } from './errors.ts'
import type { Calendar, Conference, ConferenceMode } from './model.ts'

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'

/**
 * What a write's `conferenceData` makes of the event's conference. A `createRequest` with the id of the previous request is ignored;
 * `null` removes the conference; finished conference data is copied.
 */
export function applyConferenceData(
  world: GoogleWorld,
  calendar: Calendar,
  data: unknown,
  current: Conference | undefined,
): Conference | undefined {
  if (data === null) return undefined
  if (typeof data !== 'object') throw invalid('Invalid value for: conferenceData')
  const { createRequest, conferenceId } = data as { createRequest?: unknown; conferenceId?: unknown }
  if (createRequest !== undefined && createRequest !== null) {
    const { requestId, type } = readCreateRequest(createRequest)
    return current?.requestId === requestId ? current : requestConference(world, calendar, requestId, type)
  }
  if (typeof conferenceId !== 'string' || conferenceId === current?.code) return current
  if (!/^[a-z]{3}-[a-z]{4}-[a-z]{3}$/.test(conferenceId)) throw invalid('Invalid conference data.')
  return { requestId: null, status: 'success', getsLeft: null, readyAt: null, outcome: 'success', code: conferenceId, phoneFirst: false }
}

/** Moves a pending conference on. `read` counts one read of the event. True when it settled. */
export function settleConference(world: GoogleWorld, conference: Conference, read: boolean): boolean {
  if (conference.status !== 'pending') return false
  const due = conference.readyAt !== null ? world.context.clock.now().getTime() >= conference.readyAt : read && conference.getsLeft === 0
  if (!due) {
    if (read && conference.getsLeft !== null) conference.getsLeft -= 1
    return false
  }
  conference.status = conference.outcome
  return true
}

/** The public shape of a conference, and the event's `hangoutLink` when there is a room. */
export function renderConference(
  origin: string,
  conference: Conference,
): { hangoutLink?: string; conferenceData: Record<string, unknown> } {
  const createRequest = conference.requestId !== null && {
    createRequest: {
      requestId: conference.requestId,
      conferenceSolutionKey: { type: 'hangoutsMeet' },
      status: { statusCode: conference.status },
    },
  }
  if (conference.status !== 'success') return { conferenceData: { ...createRequest } }
  const hangoutLink = meetUrl(origin, conference.code)
  const video = { entryPointType: 'video', uri: hangoutLink, label: hangoutLink.replace(/^https?:\/\//, '') }
  const phone = { entryPointType: 'phone', uri: 'tel:+54-11-5555-0100', label: '+54 11 5555-0100', pin: '555010012', regionCode: 'AR' }
  const more = { entryPointType: 'more', uri: `${origin}/meet/tel/${conference.code}?pin=5550100123456`, pin: '5550100123456' }
  return {
    hangoutLink,
    conferenceData: {
      ...createRequest,
      entryPoints: conference.phoneFirst ? [phone, more, video] : [video],
      conferenceSolution: {
        key: { type: 'hangoutsMeet' },
        name: 'Google Meet',
        iconUri: 'https://fonts.gstatic.com/s/i/productlogos/meet_2020q4/v6/web-512dp/logo_meet_2020q4_color_2x_web_512dp.png',
      },
      conferenceId: conference.code,
    },
  }
}

export function meetUrl(origin: string, code: string): string {
  return `${origin}/meet/${code}`
}

function readCreateRequest(value: unknown): { requestId: string; type: string } {
  const { requestId, conferenceSolutionKey } = value as { requestId?: unknown; conferenceSolutionKey?: { type?: unknown } | null }
  if (typeof requestId !== 'string' || requestId === '') throw required('Required: conferenceData.createRequest.requestId')
  const type = conferenceSolutionKey?.type ?? 'hangoutsMeet'
  if (typeof type !== 'string') throw invalidConferenceType()
  return { requestId, type }
}

function requestConference(world: GoogleWorld, calendar: Calendar, requestId: string, type: string): Conference {
  if (!calendar.allowedConferenceSolutionTypes.includes(type)) throw invalidConferenceType()
  const { mode, pendingGets, pendingMs, outcome } = takeMode(world)
  if (mode === 'invalid') throw invalidConferenceType()
  return {
    requestId,
    status: mode === 'pending' || mode === 'failure' ? mode : 'success',
    getsLeft: mode === 'pending' && pendingMs === null ? pendingGets : null,
    readyAt: mode === 'pending' && pendingMs !== null ? world.context.clock.now().getTime() + pendingMs : null,
    outcome: mode === 'pending' ? outcome : 'success',
    code: [3, 4, 3].map((length) => Array.from({ length }, () => LETTERS[randomInt(LETTERS.length)]).join('')).join('-'),
    phoneFirst: mode === 'phone-first',
  }
}

function takeMode(world: GoogleWorld): ConferenceMode {
  const current = { ...world.state.conference }
  if (current.remaining !== null) {
    const left = current.remaining - 1
    world.state.conference = left > 0 ? { ...current, remaining: left } : { ...current, mode: 'success', remaining: null }
  }
  return current
}

const invalidConferenceType = () => invalid('Invalid conference type value.')
