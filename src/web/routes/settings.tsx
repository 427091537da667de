import type { Hono } from 'hono'
import { saveTranscriptConsent } from '../../features/activity/transcript/commands.ts'
import { displayNameOf, isOneOf, localidadOf, NIVELES, telefonoOf, zoneOf } from '../../features/identity/profile.ts'
import { endOtherSessions, endSession, ownSessions } from '../../features/identity/sessions.ts'
import { type Settings, saveMailChoices, savePreferences, saveProfile, settingsOf } from '../../features/identity/settings.ts'
import type { AppContext, AppEnv, ErrorStatus } from '../../http/context.ts'
import { limitRate } from '../../http/endpoint.ts'
import { keepPreferences } from '../../http/middleware/preferences.ts'
import { isUuid } from '../../kernel/ids.ts'
import { isLocale } from '../../kernel/locale.ts'
import { isTheme } from '../../kernel/theme.ts'
import { SettingsPage } from '../pages/settings/settings.tsx'
import * as en from '../pages/settings/text.en.ts'
import * as es from '../pages/settings/text.es.ts'
import { type ProfileView, SETTINGS_PATH, type WrongField } from '../pages/settings/view.ts'
import { chromeOf, errorPage, field, readForm, render, type SiteOptions } from '../site.tsx'
import type { Notice } from '../ui/chrome.ts'
import { viewerOf } from './guard.ts'

const SAVES_PER_10_MINUTES = 60
/** Every zone that this runtime lists; a chosen one that is not among them is offered all the same. */
const ZONES: readonly string[] = Intl.supportedValuesOf('timeZone')

/** `/inicio/configuracion`: each card posts its own form, and comes back to the page that says what was done. */
export function mountSettings(app: Hono<AppEnv>, site: SiteOptions): void {
  app.get(SETTINGS_PATH, async (c) => {
    const settings = await settingsOf(c.get('deps'), viewerOf(c).id)
    const { SETTINGS } = textOf(c)
    const done: Record<string, string> = {
      guardado: SETTINGS.saved,
      sesion: SETTINGS.sessions.ended,
      sesiones: SETTINGS.sessions.othersEnded,
    }
    const said = done[c.req.query('ok') ?? '']
    const notice = said === undefined ? null : ({ kind: 'ok', text: said } as const)
    return page(c, site, settings, { editing: c.req.query('editar') === 'datos', notice })
  })
  const post = (path: string, save: (c: AppContext) => Promise<Response>) =>
    app.post(`${SETTINGS_PATH}${path}`, async (c) => {
      const limited = await limitRate(c, SETTINGS_PATH, SAVES_PER_10_MINUTES)
      return limited ? errorPage(c, site, 429) : save(c)
    })
  post('/datos', (c) => saveProfileForm(c, site))
  post('/apariencia', (c) => saveLookForm(c, site))
  post('/mails', saveMailsForm)
  post('/transcripciones', async (c) => {
    await saveTranscriptConsent(c.get('deps'), viewerOf(c).id, field(await readForm(c), 'permitir') === 'si')
    return done(c, 'guardado', 'transcripciones')
  })
  post('/sesiones/cerrar-las-demas', async (c) => {
    await endOtherSessions(c.get('deps'), viewerOf(c).id, c.get('sessionToken') ?? '')
    return done(c, 'sesiones', 'sesiones')
  })
  post('/sesiones/:id/cerrar', async (c) => {
    const id = c.req.param('id') ?? ''
    if (isUuid(id)) await endSession(c.get('deps'), viewerOf(c).id, id)
    return done(c, 'sesion', 'sesiones')
  })
}

