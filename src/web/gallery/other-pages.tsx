import { fromPesos } from '../../kernel/money.ts'
import { GooglePage } from '../pages/admin/google.tsx'
import { AdminPanelPage, type AdminPanelView } from '../pages/admin/panel.tsx'
import { AdminPaymentsPage } from '../pages/admin/payments.tsx'
import { SchedulePage, type ScheduleView } from '../pages/admin/schedule.tsx'
import { StatementsPage, type StatementsView } from '../pages/admin/statements.tsx'
import { amountsText, LOST_TEXT, RETURNING_TEXT, RETURNING_TITLE } from '../pages/admin/text.es.ts'
import type { AdminClass, ConnectionHealth } from '../pages/admin/view.ts'
import { ApiDocsPage, type ApiOperation } from '../pages/api-docs.tsx'
import { UnsubscribePage } from '../pages/unsubscribe/unsubscribe.tsx'
import type { Sample } from './sample.ts'
import { ALONE_ADMIN, adminClass, at, chrome, LONG_NAME, NOW, TEACHER, TODAY } from './samples.ts'

const admin = (path: string) => chrome(path, { person: TEACHER })

const HEALTH: ConnectionHealth = {
  kind: 'oauth',
  connectedAt: at('2026-10-02', '10:15'),
  lastOkAt: NOW,
  lastErrorAt: null,
  busyReadAt: NOW,
  mirror: {
    readAt: NOW,
    fullAt: at('2026-11-20', '04:00'),
    lastError: null,
    pausedUntil: null,
    unreadable: 0,
    channelExpiresAt: at('2026-11-29', '10:15'),
  },
  grantExpiresAt: null,
  triedAt: at(TODAY, '09:00'),
  trialError: null,
  readsAttendance: true,
  usage: { lastHour: 74, lastDay: 1_812, limitedLastDay: 0, failedLastDay: 3 },
}

const TODAY_CLASSES: readonly AdminClass[] = [
  adminClass('a1', TODAY, '11:00', { status: 'completed', activity: 'draft', canCancel: false, rescheduleHref: null }),
  adminClass('a2', TODAY, '13:00', { canCancel: false, rescheduleHref: null, hostName: LONG_NAME }),
  adminClass('a3', TODAY, '18:00', ALONE_ADMIN),
]

const PANEL: AdminPanelView = {
  waiting: { drafts: { count: 2, classId: 'a1' }, texts: { count: 1, classId: 'a8' } },
  attention: {
    total: 22,
    page: 1,
    pagesTotal: 2,
    items: [
      {
        id: 'x1',
        reason: 'calendar_failed',
        since: new Date(NOW.getTime() - 47 * 60_000),
        subject: `${LONG_NAME}, clase del 26/11/2026 18:00`,
        advice: null,
        note: '',
        detail: 'Invalid grant (intento 6 de 12)',
        actions: [
          { kind: 'retry', classId: 'a9' },
          { kind: 'refund', paymentId: 'p9', amount: fromPesos(36_000), cancels: true },
          { kind: 'resolve', caseId: 'x1' },
        ],
      },
      {
        id: 'x3',
        reason: 'calendar_changed',
        since: new Date(NOW.getTime() - 12 * 60_000),
        subject: 'Ana Ruiz, clase del 24/11/2026 18:00',
        advice: null,
        note: 'El evento está ahora el 24/11/2026 a las 19:30 hs; la clase sigue en su horario. Ese horario no coincide con un turno.',
        detail: '',
        actions: [
          { kind: 'settle-move', editId: 'e1', to: at('2026-11-24', '19:30'), canAccept: true },
          { kind: 'refund', paymentId: 'p7', amount: fromPesos(15_000), cancels: true },
          { kind: 'resolve', caseId: 'x3' },
        ],
      },
      {
        id: 'x4',
        reason: 'calendar_changed',
        since: new Date(NOW.getTime() - 20 * 60_000),
        subject: 'Carlos Paz, clase del 26/11/2026 09:00',
        advice: null,
        note: 'El evento ya no está en el calendario',
        detail: '',
        actions: [
          { kind: 'restore', classId: 'a7' },
          { kind: 'resolve', caseId: 'x4' },
        ],
      },
      {
        id: 'x5',
        reason: 'refund_failed',
        since: new Date(NOW.getTime() - 9 * 3_600_000),
        subject: 'Ana Ruiz, clase del 26/11/2026 10:00',
        title: RETURNING_TITLE,
        advice: RETURNING_TEXT,
        note: '',
        detail: 'Reembolso del pago 104382915521: in-process',
        actions: [{ kind: 'resolve', caseId: 'x5' }],
      },
      {
        id: 'x6',
        reason: 'charged_back',
        since: new Date(NOW.getTime() - 25 * 3_600_000),
        subject: 'Ana Ruiz, clase del 25/11/2026 10:00',
        advice: LOST_TEXT,
        note: '',
        detail: 'Contracargo del pago 104382915522',
        actions: [{ kind: 'resolve', caseId: 'x6' }],
      },
      {
        id: 'x2',
        reason: 'amount_mismatch',
        since: new Date(NOW.getTime() - 26 * 3_600_000),
        subject: 'Carlos Paz, clase del 24/11/2026 10:00',
        advice: null,
        note: amountsText(fromPesos(15_000), fromPesos(14_000)),
        detail: 'Pago 118 de la orden 7a1d0c58-1b1f-4c7e-9f4e-0a5f3b7c2d11',
        actions: [
          { kind: 'refund', paymentId: 'p8', amount: fromPesos(14_000), cancels: false },
          { kind: 'resolve', caseId: 'x2' },
        ],
      },
    ],
  },
  today: TODAY_CLASSES,
  coming: [adminClass('a4', '2026-11-24', '09:00', ALONE_ADMIN), adminClass('a5', '2026-11-26', '18:00', { hostName: LONG_NAME })],
  google: { state: 'connected', account: 'profe@example.com', lastCheck: NOW },
  filter: 'all',
  classes: [
    adminClass('a5', '2026-11-26', '18:00', { hostName: LONG_NAME, returned: fromPesos(6_000) }),
    adminClass('a6', '2026-11-24', '10:00', {
      ...ALONE_ADMIN,
      status: 'pending',
      accessCode: null,
      meetHref: null,
      calendar: 'failed',
      calendarHref: null,
    }),
    ...[...TODAY_CLASSES].reverse(),
    adminClass('a7', '2026-11-20', '10:00', {
      status: 'cancelled',
      cancelReason: 'host_cancelled',
      accessCode: null,
      meetHref: null,
      calendarHref: null,
      canCancel: false,
      rescheduleHref: null,
      activity: 'none',
    }),
    adminClass('a8', '2026-11-19', '18:00', { status: 'completed', activity: 'sent', canCancel: false, rescheduleHref: null }),
  ],
  page: 2,
  pagesTotal: 7,
  more: false,
}

