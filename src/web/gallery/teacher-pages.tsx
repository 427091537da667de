import { type TeacherEntry, TeachersPage } from '../pages/admin/teachers.tsx'
import { BookingPage } from '../pages/booking/booking.tsx'
import { CheckPage } from '../pages/checkout/check.tsx'
import { InvitationPage } from '../pages/invitation/invitation.tsx'
import { TaughtClassPage } from '../pages/teaching/taught-class.tsx'
import { TeachingPage } from '../pages/teaching/teaching.tsx'
import type { TaughtClass } from '../pages/teaching/view.ts'
import { BOOKING, CHECK } from './booking-pages.tsx'
import type { Sample } from './sample.ts'
import { at, chrome, GIVES, LONG_NAME, LONG_OBJECTIVE, TEACHER, TODAY } from './samples.ts'

const ANA = { id: 'c5d0a9b2-1b7e-4b0d-9c55-6c7e7a4f0e11', name: 'Ana Ruiz' }
const BRUNO = { id: 'e81f6a34-0c2d-4f7c-8d53-2b1a9c6e7f22', name: LONG_NAME }
const TEACHERS = [{ id: 'a1b2c3d4-0000-4000-8000-1234567890ab', name: 'Sofía Pereyra' }, ANA, BRUNO]

const ENTRIES: readonly TeacherEntry[] = [
  entry({ ...TEACHERS[0], email: 'profe@example.com', connection: 'connected', ahead: 12, isFirst: true, invitation: null }),
  entry({ ...ANA, email: 'ana@academia.example', connection: 'broken', ahead: 1 }),
  entry({
    ...BRUNO,
    email: 'un.nombre.muy.largo.de.cuenta@academia-de-ingles.example',
    calendarId: 'c_1a2b3c4d5e6f7a8b9c0d1e2f3a4b5c6d@group.calendar.google.com',
    active: false,
    mayChangeEmail: true,
    mayChangeCalendar: true,
    mayTakeBookings: false,
  }),
]

function entry(more: Partial<TeacherEntry>): TeacherEntry {
  return {
    id: '',
    name: '',
    email: '',
    calendarId: 'primary',
    active: true,
    connection: 'none',
    ahead: 0,
    isFirst: false,
    mayChangeEmail: false,
    mayChangeCalendar: false,
    mayTakeBookings: true,
    invitation: 'https://academia.example/profesores/conectar?invitacion=c5d0a9b2-1b7e-4b0d-9c55-6c7e7a4f0e11.1796212800000.0f3c',
    typed: null,
    ...more,
  }
}

const EMPTY = { form: { name: '', email: '', calendarId: '' }, faults: {} }
const FAULTY = {
  form: { name: '', email: 'ana', calendarId: 'mi calendario' },
  faults: { name: 'no-name', email: 'bad-email', calendarId: 'bad-calendar' },
} as const
const admin = chrome('/admin/profesores', { person: TEACHER })
const invited = { ...ANA, email: 'ana@academia.example', token: 'x' }
const visitor = chrome('/profesores/conectar', { person: null })

const profe = chrome('/profe', { person: GIVES })

function taught(id: string, date: string, time: string, more: Partial<TaughtClass> = {}): TaughtClass {
  const startsAt = at(date, time)
  return {
    ...{ id, startsAt, endsAt: new Date(startsAt.getTime() + 3_600_000), type: 'individual', people: 1, peopleMax: 1 },
    ...{
      hostName: 'Carlos Paz',
      guestNames: [],
      objective: null,
      status: 'scheduled',
      preparing: false,
      activityHref: null,
      enterHref: null,
      ...more,
    },
  }
}

