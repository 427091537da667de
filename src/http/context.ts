import type { Context } from 'hono'
import type { Deps } from '../deps.ts'
import type { Viewer } from '../features/identity/store.ts'
import type { Locale } from '../kernel/locale.ts'
import type { Theme } from '../kernel/theme.ts'

export interface AppVariables {
  deps: Deps
  /** Who is signed in; null for nobody. */
  viewer: Viewer | null
  sessionToken: string | null
  sessionExpiresAt: Date | null
  /** Network address of the caller, after trusted proxies. */
  address: string
  locale: Locale
  theme: Theme
}

export type AppEnv = { Variables: AppVariables }
export type AppContext = Context<AppEnv>
export type ErrorStatus = 400 | 401 | 403 | 404 | 405 | 409 | 410 | 413 | 429 | 500 | 503