const STATEMENTS: StatementsView = {
  days: [
    {
      day: '2026-11-22',
      state: 'differs',
      payments: 7,
      approved: fromPesos(138_000),
      classes: fromPesos(93_000),
      credits: 0,
      refunds: fromPesos(15_000),
      cases: fromPesos(15_000),
      unaccounted: fromPesos(15_000),
      providerApproved: fromPesos(153_000.55),
      differences: [
        'Pago 104382915521: $15.000 sin clase, reembolso ni caso abierto',
        'Pago 104382915999: Mercado Pago tiene un pago approved de $15.000,55 que no está acá',
      ],
      madeAt: at('2026-11-23', '03:00'),
    },
    ...(['balanced', 'curing', 'unread', 'balanced'] as const).map((state, index) => ({
      day: `2026-11-${21 - index}`,
      state,
      payments: state === 'unread' ? 0 : 12,
      approved: state === 'unread' ? 0 : fromPesos(1_243_500),
      classes: state === 'unread' ? 0 : fromPesos(1_213_500),
      credits: state === 'unread' ? 0 : fromPesos(15_000),
      refunds: state === 'unread' ? 0 : fromPesos(15_000),
      cases: 0,
      unaccounted: 0,
      providerApproved: state === 'unread' ? 0 : fromPesos(1_243_500),
      differences: state === 'curing' ? ['Pago 104382915521: Acá: pending ARS $15.000; en Mercado Pago: approved ARS $15.000'] : [],
      madeAt: at(`2026-11-${22 - index}`, '03:00'),
    })),
  ],
}

const OPEN = { from: '09:00', to: '21:00' } as const
const SCHEDULE: ScheduleView = {
  form: {
    days: [
      [
        { from: '09:00', to: '12:30' },
        { from: '14:00', to: '21:00' },
      ],
      [OPEN],
      [OPEN],
      [OPEN],
      [OPEN],
      [{ from: '09:00', to: '13:00' }],
      [],
    ],
    slotMinutes: '60',
    minNoticeMinutes: '120',
    horizonDays: '60',
  },
  error: null,
  marked: null,
  blackouts: [
    { id: 'b1', from: at('2026-12-24', '14:00'), to: at('2026-12-24', '21:00'), note: 'Nochebuena' },
    { id: 'b3', from: at('2026-12-25', '00:00'), to: at('2026-12-26', '00:00'), note: 'Navidad' },
    { id: 'b2', from: at('2027-01-01', '00:00'), to: at('2027-01-16', '00:00'), note: 'Vacaciones' },
  ],
  blackoutForm: { allDay: true, day: '', from: '', to: '', note: '', error: null, wrong: [] },
  conflicts: { classes: [], total: 0 },
}

