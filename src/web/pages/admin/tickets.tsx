import type { Conversation as ConversationFacts, ListedTicket } from '../../../features/support/queries.ts'
import { TICKET_CATEGORIES, TICKET_PRIORITIES, TICKET_STATUSES, type TicketRefusal } from '../../../features/support/rules.ts'
import { REFUSAL, TICKET_CATEGORY, TICKET_PRIORITY, TICKET_STATUS } from '../../../features/support/text.es.ts'
import { formatDate, wallTime } from '../../../kernel/zoned-time.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { durationWords } from '../../ui/duration.ts'
import { Icon } from '../../ui/icons.tsx'
import { Empty, Notice } from '../../ui/notice.tsx'
import { Pages } from '../../ui/pages.tsx'
import { ContextFacts, Conversation, TextField, TicketStatusLabel } from '../support/conversation.tsx'
import type { TicketStatus } from '../support/words.ts'
import { AdminDocument } from './admin-document.tsx'

export type TicketListFilter = 'waiting' | 'all' | TicketStatus

/** View of `/admin/tickets?estado=&page=`. */
export type AdminTicketsView = {
  filter: TicketListFilter
  tickets: readonly ListedTicket[]
  page: number
  pagesTotal: number
  /** There are more pages than were counted. */
  more: boolean
}

const FILTERS: readonly { filter: TicketListFilter; label: string }[] = [
  { filter: 'waiting', label: 'Esperan respuesta' },
  { filter: 'OPEN', label: 'Abiertos' },
  { filter: 'IN_PROGRESS', label: 'En progreso' },
  { filter: 'RESOLVED', label: 'Resueltos' },
  { filter: 'CLOSED', label: 'Cerrados' },
  { filter: 'all', label: 'Todos' },
]

export function AdminTicketsPage({ chrome, filter, tickets, page, pagesTotal, more }: AdminTicketsView & { chrome: Chrome }) {
  return (
    <AdminDocument chrome={chrome} title="Tickets">
      <header>
        <h1>Tickets</h1>
        <nav class="tabs" aria-label="Filtro por estado">
          {FILTERS.map((each) => (
            <a href={hrefOf(each.filter, 1)} {...(each.filter === filter ? { 'aria-current': 'page' as const } : {})}>
              {each.label}
            </a>
          ))}
        </nav>
      </header>
      {tickets.length === 0 ? (
        <Empty title={filter === 'waiting' ? 'Nadie espera una respuesta.' : 'No hay tickets por mostrar.'}>
          <p class="soft">Acá llega lo que los estudiantes escriben en el Centro de Ayuda.</p>
        </Empty>
      ) : (
        <ul class="ticket-list">
          {tickets.map((listed) => (
            <Row listed={listed} now={chrome.now} />
          ))}
        </ul>
      )}
      <Pages page={page} pagesTotal={pagesTotal} more={more} hrefOf={(to) => hrefOf(filter, to)} />
    </AdminDocument>
  )
}

function Row({ listed: { ticket, person, ...context }, now }: { listed: ListedTicket; now: Date }) {
  return (
    <li class="panel ticket-row">
      <div class="ticket-row-head">
        <h2>
          <a class="tabular" href={`/admin/tickets/${ticket.id}`}>
            {ticket.ticketNumber}
          </a>
        </h2>
        <TicketStatusLabel status={ticket.status} />
      </div>
      <p class="clip">
        <strong>{person.name}</strong>
      </p>
      <p class="ticket-excerpt">{ticket.description}</p>
      <p class="soft ticket-row-facts">
        <span>{TICKET_CATEGORY[ticket.category]}</span>
        <span>Prioridad {TICKET_PRIORITY[ticket.priority].toLowerCase()}</span>
        {context.class ? (
          <span>
            Clase del {formatDate(context.class.startsAt)} {wallTime(context.class.startsAt)}
          </span>
        ) : null}
        <span>
          {ticket.waitingSince
            ? `Espera hace ${durationWords(now.getTime() - ticket.waitingSince.getTime())}`
            : `Abierto el ${formatDate(ticket.createdAt)}`}
        </span>
      </p>
    </li>
  )
}

