import { type Context, Hono } from 'hono'
import type { GoogleWorld } from '../world.ts'
import { ACCEPTED_SCOPES, authorize, authorizeRead } from './access.ts'
import { openChannel, stopChannel } from './channels.ts'
import { GoogleApiError, invalidParameter, notFound } from './errors.ts'
import type { EventBody } from './event-input.ts'
import { renderEvent } from './event-view.ts'
import { changeEvent, deleteEvent, getEvent, insertEvent, type WriteOptions } from './events.ts'
import { queryFreeBusy } from './free-busy.ts'
import { isUnchanged, listEvents } from './listing.ts'
import type { Calendar, CalendarEvent, Caller } from './model.ts'
import { refuseAsServiceAccount } from './service-accounts.ts'
import { calendarFor, etagOf, primaryCalendar } from './store.ts'
import { isTimeZone } from './time.ts'

const BASE = '/calendar/v3'
const EVENTS = `${BASE}/calendars/:calendarId/events`

/** Names for fault switches. */
export const CALENDAR_ROUTES = {
  'events.insert': { method: 'POST', path: EVENTS },
  'events.list': { method: 'GET', path: EVENTS },
  'events.get': { method: 'GET', path: `${EVENTS}/:eventId` },
  'events.patch': { method: 'PATCH', path: `${EVENTS}/:eventId` },
  'events.update': { method: 'PUT', path: `${EVENTS}/:eventId` },
  'events.delete': { method: 'DELETE', path: `${EVENTS}/:eventId` },
  'events.watch': { method: 'POST', path: `${EVENTS}/watch` },
  'channels.stop': { method: 'POST', path: `${BASE}/channels/stop` },
  'freebusy.query': { method: 'POST', path: `${BASE}/freeBusy` },
  'calendars.get': { method: 'GET', path: `${BASE}/calendars/:calendarId` },
  'calendarList.list': { method: 'GET', path: `${BASE}/users/me/calendarList` },
}

/** Calendar API v3 (section 2 of the provider contract). */
export function calendarApi(world: GoogleWorld): Hono {
  const app = new Hono()

  app.post(EVENTS, async (c) => {
    const caller = authorize(world, c, ACCEPTED_SCOPES.writeEvents)
    const calendar = calendarFor(world, caller, c.req.param('calendarId'), 'write')
    const body = await jsonBody(c)
    refuseAsServiceAccount(world, caller, body, writeOptions(c))
    return answer(world, c, calendar, caller, insertEvent(world, calendar, caller, body, writeOptions(c)))
  })

  app.get(EVENTS, (c) => {
    const caller = authorizeRead(world, c, ACCEPTED_SCOPES.readEvents)
    const calendar = calendarFor(world, caller, c.req.param('calendarId'), 'read')
    return c.json(listEvents(world, calendar, caller, new URL(c.req.url).searchParams))
  })

  app.post(`${EVENTS}/watch`, async (c) => {
    const caller = authorize(world, c, ACCEPTED_SCOPES.readEvents)
    const calendar = calendarFor(world, caller, c.req.param('calendarId'), 'read')
    return c.json(await openChannel(world, calendar, caller, await jsonBody(c)))
  })

  app.get(`${EVENTS}/:eventId`, (c) => {
    const caller = authorizeRead(world, c, ACCEPTED_SCOPES.readEvents)
    const calendar = calendarFor(world, caller, c.req.param('calendarId'), 'read')
    const event = getEvent(world, calendar, c.req.param('eventId'))
    if (isUnchanged(event, c.req.header('if-none-match'))) return c.body(null, 304)
    return answer(world, c, calendar, caller, event)
  })

  app.on(['PATCH', 'PUT'], `${EVENTS}/:eventId`, async (c) => {
    const caller = authorize(world, c, ACCEPTED_SCOPES.writeEvents)
    const calendar = calendarFor(world, caller, c.req.param('calendarId'), 'write')
    const how = c.req.method === 'PATCH' ? 'patch' : 'update'
    const body = await jsonBody(c)
    refuseAsServiceAccount(world, caller, body, writeOptions(c))
    return answer(world, c, calendar, caller, changeEvent(world, calendar, c.req.param('eventId'), how, body, writeOptions(c)))
  })

  app.delete(`${EVENTS}/:eventId`, (c) => {
    const caller = authorize(world, c, ACCEPTED_SCOPES.writeEvents)
    const calendar = calendarFor(world, caller, c.req.param('calendarId'), 'write')
    deleteEvent(world, calendar, c.req.param('eventId'), writeOptions(c))
    return c.body(null, 204)
  })

  app.post(`${BASE}/channels/stop`, async (c) => {
    stopChannel(world, authorize(world, c, ACCEPTED_SCOPES.readEvents), await jsonBody(c))
    return c.body(null, 204)
  })

  app.post(`${BASE}/freeBusy`, async (c) => {
    const caller = authorizeRead(world, c, ACCEPTED_SCOPES.freeBusy)
    return c.json(queryFreeBusy(world, caller, await jsonBody(c)))
  })

  app.get(`${BASE}/users/me/calendarList`, (c) => {
    const caller = authorize(world, c, ACCEPTED_SCOPES.readCalendarList)
    const primary = primaryCalendar(world, caller)
    const own = [
      primary,
      ...Object.values(world.state.calendars).filter((calendar) => calendar.ownerSub === caller.sub && calendar !== primary),
    ]
    return c.json({ kind: 'calendar#calendarList', etag: `"p${own.length}"`, items: own.map(calendarListEntry) })
  })

  app.get(`${BASE}/calendars/:calendarId`, (c) => {
    const caller = authorizeRead(world, c, ACCEPTED_SCOPES.readCalendar)
    const calendar = calendarFor(world, caller, c.req.param('calendarId'), 'read')
    return c.json({ kind: 'calendar#calendar', ...calendarProperties(calendar) })
  })

  app.all('/calendar/*', () => {
    throw notFound()
  })
  return app
}

