import type { Hono } from 'hono'
import { safeReturnPath } from '../../features/identity/rules.ts'
import { savePreferences as savePreferencesOf } from '../../features/identity/settings.ts'
import type { AppContext, AppEnv } from '../../http/context.ts'
import { isForeignOrigin } from '../../http/middleware/origin.ts'
import { keepPreferences } from '../../http/middleware/preferences.ts'
import { isLocale } from '../../kernel/locale.ts'
import { isTheme } from '../../kernel/theme.ts'
import { errorPage, field, readForm, type SiteOptions } from '../site.tsx'
import { foreignOriginText } from './guard.ts'

/** The language and theme switch of every page; it leads back to the page it was on. Who is signed in finds the choice on every device. */
export function mountPreferences(app: Hono<AppEnv>, site: SiteOptions): void {
  app.post('/preferencias', (c) => savePreferences(c, site))
}

async function savePreferences(c: AppContext, site: SiteOptions): Promise<Response> {
  if (isForeignOrigin(c)) return errorPage(c, site, 403, foreignOriginText(c))
  const form = await readForm(c)
  const locale = field(form, 'idioma')
  const theme = field(form, 'tema')
  const chosen = { ...(isLocale(locale) ? { locale } : {}), ...(isTheme(theme) ? { theme } : {}) }
  keepPreferences(c, chosen)
  const viewer = c.get('viewer')
  if (viewer && Object.keys(chosen).length > 0) await savePreferencesOf(c.get('deps'), viewer.id, chosen)
  return c.redirect(safeReturnPath(field(form, 'volver') || '/'), 303)
}