/** View of `/admin/tickets/:id`. */
export type AdminTicketView = {
  conversation: ConversationFacts
  form: { content: string; error: TicketRefusal | null }
  sendKey: string
}

export function AdminTicketPage({ chrome, conversation, form, sendKey }: AdminTicketView & { chrome: Chrome }) {
  const { ticket, person, messages } = conversation
  return (
    <AdminDocument chrome={chrome} title={`Ticket ${ticket.ticketNumber}`}>
      <header class="page-head">
        <a class="back-link" href="/admin/tickets">
          <Icon name="left" />
          Todos los tickets
        </a>
        <div class="ticket-row-head">
          <h1 class="tabular">Ticket {ticket.ticketNumber}</h1>
          <TicketStatusLabel status={ticket.status} />
        </div>
        <p class="clip">
          <strong>{person.name}</strong> <span class="soft">{person.email}</span>
        </p>
        <ContextFacts context={conversation} more={<ContextLinks conversation={conversation} />} />
      </header>
      <div class="ticket-work">
        <div class="stack">
          <Conversation
            opened={ticket}
            messages={messages}
            reader="ADMIN"
            sides={{ USER: person.name, ADMIN: 'Vos', SUPPORT_BOT: 'Asistente' }}
          />
          {ticket.status === 'CLOSED' ? (
            <Notice kind={form.error === null ? 'info' : 'error'}>{REFUSAL.closed}. Para responder, cambiale el estado.</Notice>
          ) : (
            <form method="post" action={`/admin/tickets/${ticket.id}/mensajes`} class="ticket-form" data-once data-online>
              <input type="hidden" name="key" value={sendKey} />
              <TextField
                name="content"
                label="Tu respuesta"
                hint="Le llega un mail para que la lea acá."
                value={form.content}
                error={form.error === null ? null : REFUSAL[form.error]}
              />
              <p>
                <button type="submit" class="btn btn-primary">
                  Responder
                </button>
              </p>
            </form>
          )}
        </div>
        <form method="post" action={`/admin/tickets/${ticket.id}`} class="panel ticket-form" data-once>
          <h2>Seguimiento</h2>
          <Choice name="status" label="Estado" values={TICKET_STATUSES} words={TICKET_STATUS} chosen={ticket.status} />
          <Choice name="priority" label="Prioridad" values={TICKET_PRIORITIES} words={TICKET_PRIORITY} chosen={ticket.priority} />
          <Choice name="category" label="Tema" values={TICKET_CATEGORIES} words={TICKET_CATEGORY} chosen={ticket.category} />
          <p>
            <button type="submit" class="btn btn-quiet">
              Guardar
            </button>
          </p>
        </form>
      </div>
    </AdminDocument>
  )
}

/** Where the admin sees to the class and its payment. */
function ContextLinks({ conversation: { class: about, order } }: { conversation: ConversationFacts }) {
  return (
    <>
      {about ? (
        <div>
          <dt>Ver</dt>
          <dd>
            <a href={`/admin/clases/${about.id}`}>La clase y su historia</a>
          </dd>
        </div>
      ) : null}
      {order ? (
        <div>
          <dt>Orden</dt>
          <dd class="ticket-order">{order.id}</dd>
        </div>
      ) : null}
    </>
  )
}

function Choice<T extends string>(props: { name: string; label: string; values: readonly T[]; words: Record<T, string>; chosen: T }) {
  return (
    <p class="field">
      <label for={props.name}>{props.label}</label>
      <select id={props.name} name={props.name}>
        {props.values.map((value) => (
          <option value={value} selected={value === props.chosen}>
            {props.words[value]}
          </option>
        ))}
      </select>
    </p>
  )
}

function hrefOf(filter: TicketListFilter, page: number): string {
  const query = new URLSearchParams({ estado: filter })
  if (page > 1) query.set('page', String(page))
  return `/admin/tickets?${query}`
}
