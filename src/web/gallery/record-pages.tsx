import type { TimelineEntry, TimelineEvent } from '../../features/timeline/events.ts'
import { fromPesos } from '../../kernel/money.ts'
import { ClassRecordPage } from '../pages/class/class-record.tsx'
import type { ClassRecordView, TeacherView } from '../pages/class/view.ts'
import { HistoryPage, type HistoryView } from '../pages/history/history.tsx'
import type { Sample } from './sample.ts'
import { at, CLASSES, chrome, classCard, guestSeat, LONG_NAME, LONG_OBJECTIVE, PAST, TEACHER, TODAY } from './samples.ts'

const HISTORY: HistoryView = {
  filter: 'all',
  typed: '',
  typedMax: 80,
  totals: { total: 43, scheduled: 3, completed: 36, cancelled: 4 },
  open: [],
  classes: PAST,
  page: 1,
  pagesTotal: 3,
}
const NONE = { total: 0, scheduled: 0, completed: 0, cancelled: 0 }
const historial = chrome('/inicio/historial')

const MANY = Array.from({ length: 20 }, (_, index) =>
  classCard(`m${index}`, `2026-10-${String(31 - index).padStart(2, '0')}`, '18:00', {
    status: 'completed',
    accessCode: null,
    cancel: null,
    rescheduleHref: null,
    activity: { state: index % 2 ? 'done' : 'available', href: null },
    ...(index % 3 === 0 ? { type: 'individual', people: 1, peopleMax: 1, guestNames: [] } : {}),
    ...(index === 1 ? { hostName: LONG_NAME, role: 'participante', guestNames: [], people: 5, peopleMax: 5 } : {}),
    ...(index === 2 ? { objective: LONG_OBJECTIVE, guests: [guestSeat(LONG_NAME), guestSeat('Mateo Quiroga')], people: 3 } : {}),
  }),
)

const ORDER_ID = '7c1f9a52-4c1e-4f0b-9d3a-2f8f3f6f5b11'
const PRICE = fromPesos(36_000)
const PAYMENT = '104382915521'
const told = (date: string, time: string, event: TimelineEvent): TimelineEntry => ({ at: at(date, time), event })
const someone = (name: string, isViewer = false) => ({ name, isViewer })
const hour = (date: string, time: string) => ({ startsAt: at(date, time), endsAt: new Date(at(date, time).getTime() + 3_600_000) })

const CONFIRMED: readonly TimelineEntry[] = [
  told('2026-11-17', '13:36', { kind: 'held', until: at('2026-11-17', '13:56') }),
  told('2026-11-17', '13:36', { kind: 'checkout-started', amount: PRICE }),
  told('2026-11-17', '13:38', { kind: 'payment-rejected', paymentId: '104382915498', detail: 'cc_rejected_insufficient_amount' }),
  told('2026-11-17', '13:41', { kind: 'paid', paymentId: PAYMENT, amount: PRICE, use: 'class' }),
  told('2026-11-17', '13:41', { kind: 'event-created' }),
  told('2026-11-17', '13:41', { kind: 'link-ready' }),
  told('2026-11-17', '13:41', { kind: 'code-issued' }),
  told('2026-11-17', '13:42', { kind: 'mailed', mail: 'class-confirmed', to: someone('Ana Ruiz', true) }),
]