const RUNNING = taught('2f8f3f6f-4c1e-4f0b-9d3a-7c1f9a525b11', TODAY, '14:00', {
  ...{ type: 'grupal', people: 3, peopleMax: 5, hostName: LONG_NAME, guestNames: ['Mateo Quiroga', 'Sofía Pereyra'] },
  ...{ objective: LONG_OBJECTIVE, enterHref: '/api/classes/c1/join' },
})
const COMING = [RUNNING, taught('c2', TODAY, '18:00', { preparing: true, status: 'pending' }), taught('c3', '2026-11-27', '09:00')]
const GIVEN = [taught('c4', '2026-11-20', '10:00', { status: 'completed', activityHref: '/profe/actividad/c4' })]
const NO_NOTES = { values: { wentWell: '', errorsHeard: '', vocabulary: '' }, error: null }
const PEOPLE = [LONG_NAME, 'Mateo Quiroga'].map((name, index) => ({
  ...{ userId: `p${index}`, name, attended: index === 0 ? true : null, minutes: index === 0 ? 55 : null },
  source: index === 0 ? ('meet' as const) : ('unknown' as const),
}))

export const teacherPages: readonly Sample[] = [
  {
    name: 'profe',
    page: (
      <TeachingPage
        chrome={profe}
        coming={COMING}
        given={GIVEN}
        waiting={{ drafts: { count: 2, classId: 'c1' }, texts: { count: 1, classId: 'c2' } }}
        joinLeadMinutes={60}
        reconnectWith={null}
      />
    ),
  },
  {
    name: 'profe-sin-clases',
    page: (
      <TeachingPage chrome={profe} coming={[]} given={[]} waiting={{ drafts: null, texts: null }} joinLeadMinutes={60} reconnectWith="x" />
    ),
  },
  {
    name: 'profe-clase',
    page: (
      <TaughtClassPage
        chrome={{ ...profe, path: '/profe/clases/c1' }}
        {...RUNNING}
        cancelReason={null}
        teacher={{
          room: { state: 'lost', host: null, enterHref: RUNNING.enterHref, typed: 'zoom', error: 'Tiene que ser un enlace https.' },
          attendance: { canMark: true, people: PEOPLE },
        }}
        notes={NO_NOTES}
      />
    ),
  },
  {
    name: 'profe-clase-dada',
    page: (
      <TaughtClassPage
        chrome={{ ...profe, path: '/profe/clases/c4' }}
        {...taught('c4', '2026-11-20', '10:00', { status: 'completed', activityHref: '/profe/actividad/c4' })}
        cancelReason={null}
        teacher={{
          room: { state: 'meet', host: null, enterHref: null, typed: '', error: null },
          attendance: { canMark: true, people: PEOPLE },
        }}
        notes={NO_NOTES}
      />
    ),
  },
  {
    name: 'pre-compra-clase-propia',
    page: (
      <CheckPage
        chrome={chrome('/inicio/pre-compra')}
        {...CHECK}
        error="Ya tenés una clase a esa hora. Elegí otro horario."
        blocked="refused"
      />
    ),
  },
  { name: 'admin-profesores', page: <TeachersPage chrome={admin} teachers={ENTRIES} added={EMPTY} /> },
  { name: 'admin-profesores-uno', page: <TeachersPage chrome={admin} teachers={ENTRIES.slice(0, 1)} added={FAULTY} /> },
  {
    name: 'profesores-conectar',
    page: <InvitationPage chrome={visitor} invited={invited} academy="HablaInglesYa" done={false} error={null} />,
  },
  {
    name: 'profesores-conectar-otra-cuenta',
    page: <InvitationPage chrome={visitor} invited={invited} academy="HablaInglesYa" done={false} error="not-teacher" />,
  },
  {
    name: 'profesores-conectar-listo',
    page: <InvitationPage chrome={visitor} invited={invited} academy="HablaInglesYa" done error={null} />,
  },
  {
    name: 'profesores-conectar-vencido',
    page: <InvitationPage chrome={visitor} invited={null} academy="HablaInglesYa" done={false} error={null} />,
  },
  {
    name: 'reservas-con-quien',
    page: (
      <BookingPage chrome={chrome('/inicio/reservas')} {...BOOKING} draft={{ ...BOOKING.draft, teacher: ANA.id }} teachers={TEACHERS} />
    ),
  },
  {
    name: 'pre-compra-con-quien',
    page: (
      <CheckPage chrome={chrome('/inicio/pre-compra')} {...CHECK} selection={CHECK.selection && { ...CHECK.selection, teacher: null }} />
    ),
  },
]
