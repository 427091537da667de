import { randomInt } from 'node:crypto'
import type { GoogleWorld } from '../world.ts'
import { applyConferenceData, settleConference } from './conference.ts'
import { deleted, duplicate, forbidden, invalid, notFound, notOrganizer, staleEtag } from './errors.ts'
import { type EventBody, readEvent, readPatch } from './event-input.ts'
import { recordInvitations, type SendUpdates } from './invitations.ts'
import type { Calendar, CalendarEvent, Caller, EventFields } from './model.ts'
import { findOccurrence } from './recurrence.ts'
import { etagOf, saveEvent } from './store.ts'
import { instantOf } from './time.ts'

export interface WriteOptions {
  /** 0: conference data is ignored without an error. */
  conferenceDataVersion: 0 | 1
  sendUpdates: SendUpdates
  /** `If-Match` header. */
  ifMatch?: string | undefined
}

const ID = /^[a-v0-9]{5,1024}$/
const ID_LETTERS = '0123456789abcdefghijklmnopqrstuv'
const EVENTS_MAX = 100_000

/** events.insert. An id that was ever used in the calendar, deleted or not, answers 409. */
export function insertEvent(
  world: GoogleWorld,
  calendar: Calendar,
  caller: Caller & { kind: 'account' },
  body: EventBody,
  options: WriteOptions,
): CalendarEvent {
  const id = body.id ?? newId()
  if (typeof id !== 'string' || !ID.test(id)) throw invalid('Invalid resource id value.')
  if (body.iCalUID !== undefined && body.id !== undefined) throw invalid('Only one of id and iCalUID may be given.')
  if (Object.hasOwn(calendar.events, id)) throw duplicate()
  if (Object.keys(calendar.events).length >= EVENTS_MAX) throw forbidden('Calendar usage limits exceeded.')
  const fields = readEvent(body, calendar)
  if (fields.status === 'cancelled') throw invalid()
  const conference = conferenceAfter(world, calendar, body, undefined, options)
  const now = world.context.clock.now().getTime()
  const event: CalendarEvent = {
    ...fields,
    id,
    iCalUID: typeof body.iCalUID === 'string' ? body.iCalUID : `${id}@google.com`,
    createdAt: now,
    updatedAt: now,
    sequence: 0,
    change: 0,
    creatorEmail: caller.email,
    organizerEmail: calendar.id,
    ...(conference && { conference }),
  }
  saveEvent(world, calendar, event)
  recordInvitations(world, calendar, { before: undefined, after: event, sendUpdates: options.sendUpdates })
  return event
}

/** events.get: also answers a deleted event, with status "cancelled". A read moves a pending conference on. */
export function getEvent(world: GoogleWorld, calendar: Calendar, id: string): CalendarEvent {
  const event = findEvent(calendar, id)
  const stored = Object.hasOwn(calendar.events, id)
  if (stored && event.conference && settleConference(world, event.conference, true)) saveEvent(world, calendar, event)
  return event
}

/** events.patch (merges) and events.update (replaces). */
export function changeEvent(
  world: GoogleWorld,
  calendar: Calendar,
  id: string,
  how: 'patch' | 'update',
  body: EventBody,
  options: WriteOptions,
): CalendarEvent {
  const before = findEvent(calendar, id)
  checkEtag(before, options.ifMatch)
  const restoring = how === 'patch' && (body.status === 'confirmed' || body.status === 'tentative')
  if (before.status === 'cancelled' && !restoring) throw forbidden()
  if (before.organizerEmail !== calendar.id && (how === 'update' || touchesShared(body))) throw notOrganizer()
  const fields = how === 'patch' ? readPatch(body, before, calendar) : readEvent(body, calendar)
  const conference = conferenceAfter(world, calendar, body, before.conference, options, how === 'update')
  const after = rebuild(before, fields, conference)
  if (isMoved(before, after, calendar)) after.sequence += 1
  saveEvent(world, calendar, after, { keepUpdated: Object.keys(body).every((key) => key === 'reminders') })
  recordInvitations(world, calendar, { before, after, sendUpdates: options.sendUpdates })
  return after
}

/** events.delete: leaves a tombstone; a second delete answers 410. */
export function deleteEvent(world: GoogleWorld, calendar: Calendar, id: string, options: WriteOptions): void {
  const before = findEvent(calendar, id)
  if (before.status === 'cancelled') throw deleted()
  checkEtag(before, options.ifMatch)
  const after: CalendarEvent = { ...before, status: 'cancelled', sequence: before.sequence + 1 }
  saveEvent(world, calendar, after)
  recordInvitations(world, calendar, { before, after, sendUpdates: options.sendUpdates })
  for (const exception of Object.values(calendar.events)) {
    if (exception.recurringEventId !== id || exception.status === 'cancelled') continue
    saveEvent(world, calendar, { ...exception, status: 'cancelled' })
  }
}

function findEvent(calendar: Calendar, id: string): CalendarEvent {
  const event = Object.hasOwn(calendar.events, id) ? calendar.events[id] : findOccurrence(calendar, id)
  if (!event) throw notFound()
  return event
}

function checkEtag(event: CalendarEvent, ifMatch: string | undefined): void {
  if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== etagOf(event)) throw staleEtag()
}

function conferenceAfter(
  world: GoogleWorld,
  calendar: Calendar,
  body: EventBody,
  current: CalendarEvent['conference'],
  options: WriteOptions,
  replacing = false,
): CalendarEvent['conference'] {
  if (options.conferenceDataVersion === 0) return current
  if (body.conferenceData === undefined) return replacing ? undefined : current
  return applyConferenceData(world, calendar, body.conferenceData, current)
}

function rebuild(before: CalendarEvent, fields: EventFields, conference: CalendarEvent['conference']): CalendarEvent {
  const { id, iCalUID, createdAt, updatedAt, sequence, change, creatorEmail, organizerEmail, recurringEventId, originalStart } = before
  return {
    ...fields,
    id,
    iCalUID,
    createdAt,
    updatedAt,
    sequence,
    change,
    creatorEmail,
    organizerEmail,
    ...(recurringEventId && { recurringEventId }),
    ...(originalStart && { originalStart }),
    ...(conference && { conference }),
  }
}

function isMoved(before: CalendarEvent, after: CalendarEvent, calendar: Calendar): boolean {
  const edges = (event: CalendarEvent) => [
    instantOf(event.start, calendar.timeZone),
    instantOf(event.end, calendar.timeZone),
    event.recurrence,
    event.status,
  ]
  return JSON.stringify(edges(before)) !== JSON.stringify(edges(after))
}

/** A guest's copy may change what is the guest's own: reminders, colour, transparency, private properties. */
function touchesShared(body: EventBody): boolean {
  const own = ['reminders', 'colorId', 'transparency', 'visibility', 'extendedProperties']
  return Object.keys(body).some((key) => !own.includes(key))
}

function newId(): string {
  return Array.from({ length: 26 }, () => ID_LETTERS[randomInt(ID_LETTERS.length)]).join('')
}
