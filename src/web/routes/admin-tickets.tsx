import type { Hono } from 'hono'
import { z } from 'zod'
import { changeTicket, writeMessage } from '../../features/support/commands.ts'
import { conversationFor, countTickets, listTickets } from '../../features/support/queries.ts'
import { TICKET_STATUS_CODE, TICKET_STATUSES, type TicketRefusal } from '../../features/support/rules.ts'
import { REFUSAL } from '../../features/support/text.es.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { pageOfLong } from '../../kernel/paging.ts'
import { AdminTicketPage, AdminTicketsPage, type TicketListFilter } from '../pages/admin/tickets.tsx'
import { chromeOf, errorPage, field, readForm, render, type SiteOptions } from '../site.tsx'
import type { Notice } from '../ui/chrome.ts'
import { viewerOf } from './guard.ts'
import { keyOf } from './support.tsx'

const TICKETS_PER_PAGE = 20
const LIST_PATH = '/admin/tickets'
const Filter = z.enum(['waiting', ...TICKET_STATUSES, 'all'])

/** Every ticket, its conversation, the answer and where it stands (behaviour 4.16). */
export function mountAdminTickets(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get(LIST_PATH, (c) => showList(c, site))
  app.get(`${LIST_PATH}/:id`, (c) => showTicket(c, site, { content: '', error: null }))
  app.post(`${LIST_PATH}/:id`, (c) => change(c, site))
  app.post(`${LIST_PATH}/:id/mensajes`, (c) => answer(c, site))
}

async function showList(c: AppContext, site: SiteOptions): Promise<Response> {
  const deps = c.get('deps')
  const filter: TicketListFilter = Filter.catch('waiting').parse(c.req.query('estado'))
  const wanted = filter === 'all' ? {} : filter === 'waiting' ? { waiting: true } : { status: filter }
  const { page, pagesTotal, more, limit, offset } = await pageOfLong(c.req.query('page'), TICKETS_PER_PAGE, (rowsMax) =>
    countTickets(deps, wanted, rowsMax),
  )
  const tickets = await listTickets(deps, wanted, { limit, offset })
  return render(
    c,
    <AdminTicketsPage chrome={await chromeOf(c, site)} filter={filter} tickets={tickets} page={page} pagesTotal={pagesTotal} more={more} />,
  )
}

const DONE: Record<string, Notice> = {
  enviado: { kind: 'ok', text: 'Enviamos tu respuesta y le avisamos por mail.' },
  guardado: { kind: 'ok', text: 'Guardamos los cambios.' },
}

async function showTicket(c: AppContext, site: SiteOptions, form: { content: string; error: TicketRefusal | null }): Promise<Response> {
  const deps = c.get('deps')
  const conversation = await conversationFor(deps, viewerOf(c), c.req.param('id') ?? '')
  if (!conversation) return errorPage(c, site, 404, REFUSAL['unknown-ticket'])
  const chrome = await chromeOf(c, site, form.error === null ? (DONE[c.req.query('ok') ?? ''] ?? null) : null)
  return render(
    c,
    <AdminTicketPage chrome={{ ...chrome, path: LIST_PATH }} conversation={conversation} form={form} sendKey={deps.ids.secret(16)} />,
    form.error === null ? 200 : TICKET_STATUS_CODE[form.error],
  )
}

async function answer(c: AppContext, site: SiteOptions): Promise<Response> {
  const form = await readForm(c)
  const id = c.req.param('id') ?? ''
  const content = field(form, 'content')
  const written = await writeMessage(c.get('deps'), viewerOf(c), id, content, keyOf(form))
  if (written.ok) return c.redirect(`${LIST_PATH}/${id}?ok=enviado#ultimo`, 303)
  return showTicket(c, site, { content, error: written.reason })
}

async function change(c: AppContext, site: SiteOptions): Promise<Response> {
  const form = await readForm(c)
  const id = c.req.param('id') ?? ''
  const sent = { status: field(form, 'status'), priority: field(form, 'priority'), category: field(form, 'category') }
  const changed = await changeTicket(c.get('deps'), viewerOf(c).id, id, sent)
  if (changed.ok) return c.redirect(`${LIST_PATH}/${id}?ok=guardado`, 303)
  return errorPage(c, site, TICKET_STATUS_CODE[changed.reason], REFUSAL[changed.reason])
}
