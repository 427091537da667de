import { fromPesos } from '../../kernel/money.ts'
import { BookingPage } from '../pages/booking/booking.tsx'
import { type BookingView, EMPTY_DRAFT } from '../pages/booking/view.ts'
import { CallbackPage, type CallbackView } from '../pages/checkout/callback.tsx'
import { CheckPage, type CheckView } from '../pages/checkout/check.tsx'
import { HomePage } from '../pages/home.tsx'
import { MyClassesPage, type MyClassesView } from '../pages/my-classes/my-classes.tsx'
import { ReschedulePage } from '../pages/reschedule/reschedule.tsx'
import type { RescheduleView } from '../pages/reschedule/view.ts'
import { SignInPage } from '../pages/sign-in.tsx'
import type { Sample } from './sample.ts'
import { ANA, at, CLASSES, chrome, classCard, LONG_NAME, LONG_OBJECTIVE, NOW, OPEN_NOW, PRICES, TEACHER, TODAY, week } from './samples.ts'

/** A class of the sample person. */
const RESCHEDULE_PATH = '/inicio/mis-clases-virtuales/c8/reprogramar'

const BOOKING: BookingView = {
  days: week('2026-11-23'),
  today: TODAY,
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
  prices: PRICES,
  slotMinutes: 60,
  holdMinutes: 20,
  refundUntilHours: 24,
  calendarUnreadable: false,
  alternatives: null,
}

const CHECK: CheckView = {
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
  error: null,
  alternatives: null,
  holdMinutes: 20,
  refundUntilHours: 24,
  rescheduleUntilHours: 12,
}

const CALLBACK: CallbackView = {
  state: 'approved',
  preferenceId: '202809963-920c288b-4ebb-40be-966f-700250fa5370',
  paymentId: '123456789012',
  reference: '7a1d0c58-5f0e-4d8f-9d27-6b1f0a4fd0b3',
  preparing: false,
  classTimes: { start: at('2026-11-26', '18:00'), end: at('2026-11-26', '19:00') },
  retry: null,
}

const BOOKING_ALTERNATIVES = [16, 17, 19].map((hour) => ({
  start: at('2026-11-26', `${hour}:00`),
  end: at('2026-11-26', `${hour + 1}:00`),
  state: 'free' as const,
}))

const RESCHEDULE: RescheduleView = {
  path: RESCHEDULE_PATH,
  backHref: '/inicio/mis-clases-virtuales',
  current: { startsAt: at('2026-11-27', '19:00'), endsAt: at('2026-11-27', '20:00'), type: 'grupal', hostName: 'Ana Ruiz' },
  actor: 'host',
  movesLeft: 2,
  refund: 'kept',
  untilHours: 12,
  refundUntilHours: 24,
  week: {
    days: week('2026-11-23').map((day) => ({
      ...day,
      slots: day.slots.map((slot) => (slot.state === 'mine' ? { ...slot, state: 'current' as const } : slot)),
    })),
    today: TODAY,
    chosenDay: '2026-11-26',
    previousWeek: null,
    nextWeek: '2026-11-30',
    nextFree: { start: at('2026-11-23', '16:00') },
    slotMinutes: 60,
    calendarUnreadable: false,
    alternatives: null,
  },
  selected: at('2026-11-26', '18:00'),
  error: null,
}

const CODE_FORM = { value: '', error: null, enterHref: null }
const MINE: MyClassesView = {
  classes: CLASSES,
  preparing: 0,
  codeForm: CODE_FORM,
  joinLeadMinutes: 60,
  refundUntilHours: 24,
  origin: 'https://hablainglesya.com',
}

const next = { startsAt: OPEN_NOW.startsAt, endsAt: OPEN_NOW.endsAt }
const reservas = chrome('/inicio/reservas', { nextClass: { startsAt: at('2026-11-26', '18:00'), endsAt: at('2026-11-26', '19:00') } })
const reprogramar = chrome(RESCHEDULE_PATH)
const preCompra = chrome('/inicio/pre-compra')
const callback = chrome('/checkout/callback/success')
const clases = chrome('/inicio/mis-clases-virtuales', { nextClass: next })
const longPerson = { ...ANA, name: LONG_NAME, email: 'maximiliano.bartolome.fernandez.etchegaray@example.com.ar' }

