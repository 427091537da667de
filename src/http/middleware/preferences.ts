import type { MiddlewareHandler } from 'hono'
import { getCookie, setCookie } from 'hono/cookie'
import { DAY_MS, SECOND_MS } from '../../kernel/clock.ts'
import { isLocale, type Locale } from '../../kernel/locale.ts'
import { isTheme, type Theme } from '../../kernel/theme.ts'
import type { AppContext, AppEnv } from '../context.ts'

const COOKIE = { locale: 'hiy-idioma', theme: 'hiy-tema' } as const
const KEPT_SECONDS = (365 * DAY_MS) / SECOND_MS

/** In which language and theme this browser reads: its cookies, which hold nothing but that. Spanish and the system's theme unless told otherwise. */
export const preferences: MiddlewareHandler<AppEnv> = async (c, next) => {
  const locale = getCookie(c, COOKIE.locale)
  const theme = getCookie(c, COOKIE.theme)
  c.set('locale', isLocale(locale) ? locale : 'es')
  c.set('theme', isTheme(theme) ? theme : 'system')
  await next()
}

/** Keeps a choice in this browser for a year. */
export function keepPreferences(c: AppContext, chosen: { locale?: Locale; theme?: Theme }): void {
  const secure = c.get('deps').config.baseUrl.startsWith('https://')
  const attributes = { path: '/', httpOnly: true, sameSite: 'Lax', secure, maxAge: KEPT_SECONDS } as const
  if (chosen.locale) setCookie(c, COOKIE.locale, chosen.locale, attributes)
  if (chosen.theme) setCookie(c, COOKIE.theme, chosen.theme, attributes)
}
