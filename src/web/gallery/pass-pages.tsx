import { OfflinePage } from '../pages/pass/offline.tsx'
import { PassPage, type PassView } from '../pages/pass/pass.tsx'
import type { Sample } from './sample.ts'
import { at, chrome, LONG_NAME, LONG_OBJECTIVE, TODAY } from './samples.ts'

const PASS: PassView = {
  startsAt: at(TODAY, '14:00'),
  endsAt: at(TODAY, '15:00'),
  type: 'grupal',
  role: 'anfitrion',
  link: 'ready',
  people: 3,
  peopleMax: 5,
  hostName: 'Ana Ruiz',
  guestNames: ['Mateo Quiroga', LONG_NAME],
  objective: LONG_OBJECTIVE,
  accessCode: 'K7Q2MX9D',
  contact: { name: 'HablaInglesYa', email: 'hola@example.com', whatsapp: '5491122334455' },
}
const pase = chrome('/inicio/clases/c1/pase')
const GUEST = { role: 'participante', accessCode: null, guestNames: [], hostName: LONG_NAME } as const

/** The pass of a class, and the page that stands in for one that cannot be reached. */
export const passPages: readonly Sample[] = [
  { name: 'pase', page: <PassPage chrome={pase} {...PASS} /> },
  { name: 'pase-preparando', page: <PassPage chrome={pase} {...PASS} link="preparing" people={1} guestNames={[]} accessCode={null} /> },
  { name: 'pase-invitado', page: <PassPage chrome={pase} {...PASS} {...GUEST} /> },
  { name: 'pase-cancelada', page: <PassPage chrome={pase} {...PASS} {...GUEST} link="cancelled" objective={null} /> },
  { name: 'pase-guardado', page: <PassPage chrome={pase} {...PASS} />, saved: true, freeze: true },
  { name: 'sin-conexion', page: <OfflinePage chrome={chrome('/ingresar', { person: null })} /> },
]
