import { ClosePage } from '../pages/settings/close.tsx'
import { ClosedPage } from '../pages/settings/closed.tsx'
import { SettingsPage } from '../pages/settings/settings.tsx'
import { CLOSE_PATH, type CloseView, SETTINGS_PATH, type SettingsView } from '../pages/settings/view.ts'
import type { Sample } from './sample.ts'
import { at, chrome, LONG_NAME, TEACHER } from './samples.ts'

const HERE = {
  publicId: 's1',
  browser: 'Chrome',
  system: 'Android',
  startedAt: at('2026-11-02', '09:12'),
  usedAt: at('2026-11-23', '13:30'),
  isCurrent: true,
}

const FRESH: SettingsView = {
  editing: false,
  profile: {
    id: '7b1f7c0e-5a0f-4c37-9f58-1d1f3f1f7a10',
    email: 'ana.ruiz@example.com',
    name: 'Ana Ruiz',
    ownName: '',
    googleName: 'Ana Ruiz',
    localidad: '-',
    nivel: 'inicial',
    telefono: '',
  },
  look: { theme: 'system', locale: 'es', zone: '' },
  zones: ['America/Argentina/Buenos_Aires', 'America/Montevideo', 'Europe/Madrid', 'UTC'],
  mails: { dayBefore: true, hourBefore: true, activity: true, newsletter: false },
  transcripts: false,
  sessions: [HERE],
  wrong: [],
}

const FULL = {
  ...FRESH.profile,
  name: LONG_NAME,
  ownName: LONG_NAME,
  localidad: 'San Fernando del Valle de Catamarca',
  nivel: 'intermedio',
  telefono: '+5491155551234',
}

const CLOSE: CloseView = {
  email: 'ana.ruiz@example.com',
  typed: '',
  isStaff: false,
  unfinished: { classes: 0, holds: 0, payments: 0 },
  unconfirmed: false,
}

const saved = { kind: 'ok', text: '¡Configuración actualizada correctamente!' } as const

/** One's own account, and its end. */
export const settingsPages: readonly Sample[] = [
  { name: 'configuracion', page: <SettingsPage chrome={chrome(SETTINGS_PATH)} {...FRESH} /> },
  {
    name: 'configuracion-guardada',
    page: (
      <SettingsPage
        chrome={chrome(SETTINGS_PATH, { notice: saved })}
        {...FRESH}
        profile={FULL}
        look={{ theme: 'dark', locale: 'en', zone: 'Europe/Madrid' }}
        sessions={[
          HERE,
          ...[
            ['Safari', 'iPhone'],
            ['Firefox', 'Windows'],
            ['Edge', 'Windows'],
            ['Chrome', 'Mac'],
            [null, null],
          ].map(([browser, system], index) => ({
            publicId: `s${index + 2}`,
            browser: browser ?? null,
            system: system ?? null,
            startedAt: at('2026-10-30', `1${index}:05`),
            usedAt: at('2026-11-20', `1${index}:40`),
            isCurrent: false,
          })),
        ]}
      />
    ),
  },
  { name: 'configuracion-editar', page: <SettingsPage chrome={chrome(SETTINGS_PATH)} {...FRESH} editing profile={FULL} /> },
  {
    name: 'configuracion-errores',
    page: (
      <SettingsPage
        chrome={chrome(SETTINGS_PATH)}
        {...FRESH}
        editing
        profile={{ ...FULL, ownName: '¡¡1234!!', localidad: 'Calle 13', nivel: 'experto', telefono: '011 5555' }}
        wrong={['name', 'localidad', 'nivel', 'telefono', 'zone']}
      />
    ),
  },
  { name: 'configuracion-eliminar', page: <ClosePage chrome={chrome(CLOSE_PATH)} {...CLOSE} /> },
  {
    name: 'configuracion-eliminar-sin-confirmar',
    page: <ClosePage chrome={chrome(CLOSE_PATH)} {...CLOSE} typed="ana@example.com" unconfirmed />,
  },
  {
    name: 'configuracion-eliminar-pendientes',
    page: <ClosePage chrome={chrome(CLOSE_PATH)} {...CLOSE} unfinished={{ classes: 2, holds: 1, payments: 1 }} />,
  },
  {
    name: 'configuracion-eliminar-profe',
    page: <ClosePage chrome={chrome(CLOSE_PATH, { person: TEACHER })} {...CLOSE} email="profe@example.com" isStaff />,
  },
  { name: 'cuenta-eliminada', page: <ClosedPage chrome={chrome('/cuenta-eliminada', { person: null })} /> },
]