export const studentPages: readonly Sample[] = [
  { name: 'reservas', page: <BookingPage chrome={reservas} {...BOOKING} /> },
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
    name: 'reservas-ocupado',
    page: <BookingPage chrome={reservas} {...BOOKING} draft={{ ...BOOKING.draft, start: null }} alternatives={BOOKING_ALTERNATIVES} />,
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
    page: <CheckPage chrome={preCompra} {...CHECK} hold={{ classId: 'c9', expiresAt: new Date(NOW.getTime() + 14 * 60_000) }} />,
  },
  {
    name: 'pre-compra-error',
    page: <CheckPage chrome={preCompra} {...CHECK} error="No pudimos iniciar el pago. Probá de nuevo en unos minutos." />,
  },
  {
    name: 'pre-compra-ocupado',
    page: (
      <CheckPage
        chrome={preCompra}
        {...CHECK}
        alternatives={[17, 19, 20].map((hour) => ({ start: at('2026-11-26', `${hour}:00`), end: at('2026-11-26', `${hour + 1}:00`) }))}
      />
    ),
  },
  { name: 'pre-compra-sin-seleccion', page: <CheckPage chrome={preCompra} {...CHECK} selection={null} /> },
  { name: 'pago-aprobado', page: <CallbackPage chrome={callback} {...CALLBACK} />, freeze: true },
  {
    name: 'pago-rechazado',
    page: (
      <CallbackPage
        chrome={callback}
        {...CALLBACK}
        state="rejected"
        paymentId={null}
        retry={{ href: '/inicio/pre-compra', until: new Date(NOW.getTime() + 9 * 60_000) }}
      />
    ),
  },
  { name: 'pago-pendiente', page: <CallbackPage chrome={callback} {...CALLBACK} state="pending" /> },
  { name: 'pago-tarde', page: <CallbackPage chrome={callback} {...CALLBACK} state="refunded-late" /> },
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
  { name: 'mis-clases', page: <MyClassesPage chrome={clases} {...MINE} /> },
  {
    name: 'mis-clases-individual',
    page: (
      <MyClassesPage
        chrome={chrome('/inicio/mis-clases-virtuales', {
          person: longPerson,
          sandbox: { hubHref: '/sandbox', mailboxHref: '/sandbox/mail' },
        })}
        {...MINE}
        classes={[classCard('c5', '2026-11-26', '18:00', { type: 'individual', people: 1, peopleMax: 1, objective: LONG_OBJECTIVE })]}
        preparing={1}
        codeForm={{ value: 'A3B5C7D9', error: 'No se encontro ninguna clase asociada a este codigo: A3B5C7D9', enterHref: null }}
      />
    ),
    freeze: true,
  },
  {
    name: 'mis-clases-invitado',
    page: (
      <MyClassesPage
        chrome={clases}
        {...MINE}
        classes={[
          classCard('c6', TODAY, '13:00', {
            role: 'participante',
            accessCode: null,
            objective: null,
            cancel: null,
            rescheduleHref: null,
            people: 5,
            peopleMax: 5,
          }),
        ]}
        codeForm={{ value: '', error: null, enterHref: '/api/classes/c6/join' }}
      />
    ),
  },
  {
    name: 'mis-clases-vacia',
    page: (
      <MyClassesPage
        chrome={chrome('/inicio/mis-clases-virtuales', {
          notice: { kind: 'ok', text: 'Cancelaste la clase. Se te va a reembolsar el total.' },
        })}
        {...MINE}
        classes={[]}
      />
    ),
  },
  {
    name: 'inicio',
    page: (
      <HomePage
        chrome={chrome('/inicio', { nextClass: next })}
        next={classCard('c1', '2026-11-25', '16:41')}
        completedTotal={12}
        holds={[
          {
            classId: 'c9',
            start: at('2026-11-26', '18:00'),
            end: at('2026-11-26', '19:00'),
            type: 'grupal',
            expiresAt: new Date(NOW.getTime() + 14 * 60_000),
            resumeHref: '/inicio/pre-compra',
          },
        ]}
        preparing={1}
      />
    ),
  },
  {
    name: 'inicio-vacio',
    page: <HomePage chrome={chrome('/inicio', { person: longPerson })} next={null} completedTotal={0} holds={[]} preparing={0} />,
  },
  { name: 'reprogramar', page: <ReschedulePage chrome={reprogramar} {...RESCHEDULE} /> },
  {
    name: 'reprogramar-tarde',
    page: (
      <ReschedulePage
        chrome={reprogramar}
        {...RESCHEDULE}
        movesLeft={1}
        refund="lapses"
        selected={null}
        week={{ ...RESCHEDULE.week, alternatives: BOOKING_ALTERNATIVES }}
      />
    ),
  },
  {
    name: 'reprogramar-admin',
    page: (
      <ReschedulePage
        chrome={chrome('/admin/clases/c8/reprogramar', { person: TEACHER })}
        {...RESCHEDULE}
        path="/admin/clases/c8/reprogramar"
        backHref="/admin"
        actor="admin"
        current={{ ...RESCHEDULE.current, hostName: LONG_NAME }}
      />
    ),
  },
  { name: 'ingresar', page: <SignInPage chrome={chrome('/ingresar', { person: null })} callbackUrl="/inicio" error={null} /> },
  {
    name: 'ingresar-error',
    page: <SignInPage chrome={chrome('/ingresar', { person: null })} callbackUrl="/inicio" error="unverified-email" />,
  },
]
