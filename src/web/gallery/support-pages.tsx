import type { Conversation, ListedTicket } from '../../features/support/queries.ts'
import { fromPesos } from '../../kernel/money.ts'
import { AdminTicketPage, AdminTicketsPage } from '../pages/admin/tickets.tsx'
import { HelpPage, type HelpView } from '../pages/support/help.tsx'
import { ConversationPage, TicketListPage } from '../pages/support/tickets.tsx'
import type { Sample } from './sample.ts'
import { at, chrome, LONG_NAME, LONG_OBJECTIVE, NOW, POLICY, TEACHER } from './samples.ts'

const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000)

const CONTEXT: Pick<ListedTicket, 'class' | 'order'> = {
  class: {
    id: 'c1',
    startsAt: at('2026-11-26', '18:00'),
    endsAt: at('2026-11-26', '19:00'),
    classType: 'grupal',
    status: 'scheduled',
    cancelReason: null,
  },
  order: {
    id: '7a1d0c58-1b1f-4c7e-9f4e-0a5f3b7c2d11',
    status: 'approved',
    amountCentavos: fromPesos(36_000),
    refundedCentavos: 0,
    paymentId: '104382915521',
  },
}

function ticket(id: string, more: Partial<ListedTicket['ticket']> = {}): ListedTicket['ticket'] {
  return {
    id,
    userId: 'u1',
    ticketNumber: `TKT-${id.toUpperCase().padStart(6, 'K7Q2M')}`,
    description: 'Mi clase del jueves es a las 18 y recién me avisan que salgo más tarde del trabajo. ¿Se puede correr media hora?',
    category: 'GENERAL',
    status: 'OPEN',
    priority: 'MEDIUM',
    classId: null,
    orderId: null,
    waitingSince: ago(90),
    requestKey: null,
    createdAt: ago(90),
    updatedAt: ago(90),
    ...more,
  }
}

const listed = (row: ListedTicket['ticket'], name = 'Ana Ruiz', more: Partial<ListedTicket> = {}): ListedTicket => ({
  ticket: row,
  person: { name, email: 'ana.ruiz@example.com' },
  class: null,
  order: null,
  ...more,
})

const TICKETS: readonly ListedTicket['ticket'][] = [
  ticket('a1'),
  ticket('b2', {
    status: 'IN_PROGRESS',
    category: 'PAGOS',
    waitingSince: null,
    createdAt: ago(3_000),
    description: `${'Pagué dos veces la misma clase y quiero saber cuándo vuelve lo que sobra. '.repeat(6)}`.trim(),
  }),
  ticket('c3', { status: 'RESOLVED', category: 'CUENTA', waitingSince: null, createdAt: ago(30_000), description: LONG_OBJECTIVE }),
  ticket('d4', { status: 'CLOSED', category: 'BUG', waitingSince: null, createdAt: ago(60_000) }),
]

function conversation(row: ListedTicket['ticket'], more: Partial<Conversation> = {}): Conversation {
  return {
    ...listed(row),
    messages: [
      { role: 'ADMIN', content: 'Hola, Ana.\n\nMedia hora no, pero tengo libre el viernes a las 18 h. ¿Te sirve?', createdAt: ago(60) },
      { role: 'USER', content: 'Sí, el viernes me viene perfecto. Gracias por responder tan rápido.', createdAt: ago(42) },
    ],
    ...more,
  }
}

const cda = chrome('/inicio/cda')
const EMPTY: HelpView = {
  policy: POLICY,
  made: null,
  form: { category: 'GENERAL', description: '', error: null },
  about: null,
  sendKey: 'k',
}
const tickets = chrome('/inicio/tickets')
const admin = chrome('/admin/tickets', { person: TEACHER, waitingTickets: 3 })
const NOTHING = { content: '', error: null }

/** Asking for help, and answering. */
export const supportPages: readonly Sample[] = [
  { name: 'ayuda', page: <HelpPage chrome={cda} {...EMPTY} /> },
  { name: 'ayuda-hecho', page: <HelpPage chrome={cda} {...EMPTY} made="TKT-K7Q2MX" /> },
  {
    name: 'ayuda-error',
    page: (
      <HelpPage
        chrome={cda}
        {...EMPTY}
        form={{ category: 'PAGOS', description: 'No anda', error: 'short-description' }}
        about={{ classId: 'c1', orderId: null, context: CONTEXT }}
      />
    ),
  },
  {
    name: 'ayuda-limite',
    page: <HelpPage chrome={cda} {...EMPTY} form={{ category: 'BUG', description: LONG_OBJECTIVE, error: 'too-many' }} />,
  },
  { name: 'tickets', page: <TicketListPage chrome={tickets} tickets={TICKETS} page={2} pagesTotal={3} /> },
  { name: 'tickets-vacio', page: <TicketListPage chrome={tickets} tickets={[]} page={1} pagesTotal={1} /> },
  {
    name: 'ticket',
    page: (
      <ConversationPage
        chrome={tickets}
        conversation={conversation(ticket('b2', { status: 'IN_PROGRESS' }), CONTEXT)}
        form={NOTHING}
        sendKey="k"
      />
    ),
  },
  {
    name: 'ticket-error',
    page: (
      <ConversationPage
        chrome={tickets}
        conversation={conversation(ticket('b2', { description: 'x'.repeat(500) }), { messages: [] })}
        form={{ content: ' ', error: 'empty-message' }}
        sendKey="k"
      />
    ),
  },
  {
    name: 'ticket-cerrado',
    page: (
      <ConversationPage
        chrome={tickets}
        conversation={conversation(ticket('d4', { status: 'CLOSED', waitingSince: null }))}
        form={NOTHING}
        sendKey="k"
      />
    ),
  },
  {
    name: 'admin-tickets',
    page: (
      <AdminTicketsPage
        chrome={admin}
        filter="waiting"
        tickets={[
          listed(ticket('b2', { priority: 'URGENT', category: 'PAGOS' }), LONG_NAME, CONTEXT),
          ...TICKETS.map((each) => listed(each)),
        ]}
        page={1}
        pagesTotal={2}
        more={false}
      />
    ),
  },
  {
    name: 'admin-tickets-vacio',
    page: <AdminTicketsPage chrome={admin} filter="waiting" tickets={[]} page={1} pagesTotal={1} more={false} />,
  },
  {
    name: 'admin-ticket',
    page: (
      <AdminTicketPage
        chrome={admin}
        conversation={conversation(ticket('b2', { status: 'IN_PROGRESS', priority: 'HIGH' }), {
          ...CONTEXT,
          person: { name: LONG_NAME, email: 'maximiliano.bartolome.fernandez.etchegaray@example.com.ar' },
        })}
        form={NOTHING}
        sendKey="k"
      />
    ),
  },
]