const RECORD: ClassRecordView = {
  id: '2f8f3f6f-4c1e-4f0b-9d3a-7c1f9a525b11',
  ...hour('2026-11-26', '18:00'),
  type: 'grupal',
  people: 1,
  peopleMax: 3,
  status: 'scheduled',
  listedIn: 'my-classes',
  back: null,
  preparing: false,
  cancelReason: null,
  viewerRole: 'host',
  hostName: 'Ana Ruiz',
  guestNames: [],
  objective: 'Entrevista de trabajo: contar mi experiencia y hacer preguntas',
  price: PRICE,
  receiptHref: `/inicio/facturacion/${ORDER_ID}`,
  entries: CONFIRMED,
  linkLost: false,
  teacher: null,
}
const MOVED = (by: 'viewer' | 'teacher', from: string, to: string): TimelineEvent => ({
  kind: 'moved',
  from: hour(from, '18:00'),
  to: hour(to, '19:00'),
  by,
})
const CANCELLED = { status: 'cancelled', cancelReason: 'host_cancelled' } as const
const cancelled: TimelineEvent = {
  kind: 'cancelled',
  reason: 'host_cancelled',
  by: 'viewer',
  wasPaid: true,
  explanation: 'Me enfermé y no llego a recuperarme para el jueves.',
}
const asked: TimelineEvent = { kind: 'refund-requested', paymentId: PAYMENT, amount: PRICE, why: 'other' }
const TEACHER_VIEW: TeacherView = {
  room: {
    state: 'lost',
    host: null,
    enterHref: `/api/classes/${RECORD.id}/join`,
    typed: 'https://example.com/sala',
    error: 'Usá una sala de Google Meet, Zoom, Microsoft Teams, Jitsi Meet o Whereby.',
  },
  attendance: {
    canMark: true,
    people: [
      { userId: 'u1', name: 'Ana Ruiz', attended: true, minutes: 52, source: 'meet' },
      { userId: 'u2', name: LONG_NAME, attended: false, minutes: null, source: 'manual' },
      { userId: 'u3', name: 'Mateo Quiroga', attended: null, minutes: null, source: null },
    ],
  },
}
const clase = chrome(`/inicio/clases/${RECORD.id}`)

const FULL: readonly TimelineEntry[] = [
  ...CONFIRMED,
  told('2026-11-20', '09:12', { kind: 'joined', who: someone('Mateo Quiroga'), people: 2, peopleMax: 3 }),
  told('2026-11-20', '21:40', { kind: 'joined', who: someone(LONG_NAME), people: 3, peopleMax: 3 }),
  told('2026-11-20', '21:40', { kind: 'group-full', peopleMax: 3, again: false }),
  told('2026-11-22', '17:55', { kind: 'entered', who: someone('Ana Ruiz', true), again: false }),
  told('2026-11-22', '17:58', { kind: 'entered', who: someone(LONG_NAME), again: false }),
  told('2026-11-22', '18:20', { kind: 'entered', who: someone('Mateo Quiroga'), again: true }),
  told('2026-11-22', '19:00', { kind: 'completed' }),
]

