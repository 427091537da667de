import * as enrollmentEn from '../../features/enrollment/text.en.ts'
import * as enrollmentEs from '../../features/enrollment/text.es.ts'
import { HomePage } from '../pages/home/home.tsx'
import { MyClassesPage, type MyClassesView } from '../pages/my-classes/my-classes.tsx'
import { DONE } from '../pages/my-classes/text.es.ts'
import { ReschedulePage } from '../pages/reschedule/reschedule.tsx'
import type { RescheduleView } from '../pages/reschedule/view.ts'
import { useText } from '../ui/language.ts'
import type { Sample } from './sample.ts'
import {
  ALTERNATIVES,
  ANA,
  at,
  CLASSES,
  chrome,
  classCard,
  guestSeat,
  LONG_NAME,
  LONG_OBJECTIVE,
  NOW,
  OPEN_NOW,
  openBooking,
  TEACHER,
  TODAY,
  week,
} from './samples.ts'

/** A class of the sample person. */
const RESCHEDULE_PATH = '/inicio/mis-clases-virtuales/c8/reprogramar'

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
      slots: day.slots.map((slot) => (slot.state === 'mine' ? { start: slot.start, end: slot.end, state: 'current' as const } : slot)),
    })),
    today: TODAY,
    lastDay: '2027-01-22',
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
  open: [],
  codeForm: CODE_FORM,
  joinLeadMinutes: 60,
  refundUntilHours: 24,
  origin: 'https://hablainglesya.com',
}

const next = { startsAt: OPEN_NOW.startsAt, endsAt: OPEN_NOW.endsAt }
const reprogramar = chrome(RESCHEDULE_PATH)
const clases = chrome('/inicio/mis-clases-virtuales', { nextClass: next })
const longPerson = { ...ANA, name: LONG_NAME, email: 'maximiliano.bartolome.fernandez.etchegaray@example.com.ar' }

