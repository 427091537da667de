import { fromPesos } from '../../kernel/money.ts'
import { BookingPage } from '../pages/booking/booking.tsx'
import { type BookingView, EMPTY_DRAFT } from '../pages/booking/view.ts'
import { CallbackPage, type CallbackView } from '../pages/checkout/callback.tsx'
import { CheckPage } from '../pages/checkout/check.tsx'
import type { CheckView } from '../pages/checkout/view.ts'
import type { Sample } from './sample.ts'
import { at, chrome, LONG_OBJECTIVE, NOW, openBooking, PRICES, TODAY, week } from './samples.ts'

export const BOOKING: BookingView = {
  days: week('2026-11-23'),
  today: TODAY,
  lastDay: '2027-01-22',
  chosenDay: '2026-11-26',
  previousWeek: null,
  nextWeek: '2026-11-30',
  nextFree: { start: at('2026-11-23', '16:00') },
  draft: {
    start: at('2026-11-26', '18:00'),
    type: 'grupal',
    people: 3,
    text: 'Entrevista de trabajo: contar mi experiencia y hacer preguntas',
  },
  open: [],
  prices: PRICES,
  slotMinutes: 60,
  holdMinutes: 20,
  refundUntilHours: 24,
  calendarUnreadable: false,
  alternatives: null,
}

export const CHECK: CheckView = {
  selection: {
    start: at('2026-11-26', '18:00'),
    end: at('2026-11-26', '19:00'),
    type: 'grupal',
    people: 3,
    text: LONG_OBJECTIVE,
    total: fromPesos(36_000),
  },
  key: 'f6c0a1d2-5a5b-4c6e-9a66-1d7b8e2f9c10',
  hold: null,
  replaces: null,
  others: [],
  isFull: false,
  waiting: null,
  ended: false,
  error: null,
  aftermath: null,
  lost: [],
  alternatives: null,
  blocked: null,
  holdMinutes: 20,
  refundUntilHours: 24,
  isRefundable: true,
  rescheduleUntilHours: 12,
}

const CALLBACK: CallbackView = {
  state: 'approved',
  preferenceId: '202809963-920c288b-4ebb-40be-966f-700250fa5370',
  paymentId: '123456789012',
  reference: '7a1d0c58-5f0e-4d8f-9d27-6b1f0a4fd0b3',
  revision: 'pending.pending.no-money.not-rejected',
  preparing: false,
  classTimes: { start: at('2026-11-26', '18:00'), end: at('2026-11-26', '19:00') },
  paid: { amount: 1_500_000, receiptHref: '/inicio/facturacion/7a1d0c58-5f0e-4d8f-9d27-6b1f0a4fd0b3' },
  retry: null,
  keptUntil: null,
  money: null,
  rejection: null,
  released: false,
  givenUp: false,
  wasConfirmed: false,
}

/** As many unpaid bookings as one person can have. */
const FIVE = [23, 24, 25, 27, 28].map((day, index) =>
  openBooking({
    classId: `h${day}`,
    start: at(`2026-11-${day}`, '20:00'),
    end: at(`2026-11-${day}`, '21:00'),
    expiresAt: new Date(NOW.getTime() + (4 + 3 * index) * 60_000),
  }),
)

const reservas = chrome('/inicio/reservas', { nextClass: { startsAt: at('2026-11-26', '18:00'), endsAt: at('2026-11-26', '19:00') } })
const preCompra = chrome('/inicio/pre-compra')
const callback = chrome('/checkout/callback/success')