async function saveProfileForm(c: AppContext, site: SiteOptions): Promise<Response> {
  const deps = c.get('deps')
  const viewer = viewerOf(c)
  const form = await readForm(c)
  const typed = { name: field(form, 'nombre'), localidad: field(form, 'localidad'), nivel: field(form, 'nivel') }
  const telefono = field(form, 'telefono')
  const name = displayNameOf(typed.name)
  // An empty field is no place at all, which is stored as "-".
  const localidad = localidadOf(typed.localidad.trim() === '' ? '-' : typed.localidad)
  const nivel = isOneOf(NIVELES, typed.nivel) ? typed.nivel : null
  const phone = telefonoOf(telefono)
  if (name !== null && localidad !== null && nivel !== null && phone !== null) {
    await saveProfile(deps, viewer.id, { name, localidad, nivel, telefono: phone.number })
    return done(c, 'guardado', 'datos')
  }
  const wrong: WrongField[] = []
  if (name === null) wrong.push('name')
  if (localidad === null) wrong.push('localidad')
  if (nivel === null) wrong.push('nivel')
  if (phone === null) wrong.push('telefono')
  const settings = await settingsOf(deps, viewer.id)
  const kept = { ownName: typed.name, localidad: typed.localidad, nivel: typed.nivel, telefono }
  return page(c, site, settings, { editing: true, wrong, typed: kept }, 400)
}

async function saveLookForm(c: AppContext, site: SiteOptions): Promise<Response> {
  const deps = c.get('deps')
  const viewer = viewerOf(c)
  const form = await readForm(c)
  const theme = field(form, 'tema')
  const locale = field(form, 'idioma')
  const zone = zoneOf(field(form, 'zona'))
  const look = { ...(isTheme(theme) ? { theme } : {}), ...(isLocale(locale) ? { locale } : {}) }
  if (zone) {
    await savePreferences(deps, viewer.id, { ...look, ...zone })
    // This browser keeps them, too, for when nobody is signed in.
    keepPreferences(c, look)
    return done(c, 'guardado', 'apariencia')
  }
  return page(c, site, { ...(await settingsOf(deps, viewer.id)), ...look }, { wrong: ['zone'] }, 400)
}

async function saveMailsForm(c: AppContext): Promise<Response> {
  const form = await readForm(c)
  const isChecked = (name: string) => field(form, name) === 'si'
  await saveMailChoices(c.get('deps'), viewerOf(c).id, {
    dayBefore: isChecked('dia'),
    hourBefore: isChecked('hora'),
    activity: isChecked('actividad'),
    newsletter: isChecked('boletin'),
  })
  return done(c, 'guardado', 'mails')
}

function done(c: AppContext, what: string, card: string): Response {
  return c.redirect(`${SETTINGS_PATH}?ok=${what}#${card}`, 303)
}

function textOf(c: AppContext) {
  return c.get('locale') === 'en' ? en : es
}

async function page(
  c: AppContext,
  site: SiteOptions,
  settings: Settings,
  state: { editing?: boolean; wrong?: readonly WrongField[]; typed?: Partial<ProfileView>; notice?: Notice | null },
  status: 200 | ErrorStatus = 200,
): Promise<Response> {
  const { id, email, name, googleName, hasOwnName, localidad, nivel, telefono, zone } = settings
  const sessions = await ownSessions(c.get('deps'), viewerOf(c).id, c.get('sessionToken') ?? '')
  return render(
    c,
    <SettingsPage
      chrome={await chromeOf(c, site, state.notice ?? null)}
      editing={state.editing ?? false}
      profile={{
        ...{ id, email, name, ownName: hasOwnName ? name : '', googleName, localidad, nivel, telefono: telefono ?? '' },
        ...state.typed,
      }}
      look={{ theme: settings.theme ?? c.get('theme'), locale: settings.locale ?? c.get('locale'), zone: zone ?? '' }}
      zones={zone !== null && !ZONES.includes(zone) ? [zone, ...ZONES] : ZONES}
      mails={settings.mails}
      transcripts={c.get('deps').exercises === null && !settings.transcripts ? null : settings.transcripts}
      sessions={sessions}
      wrong={state.wrong ?? []}
    />,
    status,
  )
}