/** A person and their classes. */
export const studentPages: readonly Sample[] = [
  { name: 'mis-clases', page: <MyClassesPage chrome={clases} {...MINE} /> },
  {
    name: 'mis-clases-otra-hora',
    zone: 'Europe/Madrid',
    page: (
      <MyClassesPage
        chrome={chrome('/inicio/mis-clases-virtuales', {
          nextClass: { startsAt: at('2026-11-26', '20:00'), endsAt: at('2026-11-26', '21:00') },
        })}
        {...MINE}
      />
    ),
  },
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
        open={[openBooking({ standing: 'preparing', expiresAt: null })]}
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
            hostName: LONG_NAME,
            cancel: null,
            rescheduleHref: null,
            people: 5,
            peopleMax: 5,
            canLeave: true,
          }),
        ]}
        codeForm={{ value: '', error: null, enterHref: '/api/classes/c6/join' }}
      />
    ),
  },
  {
    name: 'mis-clases-llena',
    page: (
      <MyClassesPage
        chrome={chrome('/inicio/mis-clases-virtuales', { notice: { kind: 'ok', text: DONE.releasedWithCode } })}
        {...MINE}
        classes={[
          classCard('c7', TODAY, '14:00', {
            people: 5,
            peopleMax: 5,
            cancel: 'none',
            rescheduleHref: null,
            noReschedule: { why: 'too-late', hours: 12 },
            guests: [
              guestSeat('Mateo Quiroga', { enteredAt: NOW }),
              guestSeat(LONG_NAME),
              guestSeat('Lucía Paz'),
              guestSeat('Ñanderuvuçú Ibáñez', { enteredAt: NOW }),
            ],
          }),
        ]}
      />
    ),
  },
  {
    name: 'mis-clases-espera',
    page: (
      <MyClassesPage
        chrome={clases}
        {...MINE}
        classes={[classCard('c7', '2026-11-24', '14:00', { people: 1, guests: [] })]}
        open={[openBooking({ standing: 'preparing', expiresAt: null })]}
        codeForm={{ value: 'A3B5C7D9', error: 'El código cambió. Pedile el nuevo a quien reservó.', enterHref: null }}
      />
    ),
    freeze: true,
  },
  {
    name: 'mis-clases-entra-y-debe',
    page: (
      <MyClassesPage
        chrome={clases}
        {...MINE}
        open={[
          openBooking({ classId: 'c10', standing: 'preparing', expiresAt: null }),
          openBooking({ rejection: 'cc_rejected_insufficient_amount' }),
          openBooking({ classId: 'c11', expiresAt: new Date(NOW.getTime() + 3 * 60_000) }),
        ]}
      />
    ),
    freeze: true,
  },
  {
    name: 'mis-clases-vacia',
    page: <EmptyMyClasses />,
  },
  {
    name: 'inicio',
    page: (
      <HomePage
        chrome={chrome('/inicio', { nextClass: next })}
        next={classCard('c1', '2026-11-25', '16:41')}
        coming={[classCard('c1', '2026-11-25', '16:41')]}
        completedTotal={12}
        activity={classCard('p9', '2026-11-19', '18:00', { activity: { state: 'available', href: '/actividad/p9' } })}
        unsolved={3}
        toReview={4}
        free={[]}
        open={[openBooking(), openBooking({ classId: 'c10', standing: 'preparing', expiresAt: null })]}
      />
    ),
  },
  {
    name: 'inicio-entra-y-debe',
    page: (
      <HomePage
        chrome={chrome('/inicio', { nextClass: next })}
        next={OPEN_NOW}
        coming={[OPEN_NOW]}
        completedTotal={12}
        activity={null}
        unsolved={0}
        toReview={0}
        free={[]}
        open={[
          openBooking({ rejection: 'cc_rejected_insufficient_amount' }),
          openBooking({ classId: 'c10', standing: 'preparing', expiresAt: null }),
        ]}
      />
    ),
  },
  {
    name: 'inicio-en-proceso',
    page: (
      <HomePage
        chrome={chrome('/inicio')}
        next={null}
        coming={[]}
        completedTotal={3}
        activity={null}
        unsolved={0}
        toReview={0}
        free={[]}
        open={[
          openBooking({ standing: 'in-process', slot: 'lapsed', expiresAt: null }),
          openBooking({ standing: 'in-review', expiresAt: null }),
        ]}
      />
    ),
  },
  {
    name: 'inicio-vacio',
    page: (
      <HomePage
        chrome={chrome('/inicio', { person: longPerson })}
        next={null}
        coming={[]}
        completedTotal={0}
        open={[]}
        activity={null}
        unsolved={0}
        toReview={0}
        free={[at(TODAY, '18:00'), at('2026-11-24', '09:00'), at('2026-12-02', '10:00')].map((start) => ({ start }))}
      />
    ),
  },
  {
    name: 'reprogramar-individual',
    page: <ReschedulePage chrome={reprogramar} {...RESCHEDULE} current={{ ...RESCHEDULE.current, type: 'individual' }} />,
  },
  { name: 'reprogramar', page: <ReschedulePage chrome={reprogramar} {...RESCHEDULE} /> },
  {
    name: 'reprogramar-muy-pronto',
    page: (
      <ReschedulePage
        chrome={reprogramar}
        {...RESCHEDULE}
        selected={at('2026-11-24', '10:00')}
        week={{ ...RESCHEDULE.week, chosenDay: '2026-11-24' }}
      />
    ),
  },
  {
    name: 'reprogramar-tarde',
    page: (
      <ReschedulePage
        chrome={reprogramar}
        {...RESCHEDULE}
        movesLeft={1}
        refund="lapses"
        selected={null}
        week={{ ...RESCHEDULE.week, alternatives: ALTERNATIVES }}
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
]

function EmptyMyClasses() {
  const { enterText } = useText({ es: enrollmentEs, en: enrollmentEn })
  return (
    <MyClassesPage
      chrome={chrome('/inicio/mis-clases-virtuales', {
        notice: { kind: 'ok', text: 'Cancelaste la clase. Se te va a reembolsar el total.' },
      })}
      {...MINE}
      classes={[]}
      codeForm={{
        value: 'A3B5C7D9',
        error: enterText('early', 60),
        enterHref: null,
        startsAt: at('2026-11-26', '18:00'),
      }}
    />
  )
}
