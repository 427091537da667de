import { HomePage } from '../pages/home.tsx'
import { MyClassesPage, type MyClassesView } from '../pages/my-classes/my-classes.tsx'
import { SignInPage } from '../pages/sign-in.tsx'
import type { Sample } from './sample.ts'
import { ANA, CLASSES, chrome, classCard, LONG_NAME, LONG_OBJECTIVE, OPEN_NOW, openBooking, TODAY } from './samples.ts'

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
const clases = chrome('/inicio/mis-clases-virtuales', { nextClass: next })
const longPerson = { ...ANA, name: LONG_NAME, email: 'maximiliano.bartolome.fernandez.etchegaray@example.com.ar' }

/** A person and their classes. */
export const studentPages: readonly Sample[] = [
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
        open={[openBooking(), openBooking({ classId: 'c10', standing: 'preparing', expiresAt: null })]}
      />
    ),
  },
  {
    name: 'inicio-en-proceso',
    page: (
      <HomePage
        chrome={chrome('/inicio')}
        next={null}
        completedTotal={3}
        open={[
          openBooking({ standing: 'in-process', slot: 'lapsed', expiresAt: null }),
          openBooking({ standing: 'in-review', expiresAt: null }),
        ]}
      />
    ),
  },
  {
    name: 'inicio-vacio',
    page: <HomePage chrome={chrome('/inicio', { person: longPerson })} next={null} completedTotal={0} open={[]} />,
  },
  { name: 'ingresar', page: <SignInPage chrome={chrome('/ingresar', { person: null })} callbackUrl="/inicio" error={null} /> },
  {
    name: 'ingresar-error',
    page: <SignInPage chrome={chrome('/ingresar', { person: null })} callbackUrl="/inicio" error="unverified-email" />,
  },
]
