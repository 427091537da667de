import { Hono } from 'hono'
import { html } from 'hono/html'
import { type Html, page } from '../kernel/page.ts'
import { meetUrl } from './calendar/conference.ts'
import { eventPageUrl } from './calendar/event-view.ts'
import type { Calendar, CalendarEvent } from './calendar/model.ts'
import { instantOf } from './calendar/time.ts'
import type { GoogleWorld } from './world.ts'

const EVENTS_SHOWN_MAX = 200

/** What a person sees at Google: an event's page, the Meet room, a calendar's agenda. */
export function googlePages(world: GoogleWorld): Hono {
  const app = new Hono()

  app.get('/calendar/event', (c) => {
    const [eventId = '', calendarId = ''] = Buffer.from(c.req.query('eid') ?? '', 'base64url')
      .toString()
      .split(' ')
    const calendar = world.state.calendars[calendarId]
    const event = calendar?.events[eventId] ?? calendar?.events[eventId.split('_')[0] ?? '']
    if (!calendar || !event) return c.html(notFoundPage('No se encontró el evento'), 404)
    return c.html(eventPage(world, calendar, event))
  })

  app.get('/calendar/agenda', (c) => {
    const calendarId = c.req.query('calendar') ?? ''
    const calendar = Object.hasOwn(world.state.calendars, calendarId) ? world.state.calendars[calendarId] : undefined
    return c.html(agendaPage(world, calendarId, calendar))
  })

  app.get('/meet/:code', (c) => {
    const code = c.req.param('code')
    const known = Object.values(world.state.calendars).some((calendar) =>
      Object.values(calendar.events).some((event) => event.conference?.code === code && event.conference.status === 'success'),
    )
    return known ? c.html(roomPage(code)) : c.html(notFoundPage('Revisá el código de la reunión'), 404)
  })

  return app
}

function roomPage(code: string): Html {
  return page(
    'Google Meet (sandbox)',
    html`<p class="soft">Google Meet de prueba</p>
<h1>Estás en la sala</h1>
<p>Código de la reunión: <strong>${code}</strong></p>
<p class="soft">Acá empezaría la videollamada.</p>`,
    { narrow: true },
  )
}

function eventPage(world: GoogleWorld, calendar: Calendar, event: CalendarEvent): Html {
  const conference = event.conference?.status === 'success' ? event.conference : undefined
  return page(
    event.summary ?? '(Sin título)',
    html`<p class="soft">Google Calendar de prueba · ${calendar.id}</p>
<h1>${event.summary ?? '(Sin título)'}</h1>
${event.status === 'cancelled' ? html`<p class="note">Este evento se canceló.</p>` : ''}
<p>${when(calendar, event)}</p>
${event.description ? html`<pre>${event.description}</pre>` : ''}
${conference ? html`<p><a href="${meetUrl(world.context.origin, conference.code)}">Unirse con Google Meet</a></p>` : ''}
${event.attendees?.length ? html`<h2>Invitados</h2><ul>${event.attendees.map((guest) => html`<li>${guest.email} · ${guest.responseStatus}</li>`)}</ul>` : ''}
<p class="soft">Id: ${event.id}</p>`,
  )
}

function agendaPage(world: GoogleWorld, calendarId: string, calendar: Calendar | undefined): Html {
  const events = Object.values(calendar?.events ?? {})
    .filter((event) => event.status !== 'cancelled')
    .sort((a, b) => instantOf(a.start, calendar?.timeZone ?? 'UTC') - instantOf(b.start, calendar?.timeZone ?? 'UTC'))
    .slice(-EVENTS_SHOWN_MAX)
  return page(
    `Agenda de ${calendarId}`,
    html`<p class="soft">Google Calendar de prueba</p>
<h1>Agenda de ${calendarId}</h1>
${
  calendar && events.length > 0
    ? html`<div class="scroll"><table>
<thead><tr><th scope="col">Cuándo</th><th scope="col">Evento</th><th scope="col">Meet</th></tr></thead>
<tbody>${events.map(
        (event) => html`<tr><td>${when(calendar, event)}${event.recurrence ? ' (se repite)' : ''}</td>
<td><a href="${eventPageUrl(world.context.origin, calendar.id, event.id)}">${event.summary ?? '(Sin título)'}</a></td>
<td>${event.conference ? (event.conference.status === 'success' ? html`<a href="${meetUrl(world.context.origin, event.conference.code)}">${event.conference.code}</a>` : event.conference.status) : '—'}</td></tr>`,
      )}</tbody></table></div>`
    : html`<p>No hay eventos.</p>`
}`,
  )
}

function when(calendar: Calendar, event: CalendarEvent): string {
  if (event.start.kind === 'day') return `${event.start.date} (todo el día)`
  const format = (at: number, options: Intl.DateTimeFormatOptions) =>
    new Intl.DateTimeFormat('es-AR', { timeZone: calendar.timeZone, hourCycle: 'h23', ...options }).format(at)
  const start = instantOf(event.start, calendar.timeZone)
  const end = instantOf(event.end, calendar.timeZone)
  return `${format(start, { weekday: 'long', day: '2-digit', month: '2-digit', year: 'numeric', hour: '2-digit', minute: '2-digit' })} a ${format(end, { hour: '2-digit', minute: '2-digit' })} hs`
}

function notFoundPage(title: string): Html {
  return page(title, html`<h1>${title}</h1>`, { narrow: true })
}
