import type { Hono } from 'hono'
import { bookingRules } from '../../features/academy/queries.ts'
import { IdempotencyKey } from '../../features/operation/idempotency.ts'
import { openTicket, writeMessage } from '../../features/support/commands.ts'
import { conversationFor, countTickets, listTickets, ownContext } from '../../features/support/queries.ts'
import { TICKET_STATUS_CODE, type TicketOutcome, type TicketRefusal } from '../../features/support/rules.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { limitRate } from '../../http/endpoint.ts'
import { pageOfLong } from '../../kernel/paging.ts'
import { HelpPage, type HelpView } from '../pages/support/help.tsx'
import { ConversationPage, TicketListPage } from '../pages/support/tickets.tsx'
import { chromeOf, errorPage, field, readForm, render, type SiteOptions } from '../site.tsx'
import { viewerOf } from './guard.ts'
import { policyOf } from './views.ts'

const TICKETS_PER_PAGE = 20
const MESSAGES_PER_10_MINUTES = 60
const NUMBER = /^TKT-[A-Z0-9]{6}$/

/** Asking for help, and the conversations about it (behaviour 4.15, 4.22). */
export function mountSupport(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get('/inicio/cda', (c) => showHelp(c, site))
  app.post('/inicio/cda', (c) => open(c, site))
  app.get('/inicio/tickets', (c) => showTickets(c, site))
  app.post('/inicio/tickets', (c) => write(c, site))
}

async function showHelp(c: AppContext, site: SiteOptions): Promise<Response> {
  const made = c.req.query('ticket') ?? ''
  const about = await aboutOf(c, { classId: c.req.query('clase'), orderId: c.req.query('pago') })
  const category = about?.orderId ? 'PAGOS' : 'GENERAL'
  return helpPage(c, site, { made: NUMBER.test(made) ? made : null, about, form: { category, description: '', error: null } })
}

async function helpPage(c: AppContext, site: SiteOptions, view: Pick<HelpView, 'made' | 'about' | 'form'>): Promise<Response> {
  const deps = c.get('deps')
  const { error } = view.form
  return render(
    c,
    <HelpPage
      chrome={await chromeOf(c, site)}
      policy={policyOf(deps.config, (await bookingRules(deps)).slotMinutes)}
      sendKey={deps.ids.secret(16)}
      {...view}
    />,
    error === null ? 200 : TICKET_STATUS_CODE[error],
  )
}

/** What the address or the form names, when it is the person's own; what is not theirs is not spoken of. */
async function aboutOf(c: AppContext, named: { classId?: string | undefined; orderId?: string | undefined }): Promise<HelpView['about']> {
  const ids = { classId: named.classId || null, orderId: named.orderId || null }
  const context = await ownContext(c.get('deps'), viewerOf(c).id, ids)
  return context && { ...(ids.classId ? { classId: ids.classId, orderId: null } : { classId: null, orderId: ids.orderId }), context }
}

async function open(c: AppContext, site: SiteOptions): Promise<Response> {
  const form = await readForm(c)
  const sent = {
    description: field(form, 'description'),
    category: field(form, 'category') || undefined,
    classId: field(form, 'clase'),
    orderId: field(form, 'pago'),
    website_url: field(form, 'website_url'),
  }
  const opened = await openTicket(c.get('deps'), viewerOf(c), sent, keyOf(form))
  if (opened.ok) return c.redirect(`/inicio/cda?ticket=${opened.value.ticketNumber}`, 303)
  sayWhenToRetry(c, opened)
  return helpPage(c, site, {
    made: null,
    about: await aboutOf(c, sent),
    form: { category: sent.category ?? '', description: sent.description, error: opened.reason },
  })
}

async function showTickets(c: AppContext, site: SiteOptions): Promise<Response> {
  const asked = c.req.query('ticketId')
  if (asked) return conversationPage(c, site, asked, { content: '', error: null })
  const deps = c.get('deps')
  const mine = { userId: viewerOf(c).id }
  const { page, pagesTotal, limit, offset } = await pageOfLong(c.req.query('page'), TICKETS_PER_PAGE, (rowsMax) =>
    countTickets(deps, mine, rowsMax),
  )
  const tickets = (await listTickets(deps, mine, { limit, offset })).map(({ ticket }) => ticket)
  return render(c, <TicketListPage chrome={await chromeOf(c, site)} tickets={tickets} page={page} pagesTotal={pagesTotal} />)
}

async function conversationPage(
  c: AppContext,
  site: SiteOptions,
  ticketId: string,
  form: { content: string; error: TicketRefusal | null },
): Promise<Response> {
  const deps = c.get('deps')
  const conversation = await conversationFor(deps, viewerOf(c), ticketId)
  if (!conversation) return errorPage(c, site, 404)
  return render(
    c,
    <ConversationPage chrome={await chromeOf(c, site)} conversation={conversation} form={form} sendKey={deps.ids.secret(16)} />,
    form.error === null ? 200 : TICKET_STATUS_CODE[form.error],
  )
}

async function write(c: AppContext, site: SiteOptions): Promise<Response> {
  if (await limitRate(c, '/api/tickets/{id}/messages', MESSAGES_PER_10_MINUTES)) return errorPage(c, site, 429)
  const form = await readForm(c)
  const ticketId = field(form, 'ticketId')
  const content = field(form, 'content')
  const written = await writeMessage(c.get('deps'), viewerOf(c), ticketId, content, keyOf(form))
  if (written.ok) return c.redirect(`/inicio/tickets?ticketId=${ticketId}#ultimo`, 303)
  return conversationPage(c, site, ticketId, { content, error: written.reason })
}

/** What the form calls its sending; what is no key counts as none. */
export function keyOf(form: FormData | null): string | null {
  const key = IdempotencyKey.safeParse(field(form, 'key'))
  return key.success ? key.data : null
}

function sayWhenToRetry(c: AppContext, refused: Extract<TicketOutcome<unknown>, { ok: false }>): void {
  if (refused.detail) c.header('Retry-After', String(refused.detail.retryAfterSeconds))
}
