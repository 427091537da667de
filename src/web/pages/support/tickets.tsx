import type { Conversation as ConversationFacts, ListedTicket } from '../../../features/support/queries.ts'
import type { TicketRefusal } from '../../../features/support/rules.ts'
import type { Chrome } from '../../ui/chrome.ts'
import { Document } from '../../ui/document.tsx'
import { Icon } from '../../ui/icons.tsx'
import { useDates, useText } from '../../ui/language.ts'
import { Empty, Notice } from '../../ui/notice.tsx'
import { Pages } from '../../ui/pages.tsx'
import { ContextFacts, Conversation, TextField, TicketStatusLabel } from './conversation.tsx'
import * as en from './text.en.ts'
import * as es from './text.es.ts'
import { useTicketWords } from './words.ts'

/** View of `/inicio/tickets?page=`. */
export type TicketListView = { tickets: readonly ListedTicket['ticket'][]; page: number; pagesTotal: number }

export function TicketListPage({ chrome, tickets, page, pagesTotal }: TicketListView & { chrome: Chrome }) {
  const { TICKETS } = useText({ es, en })
  return (
    <Document chrome={chrome} title={TICKETS.title}>
      <header class="page-head">
        <h1>{TICKETS.title}</h1>
      </header>
      {tickets.length === 0 ? (
        <Empty title={TICKETS.empty}>
          <p class="soft">{TICKETS.emptyHint}</p>
          <a class="btn btn-primary" href="/inicio/cda">
            {TICKETS.open}
          </a>
        </Empty>
      ) : (
        <>
          <ul class="ticket-list">
            {tickets.map((ticket) => (
              <TicketRow ticket={ticket} />
            ))}
          </ul>
          <Pages page={page} pagesTotal={pagesTotal} hrefOf={(to) => `/inicio/tickets?page=${to}`} />
          <p class="actions">
            <a class="btn btn-quiet" href="/inicio/cda">
              {TICKETS.open}
            </a>
          </p>
        </>
      )}
    </Document>
  )
}

function TicketRow({ ticket }: { ticket: ListedTicket['ticket'] }) {
  const { date } = useDates()
  const { TICKETS } = useText({ es, en })
  const { TICKET_CATEGORY } = useTicketWords()
  return (
    <li class="panel ticket-row">
      <div class="ticket-row-head">
        <h2>
          <a class="tabular" href={`/inicio/tickets?ticketId=${ticket.id}`}>
            {ticket.ticketNumber}
          </a>
        </h2>
        <TicketStatusLabel status={ticket.status} />
      </div>
      <p class="ticket-excerpt">{ticket.description}</p>
      <p class="soft ticket-row-facts">
        <span>{TICKET_CATEGORY[ticket.category]}</span>
        <span>{TICKETS.opened(date(ticket.createdAt))}</span>
        {ticket.status === 'IN_PROGRESS' && ticket.waitingSince === null ? <span>{TICKETS.answered}</span> : null}
      </p>
    </li>
  )
}

/** View of `/inicio/tickets?ticketId=`. */
export type ConversationView = {
  conversation: ConversationFacts
  form: { content: string; error: TicketRefusal | null }
  sendKey: string
}

export function ConversationPage({ chrome, conversation, form, sendKey }: ConversationView & { chrome: Chrome }) {
  const { TICKETS } = useText({ es, en })
  const { REFUSAL, SENDER } = useTicketWords()
  const { ticket, messages } = conversation
  return (
    <Document chrome={chrome} title={TICKETS.conversation(ticket.ticketNumber)}>
      <header class="page-head">
        <a class="back-link" href="/inicio/tickets">
          <Icon name="left" />
          {TICKETS.all}
        </a>
        <h1>{TICKETS.title}</h1>
        <div class="ticket-row-head">
          <h2 class="tabular">{TICKETS.conversation(ticket.ticketNumber)}</h2>
          <TicketStatusLabel status={ticket.status} />
        </div>
        <ContextFacts context={conversation} />
      </header>
      <Conversation opened={ticket} messages={messages} reader="USER" sides={SENDER} />
      {ticket.status === 'CLOSED' ? (
        <>
          <Notice kind={form.error === null ? 'info' : 'error'}>
            <p>{TICKETS.closed}</p>
          </Notice>
          {form.content === '' ? null : <p class="message-text panel">{form.content}</p>}
          <p class="actions">
            <a class="btn btn-primary" href="/inicio/cda">
              {TICKETS.more}
            </a>
          </p>
        </>
      ) : (
        <form method="post" action="/inicio/tickets" class="ticket-form" data-once data-online>
          <input type="hidden" name="key" value={sendKey} />
          <input type="hidden" name="ticketId" value={ticket.id} />
          {ticket.waitingSince === null ? null : <p class="soft">{TICKETS.waiting}</p>}
          <TextField
            name="content"
            label={TICKETS.message}
            placeholder={TICKETS.placeholder}
            value={form.content}
            error={form.error === null ? null : REFUSAL[form.error]}
          />
          <p>
            <button type="submit" class="btn btn-primary">
              {TICKETS.send}
            </button>
          </p>
        </form>
      )}
    </Document>
  )
}