/** From choosing an hour to coming back from the payment. */
export const bookingPages: readonly Sample[] = [
  { name: 'reservas', page: <BookingPage chrome={reservas} {...BOOKING} /> },
  {
    name: 'reservas-retenida',
    page: (
      <BookingPage
        chrome={{ ...reservas, sandbox: { hubHref: '/sandbox', mailboxHref: '/sandbox/mail' } }}
        {...BOOKING}
        draft={EMPTY_DRAFT}
        chosenDay="2026-11-27"
        open={[openBooking()]}
      />
    ),
  },
  {
    name: 'reservas-primera',
    page: (
      <BookingPage
        chrome={{ ...reservas, sandbox: { hubHref: '/sandbox', mailboxHref: '/sandbox/mail' } }}
        {...BOOKING}
        draft={EMPTY_DRAFT}
        chosenDay="2026-11-24"
      />
    ),
  },
  {
    name: 'reservas-vacia',
    page: (
      <BookingPage
        chrome={reservas}
        {...BOOKING}
        draft={EMPTY_DRAFT}
        chosenDay={TODAY}
        days={week('2026-11-23', () => true)}
        nextFree={{ start: at('2026-12-02', '10:00') }}
      />
    ),
  },
  {
    name: 'reservas-nada-libre',
    page: <BookingPage chrome={reservas} {...BOOKING} draft={EMPTY_DRAFT} days={week('2026-11-23', () => true)} nextFree={null} />,
  },
  {
    name: 'reservas-cinco',
    page: <BookingPage chrome={reservas} {...BOOKING} draft={{ ...BOOKING.draft, text: LONG_OBJECTIVE }} open={FIVE} />,
  },
  {
    name: 'reservas-ocupado',
    page: (
      <BookingPage
        chrome={reservas}
        {...BOOKING}
        draft={{ ...BOOKING.draft, start: null }}
        alternatives={[16, 17, 19].map((hour) => ({
          start: at('2026-11-26', `${hour}:00`),
          end: at('2026-11-26', `${hour + 1}:00`),
          state: 'free' as const,
        }))}
      />
    ),
  },
  {
    name: 'reservas-sin-agenda',
    page: (
      <BookingPage
        chrome={reservas}
        {...BOOKING}
        draft={EMPTY_DRAFT}
        calendarUnreadable
        nextFree={null}
        days={BOOKING.days.map((day) => ({ ...day, slots: day.slots.map((slot) => ({ ...slot, state: 'unavailable' as const })) }))}
      />
    ),
  },
  { name: 'pre-compra', page: <CheckPage chrome={preCompra} {...CHECK} /> },
  {
    name: 'pre-compra-retenida',
    page: (
      <CheckPage
        chrome={preCompra}
        {...CHECK}
        hold={{ classId: 'c9', expiresAt: new Date(NOW.getTime() + 14 * 60_000), rejection: 'cc_rejected_insufficient_amount' }}
      />
    ),
  },
  {
    name: 'pre-compra-error',
    page: (
      <CheckPage
        chrome={preCompra}
        {...CHECK}
        error="No pudimos iniciar el pago. Probá de nuevo en unos minutos."
        aftermath="not-kept"
        lost={[{ start: at('2026-11-26', '18:00') }]}
      />
    ),
  },
  {
    name: 'pre-compra-cinco',
    page: (
      <CheckPage
        chrome={preCompra}
        {...CHECK}
        others={FIVE}
        isFull
        error="Ya tenés demasiadas reservas pendientes de pago"
        aftermath="too-many"
      />
    ),
  },
  { name: 'pre-compra-vencida', page: <CheckPage chrome={preCompra} {...CHECK} ended /> },
  {
    name: 'pre-compra-ocupado',
    page: (
      <CheckPage
        chrome={preCompra}
        {...CHECK}
        blocked="taken"
        alternatives={[17, 19, 20].map((hour) => ({ start: at('2026-11-26', `${hour}:00`), end: at('2026-11-26', `${hour + 1}:00`) }))}
      />
    ),
  },
  {
    name: 'pre-compra-otra-retenida',
    page: <CheckPage chrome={preCompra} {...CHECK} others={[openBooking()]} isRefundable={false} />,
  },
  {
    name: 'pre-compra-cambio',
    page: <CheckPage chrome={preCompra} {...CHECK} replaces={openBooking({ start: at('2026-11-26', '18:00'), text: 'Verbos' })} />,
  },
  { name: 'pre-compra-propia', page: <CheckPage chrome={preCompra} {...CHECK} blocked="mine" /> },
  {
    name: 'pre-compra-en-proceso',
    page: <CheckPage chrome={preCompra} {...CHECK} blocked="waiting" waiting={openBooking({ standing: 'in-process', expiresAt: null })} />,
  },
  { name: 'pre-compra-sin-seleccion', page: <CheckPage chrome={preCompra} {...CHECK} selection={null} /> },
  { name: 'pago-preparando', page: <CallbackPage chrome={callback} {...CALLBACK} preparing />, freeze: true },
  { name: 'pago-aprobado', page: <CallbackPage chrome={callback} {...CALLBACK} />, freeze: true },
  {
    name: 'pago-rechazado',
    page: (
      <CallbackPage
        chrome={callback}
        {...CALLBACK}
        state="rejected"
        paymentId={null}
        retry={{ href: '/inicio/pre-compra', until: new Date(NOW.getTime() + 9 * 60_000), classId: 'c9' }}
        rejection="cc_rejected_insufficient_amount"
      />
    ),
  },
  {
    name: 'pago-rechazado-vencido',
    page: <CallbackPage chrome={callback} {...CALLBACK} state="rejected" paymentId={null} classTimes={null} released />,
  },
  { name: 'pago-en-revision', page: <CallbackPage chrome={callback} {...CALLBACK} state="pending" money="in-review" /> },
  { name: 'pago-pendiente', page: <CallbackPage chrome={callback} {...CALLBACK} state="pending" /> },
  {
    name: 'pago-sin-pagar',
    page: (
      <CallbackPage
        chrome={callback}
        {...CALLBACK}
        state="pending"
        paymentId={null}
        retry={{ href: '/inicio/pre-compra', until: new Date(NOW.getTime() + 9 * 60_000), classId: 'c9' }}
      />
    ),
  },
  { name: 'pago-cancelado', page: <CallbackPage chrome={callback} {...CALLBACK} state="refunded" classTimes={null} wasConfirmed /> },
  { name: 'pago-tarde', page: <CallbackPage chrome={callback} {...CALLBACK} state="refunded" /> },
  {
    name: 'pago-desconocido',
    page: (
      <CallbackPage
        chrome={callback}
        {...CALLBACK}
        state="unknown"
        preferenceId={null}
        paymentId={null}
        reference={null}
        classTimes={null}
      />
    ),
  },
]
