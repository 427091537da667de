import { type Context, Hono } from 'hono'
import { z } from 'zod'
import { badControlRequest, readControlBody } from '../../kernel/body.ts'
import { isEmail } from '../accounts.ts'
import { renderEvent } from '../calendar/event-view.ts'
import { changeEvent, deleteEvent, insertEvent, type WriteOptions } from '../calendar/events.ts'
import type { Calendar, CalendarEvent } from '../calendar/model.ts'
import { ownerOf, saveEvent } from '../calendar/store.ts'
import { instantOf } from '../calendar/time.ts'
import type { GoogleWorld } from '../world.ts'
import { calendarByHand } from './calendars.ts'

const EventInput = z.record(z.string(), z.unknown())

/** Events as the teacher would change them by hand. `?calendar=` names another calendar than the teacher's; bodies are event resources. */
export function eventControl(world: GoogleWorld): Hono {
  const app = new Hono()

  /** Every event ever made, deleted ones included, ordered by start. */
  app.get('/events', (c) => {
    const calendar = calendarByHand(world, c.req.query('calendar'))
    const events = Object.values(calendar.events).sort(
      (a, b) => instantOf(a.start, calendar.timeZone) - instantOf(b.start, calendar.timeZone),
    )
    return c.json({ calendar: calendar.id, events: events.map((event) => render(world, calendar, event)) })
  })

  app.post('/events', async (c) => {
    const calendar = calendarByHand(world, c.req.query('calendar'))
    const event = insertEvent(world, calendar, ownerOf(world, calendar), await readControlBody(c, EventInput), byHand(c))
    const organizer = c.req.query('organizer')
    if (organizer !== undefined) makeCopyOf(world, calendar, event, organizer)
    return c.json(render(world, calendar, event), 201)
  })

  app.get('/events/:id', (c) => {
    const calendar = calendarByHand(world, c.req.query('calendar'))
    const id = c.req.param('id')
    const event = Object.hasOwn(calendar.events, id) ? calendar.events[id] : undefined
    return event ? c.json(render(world, calendar, event)) : c.json({ error: 'There is no event with that id.' }, 404)
  })

  app.patch('/events/:id', async (c) => {
    const calendar = calendarByHand(world, c.req.query('calendar'))
    const event = changeEvent(world, calendar, c.req.param('id'), 'patch', await readControlBody(c, EventInput), byHand(c))
    return c.json(render(world, calendar, event))
  })

  app.delete('/events/:id', (c) => {
    deleteEvent(world, calendarByHand(world, c.req.query('calendar')), c.req.param('id'), byHand(c))
    return c.body(null, 204)
  })

  app.get('/invitations', (c) => {
    const { to, eventId } = c.req.query()
    const invitations = world.state.invitations.filter((one) => (!to || one.to === to) && (!eventId || one.eventId === eventId))
    return c.json({ invitations })
  })

  app.delete('/invitations', (c) => {
    world.state.invitations = []
    world.context.changed()
    return c.body(null, 204)
  })

  return app
}

function byHand(c: Context): WriteOptions {
  return { conferenceDataVersion: 1, sendUpdates: c.req.query('sendUpdates') === 'all' ? 'all' : 'none' }
}

/** Turns the event into the calendar's copy of somebody else's event: its shared properties cannot be changed here. */
function makeCopyOf(world: GoogleWorld, calendar: Calendar, event: CalendarEvent, organizer: string): void {
  if (!isEmail(organizer)) throw badControlRequest('organizer is not an e-mail address.')
  event.organizerEmail = organizer
  event.creatorEmail = organizer
  saveEvent(world, calendar, event)
}

function render(world: GoogleWorld, calendar: Calendar, event: CalendarEvent): Record<string, unknown> {
  return renderEvent(world, calendar, event, ownerOf(world, calendar))
}