function answer(world: GoogleWorld, c: Context, calendar: Calendar, caller: Caller, event: CalendarEvent): Response {
  const zone = c.req.query('timeZone')
  if (zone !== undefined && !isTimeZone(zone)) throw invalidParameter('timeZone')
  c.header('etag', etagOf(event))
  return c.json(renderEvent(world, calendar, event, caller, zone ?? calendar.timeZone))
}

function writeOptions(c: Context): WriteOptions {
  const version = c.req.query('conferenceDataVersion') ?? '0'
  if (version !== '0' && version !== '1')
    throw invalidParameter('conferenceDataVersion', `Invalid value '${version}'. Values must be within the range: [0, 1]`)
  const sendUpdates = c.req.query('sendUpdates') ?? (c.req.query('sendNotifications') === 'true' ? 'all' : 'none')
  if (sendUpdates !== 'all' && sendUpdates !== 'externalOnly' && sendUpdates !== 'none') throw invalidParameter('sendUpdates')
  return { conferenceDataVersion: version === '1' ? 1 : 0, sendUpdates, ifMatch: c.req.header('if-match') }
}

async function jsonBody(c: Context): Promise<EventBody> {
  try {
    const body: unknown = JSON.parse(await c.req.text())
    if (typeof body === 'object' && body !== null && !Array.isArray(body)) return body as EventBody
  } catch {
    // Answered below, like any other body that is not an object.
  }
  throw new GoogleApiError(400, 'parseError', 'Parse Error')
}

function calendarProperties(calendar: Calendar): Record<string, unknown> {
  return {
    etag: `"${calendar.change}"`,
    id: calendar.id,
    summary: calendar.summary,
    timeZone: calendar.timeZone,
    conferenceProperties: { allowedConferenceSolutionTypes: calendar.allowedConferenceSolutionTypes },
  }
}

function calendarListEntry(calendar: Calendar): Record<string, unknown> {
  return {
    kind: 'calendar#calendarListEntry',
    ...calendarProperties(calendar),
    accessRole: 'owner',
    selected: true,
    defaultReminders: [],
    ...(calendar.primary && { primary: true }),
  }
}