/** What was: the history, and the story of a class. */
export const recordPages: readonly Sample[] = [
  { name: 'historial', page: <HistoryPage chrome={historial} {...HISTORY} /> },
  { name: 'historial-otra-hora', zone: 'Europe/Madrid', page: <HistoryPage chrome={historial} {...HISTORY} /> },
  { name: 'historial-largo', page: <HistoryPage chrome={historial} {...HISTORY} classes={MANY} page={2} /> },
  {
    name: 'historial-vacio',
    page: <HistoryPage chrome={historial} {...HISTORY} filter="upcoming" totals={NONE} classes={[]} pagesTotal={1} />,
  },
  {
    name: 'historial-proximas',
    page: (
      <HistoryPage
        chrome={historial}
        {...HISTORY}
        filter="upcoming"
        totals={{ ...NONE, total: 43, scheduled: 43 }}
        classes={CLASSES.slice(0, 3)}
        page={3}
      />
    ),
  },
  {
    name: 'historial-busqueda',
    page: (
      <HistoryPage
        chrome={historial}
        {...HISTORY}
        typed="noviembre cancelada"
        totals={{ ...NONE, total: 3, cancelled: 3 }}
        classes={PAST.slice(-3)}
        pagesTotal={1}
      />
    ),
  },
  {
    name: 'historial-sin-resultados',
    page: <HistoryPage chrome={historial} {...HISTORY} typed={'<b>100%</b> "seguro"'} totals={NONE} classes={[]} pagesTotal={1} />,
  },
  { name: 'clase', page: <ClassRecordPage chrome={clase} {...RECORD} /> },
  {
    name: 'clase-grupo-completo',
    page: (
      <ClassRecordPage
        chrome={clase}
        {...RECORD}
        {...hour('2026-11-22', '18:00')}
        status="completed"
        people={3}
        guestNames={['Mateo Quiroga', LONG_NAME]}
        objective={LONG_OBJECTIVE}
        entries={FULL}
      />
    ),
  },
  {
    name: 'clase-movida-dos-veces',
    page: (
      <ClassRecordPage
        chrome={clase}
        {...RECORD}
        entries={[
          ...CONFIRMED,
          told('2026-11-18', '10:00', MOVED('viewer', '2026-11-24', '2026-11-25')),
          told('2026-11-18', '10:00', { kind: 'code-rotated', why: 'rescheduled' }),
          told('2026-11-19', '16:30', MOVED('teacher', '2026-11-25', '2026-11-26')),
          told('2026-11-19', '16:30', { kind: 'code-rotated', why: 'rescheduled' }),
          told('2026-11-19', '16:31', { kind: 'mailed', mail: 'class-rescheduled', to: someone('Ana Ruiz', true) }),
        ]}
      />
    ),
  },
  {
    name: 'clase-cancelada',
    page: (
      <ClassRecordPage
        chrome={clase}
        {...RECORD}
        {...CANCELLED}
        entries={[
          ...CONFIRMED,
          told(TODAY, '13:30', cancelled),
          told(TODAY, '13:30', asked),
          told(TODAY, '13:31', { kind: 'refunded', paymentId: PAYMENT, amount: PRICE, refundId: '1320056' }),
          told(TODAY, '13:31', { kind: 'mailed', mail: 'refund-made', to: someone('Ana Ruiz', true) }),
        ]}
      />
    ),
  },
  {
    name: 'clase-devolucion-trabada',
    page: (
      <ClassRecordPage
        chrome={clase}
        {...RECORD}
        {...CANCELLED}
        entries={[
          ...CONFIRMED,
          told(TODAY, '13:30', cancelled),
          told(TODAY, '13:30', asked),
          told(TODAY, '13:31', { kind: 'refund-failed', paymentId: PAYMENT, amount: PRICE }),
        ]}
      />
    ),
  },
  {
    name: 'clase-pago-tardio',
    page: (
      <ClassRecordPage
        chrome={clase}
        {...RECORD}
        status="cancelled"
        cancelReason="hold_expired"
        entries={[
          ...CONFIRMED.slice(0, 2),
          told('2026-11-17', '13:56', { kind: 'cancelled', reason: 'hold_expired', by: 'rule', wasPaid: false, explanation: null }),
          told('2026-11-17', '14:10', { kind: 'paid', paymentId: PAYMENT, amount: PRICE, use: 'class' }),
          told('2026-11-17', '14:10', { kind: 'refund-requested', paymentId: PAYMENT, amount: PRICE, why: 'late' }),
          told('2026-11-17', '14:11', { kind: 'refunded', paymentId: PAYMENT, amount: PRICE, refundId: null }),
        ]}
      />
    ),
  },
  {
    name: 'clase-invitado',
    page: (
      <ClassRecordPage
        chrome={clase}
        {...RECORD}
        viewerRole="guest"
        hostName={LONG_NAME}
        people={3}
        price={null}
        receiptHref={null}
        entries={[
          told('2026-11-17', '13:41', { kind: 'link-ready' }),
          told('2026-11-20', '09:12', { kind: 'joined', who: someone('Ana Ruiz', true), people: 2, peopleMax: 3 }),
        ]}
      />
    ),
  },
  {
    name: 'admin-clase',
    page: (
      <ClassRecordPage
        chrome={chrome(`/admin/clases/${RECORD.id}`, { person: TEACHER })}
        {...RECORD}
        viewerRole="admin"
        teacher={TEACHER_VIEW}
        hostName={LONG_NAME}
        people={3}
        guestNames={['Mateo Quiroga', 'Sofía Pereyra']}
        entries={[
          ...FULL.slice(0, -1),
          told(TODAY, '09:00', { kind: 'calendar-retried', worked: false }),
          told(TODAY, '13:31', { kind: 'mailed', mail: 'class-cancelled', to: someone('Sofía Pereyra') }),
        ]}
      />
    ),
  },
]
