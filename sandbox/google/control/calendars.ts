import { Hono } from 'hono'
import { z } from 'zod'
import { controlError, readControlBody } from '../../kernel/body.ts'
import type { Calendar } from '../calendar/model.ts'
import { newCalendar, primaryCalendar } from '../calendar/store.ts'
import { isTimeZone } from '../calendar/time.ts'
import type { GoogleWorld } from '../world.ts'
import { requireAccount } from './accounts.ts'

const CalendarChange = z.strictObject({
  summary: z.string().max(200).optional(),
  time_zone: z.string().refine(isTimeZone, 'not a time zone').optional(),
  /** Readable with the API key alone. */
  public: z.boolean().optional(),
  /** Without "hangoutsMeet" the calendar cannot create Meet rooms. */
  conference_types: z.array(z.string().max(50)).max(5).optional(),
})
const CalendarInput = CalendarChange.extend({ email: z.string().max(254), id: z.string().min(5).max(254) })

/** Calendars: the primary one of each account, and secondary ones made here. */
export function calendarControl(world: GoogleWorld): Hono {
  const app = new Hono()

  app.get('/calendars', (c) => c.json({ calendars: Object.values(world.state.calendars).map(renderCalendar) }))

  app.post('/calendars', async (c) => {
    const { email, id, ...change } = await readControlBody(c, CalendarInput)
    const account = requireAccount(world, email)
    if (Object.hasOwn(world.state.calendars, id)) throw controlError(409, 'There is a calendar with that id already.')
    world.state.calendars[id] = newCalendar({ id, summary: id, ownerSub: account.sub, primary: false })
    return c.json(renderCalendar(changeCalendar(world, id, change)), 201)
  })

  app.patch('/calendars/:id', async (c) => {
    const change = await readControlBody(c, CalendarChange)
    const calendar = calendarByHand(world, c.req.param('id'))
    return c.json(renderCalendar(changeCalendar(world, calendar.id, change)))
  })

  /** As the owner deletes one at Google: it answers 404 from then on. An account's primary calendar cannot be deleted. */
  app.delete('/calendars/:id', (c) => {
    const calendar = calendarByHand(world, c.req.param('id'))
    if (calendar.primary) throw controlError(409, 'A primary calendar cannot be deleted.')
    delete world.state.calendars[calendar.id]
    world.state.channels = world.state.channels.filter(({ calendarId }) => calendarId !== calendar.id)
    world.context.changed()
    return c.body(null, 204)
  })

  app.post('/calendars/:id/expire-sync-tokens', (c) => {
    const calendar = calendarByHand(world, c.req.param('id'))
    calendar.change += 1
    calendar.syncableFrom = calendar.change
    world.context.changed()
    return c.body(null, 204)
  })

  return app
}

/** The calendar a control call means: by id, or the teacher's when none is named. An account's primary calendar is made when first used. */
export function calendarByHand(world: GoogleWorld, id: string | undefined): Calendar {
  const wanted = id ?? world.state.accounts.find((account) => account.role === 'admin')?.email ?? ''
  if (Object.hasOwn(world.state.calendars, wanted)) return world.state.calendars[wanted] as Calendar
  return primaryCalendar(world, requireAccount(world, wanted))
}

function changeCalendar(world: GoogleWorld, id: string, change: z.infer<typeof CalendarChange>): Calendar {
  const calendar = calendarByHand(world, id)
  if (change.summary !== undefined) calendar.summary = change.summary
  if (change.time_zone !== undefined) calendar.timeZone = change.time_zone
  if (change.public !== undefined) calendar.isPublic = change.public
  if (change.conference_types !== undefined) calendar.allowedConferenceSolutionTypes = change.conference_types
  world.context.changed()
  return calendar
}

function renderCalendar(calendar: Calendar) {
  const { id, summary, timeZone, primary, isPublic, allowedConferenceSolutionTypes, events } = calendar
  return {
    id,
    summary,
    time_zone: timeZone,
    primary,
    public: isPublic,
    conference_types: allowedConferenceSolutionTypes,
    events: Object.values(events).filter((event) => event.status !== 'cancelled').length,
  }
}