const OPERATIONS: readonly ApiOperation[] = [
  {
    method: 'POST',
    path: '/api/mercado-pago/create-preference',
    summary: 'Crea la preferencia de pago',
    description: 'El precio lo calcula el servidor; un precio distinto se rechaza.',
    tag: 'Pagos',
    auth: 'login',
    parameters: [
      { name: 'Idempotency-Key', in: 'header', required: false, type: 'string', description: 'De 1 a 100 caracteres visibles.' },
    ],
    body: '{"isGroupClass":true,"studentsCount":3,"price":36000}',
    responses: [
      { status: '200', description: 'preferenceId, initPoint' },
      { status: '400', description: 'El precio no coincide con la tarifa vigente' },
    ],
  },
  {
    method: 'GET',
    path: '/api/availability',
    summary: 'Horarios libres y ocupados',
    description: '',
    tag: 'Agenda',
    auth: 'none',
    parameters: [],
    body: null,
    responses: [{ status: '200', description: 'Los turnos del rango pedido' }],
  },
]

const UNSUBSCRIBE = { sort: 'dayBefore', action: '/mails/baja?t=x' } as const

export const otherPages: readonly Sample[] = [
  ...(['ask', 'done', 'invalid'] as const).map((step) => ({
    name: `mails-baja-${step}`,
    page: <UnsubscribePage chrome={chrome('/mails/baja', { person: null })} step={step} {...UNSUBSCRIBE} />,
  })),
  { name: 'admin', page: <AdminPanelPage chrome={admin('/admin')} {...PANEL} /> },
  {
    name: 'admin-calma',
    page: (
      <AdminPanelPage
        chrome={admin('/admin')}
        {...PANEL}
        attention={{ items: [], total: 0, page: 1, pagesTotal: 1 }}
        today={[]}
        coming={[]}
        classes={[]}
        filter="cancelled"
        pagesTotal={1}
        more={false}
        google={{ state: 'error', account: 'profe@example.com', lastCheck: NOW }}
      />
    ),
  },
  {
    name: 'admin-pagos',
    page: <AdminPaymentsPage chrome={admin('/admin/pagos')} attention={PANEL.attention} google="connected" />,
  },
  { name: 'admin-horarios', page: <SchedulePage chrome={admin('/admin/horarios')} {...SCHEDULE} /> },
  {
    name: 'admin-horarios-error',
    page: (
      <SchedulePage
        chrome={admin('/admin/horarios')}
        {...SCHEDULE}
        error="Revisá el intervalo 2 del lunes: se pisa con otro intervalo del mismo día."
        marked={{ weekday: 1, row: 1 }}
        conflicts={{ classes: TODAY_CLASSES.slice(2), total: TODAY_CLASSES.slice(2).length + 3 }}
        blackoutForm={{
          allDay: false,
          day: '',
          from: '2026-12-24T21:00',
          to: '2026-12-24T14:00',
          note: 'Nochebuena',
          error: '«Hasta» tiene que ser después de «Desde».',
          wrong: ['to'],
        }}
      />
    ),
  },
  { name: 'admin-cierres', page: <StatementsPage chrome={admin('/admin/cierres')} {...STATEMENTS} /> },
  { name: 'admin-cierres-vacio', page: <StatementsPage chrome={admin('/admin/cierres')} days={[]} /> },
  {
    name: 'admin-google',
    page: (
      <GooglePage
        chrome={admin('/admin/google')}
        state="connected"
        account="profe@example.com"
        lastCheck={NOW}
        lastError={null}
        trouble={null}
        calendarId="primary"
        elsewhere={0}
        teachers={[]}
        teacherId={null}
        isOwn
        health={HEALTH}
      />
    ),
  },
  {
    name: 'admin-google-error',
    page: (
      <GooglePage
        chrome={admin('/admin/google')}
        state="error"
        account="profe@example.com"
        lastCheck={NOW}
        lastError="invalid_grant: Token has been expired or revoked."
        trouble="invalid-grant"
        calendarId="c_1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d@group.calendar.google.com"
        elsewhere={3}
        teachers={[]}
        teacherId={null}
        isOwn
        health={{
          ...HEALTH,
          mirror: { ...HEALTH.mirror, unreadable: 2 },
          grantExpiresAt: at(TODAY, '23:10'),
          lastErrorAt: NOW,
          trialError: 'Meet link not generated',
          readsAttendance: false,
        }}
      />
    ),
  },
  {
    name: 'api',
    page: (
      <ApiDocsPage
        chrome={chrome('/api/docs', { person: null })}
        version="0.1.0"
        operations={OPERATIONS}
        commonErrors={[{ status: 413, text: 'La solicitud es demasiado grande', when: 'El cuerpo pesa más de 64 kB' }]}
        others={[{ path: '/assets/…', status: 404, when: 'El archivo no es de esta versión' }]}
      />
    ),
  },
]
