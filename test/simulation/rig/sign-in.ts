import type { SignInProvider } from '../../../src/features/identity/provider.ts'
import { refuse, succeed } from '../../../src/kernel/outcome.ts'
import { ORIGINS } from './network.ts'

/** The identity at Google of whoever administers the academy. */
export const ADMIN_SUBJECT = '100000000000000000001'

/** What Google would send the admin back with. */
export const ADMIN_CODE = 'code-of-the-admin'

/**
 * Google's sign-in without its pages, for attacks on the way back: that code proves the admin, whoever brings it and however often. That nobody else
 * profits from it is up to the product alone.
 */
export function easySignIn(email: string): SignInProvider {
  return {
    async authorizationUrl(_, { state }) {
      return succeed(`${ORIGINS.google}/o/oauth2/v2/auth?${new URLSearchParams({ state })}`)
    },
    async exchange(callbackUrl) {
      if (callbackUrl.searchParams.get('code') !== ADMIN_CODE) return refuse('invalid')
      const grant = { refreshToken: 'a-token-of-somebody', scopes: [] }
      return succeed({ subject: ADMIN_SUBJECT, email, emailVerified: true, name: 'admin', image: null, grant })
    },
  }
}
