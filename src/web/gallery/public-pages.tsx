import { fromPesos } from '../../kernel/money.ts'
import { ErrorPage } from '../pages/error.tsx'
import { GuidePage } from '../pages/guide/guide.tsx'
import { LandingPage, type LandingView } from '../pages/landing/landing.tsx'
import type { LegalFacts } from '../pages/legal/facts.ts'
import { PrivacyPage, TermsPage } from '../pages/legal/legal.tsx'
import { SignInPage } from '../pages/sign-in.tsx'
import type { Sample } from './sample.ts'
import { at, chrome, LONG_NAME, POLICY, PRICES, TODAY } from './samples.ts'

const nobody = (path: string) => chrome(path, { person: null })

const PRESENTATION = {
  es: 'Doy clases de inglés hace más de diez años, a personas que lo necesitan para trabajar, viajar o rendir. En clase hablás vos: yo pregunto, corrijo en el momento y te dejo anotado qué repasar.',
  en: 'I have taught English for more than ten years to people who need it for work, travel or exams. In class you do the talking: I ask, correct on the spot and leave you notes on what to review.',
}

const LANDING: LandingView = {
  freeSlots: [
    { start: at(TODAY, '18:00') },
    { start: at(TODAY, '19:00') },
    { start: at('2026-11-24', '09:00') },
    { start: at('2026-11-24', '11:00') },
    { start: at('2026-11-25', '20:00') },
    { start: at('2026-11-26', '09:00') },
  ],
  prices: PRICES,
  policy: POLICY,
  teacher: {
    name: 'Bianca Molina',
    academy: 'HablaInglesYa',
    presentation: PRESENTATION,
    photo: null,
    contact: { email: 'hola@hablainglesya.example', whatsapp: '5491155551234' },
  },
}

const LEGAL: LegalFacts = {
  academy: {
    sample: false,
    name: 'HablaInglesYa',
    teacher: { name: null, presentation: PRESENTATION, photo: null },
    contact: { email: 'hola@hablainglesya.example', whatsapp: null },
    legal: {
      name: 'Academia de Ejemplo S. R. L.',
      cuit: '30-00000000-7',
      address: 'Calle Ejemplo 123, Ciudad Autónoma de Buenos Aires',
      jurisdiction: 'Ciudad Autónoma de Buenos Aires',
    },
  },
  policy: POLICY,
  baseUrl: 'https://hablainglesya.com',
}

/** What anybody may see. */
export const publicPages: readonly Sample[] = [
  { name: 'portada', page: <LandingPage chrome={nobody('/')} {...LANDING} /> },
  {
    name: 'portada-sin-turnos',
    page: (
      <LandingPage
        chrome={chrome('/', { person: null, sandbox: { hubHref: '/sandbox', mailboxHref: '/sandbox/mail' } })}
        {...LANDING}
        freeSlots={[]}
        teacher={{
          ...LANDING.teacher,
          name: LONG_NAME,
          photo: '/assets/icon.svg',
          contact: { ...LANDING.teacher.contact, whatsapp: null },
        }}
      />
    ),
  },
  {
    name: 'portada-sin-agenda',
    page: <LandingPage chrome={nobody('/')} {...LANDING} freeSlots={null} teacher={{ ...LANDING.teacher, name: null }} />,
  },
  { name: 'guia', page: <GuidePage chrome={nobody('/guia')} policy={POLICY} individual={fromPesos(15_000)} /> },
  { name: 'terminos', page: <TermsPage chrome={nobody('/tos')} {...LEGAL} /> },
  { name: 'terminos-ejemplo', page: <TermsPage chrome={chrome('/tos')} {...LEGAL} academy={{ ...LEGAL.academy, sample: true }} /> },
  { name: 'privacidad', page: <PrivacyPage chrome={nobody('/privacidad')} {...LEGAL} /> },
  { name: 'ingresar', page: <SignInPage chrome={nobody('/ingresar')} callbackUrl="/inicio" chosen={null} error={null} /> },
  {
    name: 'ingresar-con-turno',
    page: <SignInPage chrome={nobody('/ingresar')} callbackUrl="/inicio/reservas" chosen={at('2026-11-26', '18:00')} error={null} />,
  },
  {
    name: 'ingresar-error',
    page: <SignInPage chrome={nobody('/ingresar')} callbackUrl="/inicio" chosen={null} error="unverified-email" />,
  },
  { name: 'error-403', page: <ErrorPage chrome={chrome('/admin')} status={403} /> },
  { name: 'error-404', page: <ErrorPage chrome={nobody('/nada')} status={404} /> },
  { name: 'error-410', page: <ErrorPage chrome={chrome('/api/classes/c1/join')} status={410} message="La clase ya ha finalizado." /> },
  { name: 'error-500', page: <ErrorPage chrome={chrome('/inicio')} status={500} /> },
  { name: 'error-503', page: <ErrorPage chrome={nobody('/inicio')} status={503} /> },
]
