import type { Outcome } from '../../kernel/outcome.ts'

export type SignInPurpose = 'login' | 'calendar'

/** Scopes a person is asked for. Students never see a calendar scope (behaviour 4.11). */
export const CALENDAR_SCOPES = [
  'https://www.googleapis.com/auth/calendar.events',
  'https://www.googleapis.com/auth/calendar.freebusy',
] as const

/** Asked for with them, and not needed: who was in the Meet rooms of the classes. */
export const ATTENDANCE_SCOPE = 'https://www.googleapis.com/auth/meetings.space.readonly'

export interface SignInChecks {
  state: string
  nonce: string
  /** PKCE verifier. */
  verifier: string
}

export interface GoogleIdentity {
  subject: string
  /** Lower-cased. */
  email: string
  emailVerified: boolean
  name: string
  image: string | null
  /** What was granted beyond sign-in. `refreshToken` is null when Google sent none; `lifeSeconds` is there only for a grant that ends by itself. */
  grant: { refreshToken: string | null; scopes: string[]; lifeSeconds?: number }
}

/** Google sign-in (OpenID Connect) in our words. */
export interface SignInProvider {
  /** Address to send the browser to. `calendar` asks for offline access with forced consent. */
  authorizationUrl(purpose: SignInPurpose, checks: SignInChecks, loginHint?: string): Promise<Outcome<string, 'unavailable'>>
  /** `denied`: the person said no. `invalid`: state, nonce, signature or code do not fit. */
  exchange(callbackUrl: URL, checks: SignInChecks): Promise<Outcome<GoogleIdentity, 'denied' | 'invalid' | 'unavailable'>>
}
