import { type Tx, violates } from '../../db/client.ts'
import type { Deps } from '../../deps.ts'
import { plus } from '../../kernel/clock.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { fingerprint, sameSecret } from '../../kernel/secret-box.ts'
import { storedUserAgent } from './device.ts'
import type { GoogleIdentity, SignInPurpose } from './provider.ts'
import { landingPath, SESSION_MS, SESSION_RENEWED_EVERY_MS, SESSION_SEEN_EVERY_MS, SIGN_IN_ATTEMPT_MS, safeReturnPath } from './rules.ts'
import type { Viewer } from './store.ts'
import * as store from './store.ts'

export type SignInRefusal = 'denied' | 'expired' | 'invalid' | 'unverified-email' | 'email-taken' | 'unavailable'

export interface SignInStart {
  /** Where to send the browser. */
  url: string
  /** Goes into a short-lived cookie: only the browser that began can finish. */
  browserSecret: string
}

/** What is known of an attempt that was refused; nothing when the callback belongs to none. */
export interface RefusedAttempt {
  purpose: SignInPurpose
  returnTo: string
}

export type SignInFinish =
  | { purpose: 'login'; sessionToken: string; returnTo: string }
  /** Asked for by the admin (`userId`), or by a teacher who was invited (`teacherId`). */
  | { purpose: 'calendar'; identity: GoogleIdentity; userId: string | null; teacherId: string | null; returnTo: string }

/** Begins a sign-in, or the consent to a teacher's calendar (`userId` is then the admin who asked, `teacherId` the teacher who was invited). */
export async function beginSignIn(
  deps: Deps,
  request: { purpose: SignInPurpose; returnTo: string | null; userId?: string; teacherId?: string; loginHint?: string },
): Promise<Outcome<SignInStart, 'unavailable'>> {
  const now = deps.clock.now()
  const state = deps.ids.secret()
  const browserSecret = deps.ids.secret()
  const checks = { state, nonce: deps.ids.secret(16), verifier: deps.ids.secret(48) }
  const address = await deps.signIn.authorizationUrl(request.purpose, checks, request.loginHint)
  if (!address.ok) return address
  await store.insertAttempt(deps.db.handle, {
    stateHash: fingerprint(deps.config.authSecret, state),
    browserHash: fingerprint(deps.config.authSecret, browserSecret),
    purpose: request.purpose,
    nonce: checks.nonce,
    verifier: checks.verifier,
    returnTo: safeReturnPath(request.returnTo),
    userId: request.userId ?? null,
    teacherId: request.teacherId ?? null,
    createdAt: now,
    expiresAt: plus(now, SIGN_IN_ATTEMPT_MS),
  })
  return succeed({ url: address.value, browserSecret })
}

/** Finishes what `beginSignIn` began. A refused sign-in leaves no account behind (behaviour Z7). */
export async function finishSignIn(
  deps: Deps,
  callbackUrl: URL,
  browserSecret: string | null,
  userAgent = '',
): Promise<Outcome<SignInFinish, SignInRefusal, RefusedAttempt>> {
  const state = callbackUrl.searchParams.get('state') ?? ''
  const attempt = await store.takeAttempt(deps.db.handle, fingerprint(deps.config.authSecret, state))
  if (!attempt || !browserSecret) return refuse('invalid')
  const { purpose, returnTo } = attempt
  if (!sameSecret(attempt.browserHash, fingerprint(deps.config.authSecret, browserSecret))) return refuse('invalid')
  if (attempt.expiresAt <= deps.clock.now()) return refuse('expired', { purpose, returnTo })

  const exchanged = await deps.signIn.exchange(callbackUrl, { state, nonce: attempt.nonce, verifier: attempt.verifier })
  if (!exchanged.ok) return refuse(exchanged.reason, { purpose, returnTo })
  const identity = exchanged.value
  if (!identity.emailVerified) return refuse('unverified-email', { purpose, returnTo })
  if (purpose === 'calendar') {
    const { userId, teacherId } = attempt
    return succeed({ purpose, identity, userId, teacherId, returnTo })
  }
  try {
    return await signIn(deps, identity, returnTo, userAgent)
  } catch (error) {
    // The other one of two first sign-ins at the same moment was quicker; its account is there by now.
    if (!violates(error, EMAIL_UNIQUE)) throw error
    return signIn(deps, identity, returnTo, userAgent)
  }
}

/** Name of the constraint that two first sign-ins at the same moment run into. */
export const EMAIL_UNIQUE = 'app_user_email_unique'

async function signIn(
  deps: Deps,
  identity: GoogleIdentity,
  returnTo: string,
  userAgent: string,
): Promise<Outcome<SignInFinish, SignInRefusal, RefusedAttempt>> {
  const now = deps.clock.now()
  const sessionToken = deps.ids.secret()
  return deps.db.transaction(async (tx) => {
    const account = await accountOf(deps, tx, identity)
    if (!account) return refuse('email-taken', { purpose: 'login', returnTo })
    await store.insertSession(tx, {
      tokenHash: sessionHashOf(deps, sessionToken),
      publicId: deps.ids.uuid(),
      userId: account.id,
      userAgent: storedUserAgent(userAgent),
      createdAt: now,
      renewedAt: now,
      usedAt: now,
      expiresAt: plus(now, SESSION_MS),
    })
    return succeed({ purpose: 'login' as const, sessionToken, returnTo: landingPath(returnTo, account.isAdmin) })
  })
}

/**
 * The account of whoever proved to be this person at Google, made when there is none, and tied to the teacher who waits for that address. Null
 * when the address is somebody else's (behaviour Z7).
 */
export async function accountOf(deps: Deps, tx: Tx, identity: GoogleIdentity): Promise<{ id: string; isAdmin: boolean } | null> {
  const now = deps.clock.now()
  let known = await store.lockUserByIdentity(tx, 'google', identity.subject)
  if (!known && (await store.findUserByEmail(tx, identity.email))) {
    // Two first sign-ins of one person at the same moment: the other one has made the account since we looked. Otherwise the same address
    // under another subject is somebody else.
    known = await store.lockUserByIdentity(tx, 'google', identity.subject)
    if (!known) return null
  }
  const userId = known?.id ?? deps.ids.uuid()
  const isAdmin = deps.config.adminEmail !== '' && identity.email === deps.config.adminEmail
  if (known) {
    await store.updateFromGoogle(tx, userId, { name: identity.name, image: identity.image, isAdmin, now })
  } else {
    await store.insertUser(tx, {
      id: userId,
      email: identity.email,
      name: identity.name,
      googleName: identity.name,
      image: identity.image,
      role: isAdmin ? 'ADMIN' : 'USER',
      createdAt: now,
      updatedAt: now,
    })
    await store.insertIdentity(tx, { provider: 'google', subject: identity.subject, userId, createdAt: now })
  }
  await store.linkTeacher(tx, identity.email, userId, now)
  return { id: userId, isAdmin: isAdmin || known?.role === 'ADMIN' }
}

export interface Login {
  viewer: Viewer
  /** The login was extended just now: the browser's cookie has to be, too. */
  renewed: boolean
  expiresAt: Date
}

/** Who holds this login, or null. Extends a login in use, at most every 12 hours, and notes hourly that it is in use. */
export async function viewerOf(deps: Deps, sessionToken: string | null): Promise<Login | null> {
  if (!sessionToken || sessionToken.length > 200) return null
  const now = deps.clock.now()
  const tokenHash = sessionHashOf(deps, sessionToken)
  const found = await store.findSession(deps.db.handle, tokenHash, now)
  if (!found) return null
  const renewed = plus(found.renewedAt, SESSION_RENEWED_EVERY_MS) <= now
  const expiresAt = renewed ? plus(now, SESSION_MS) : found.expiresAt
  const unseen = !found.usedAt || plus(found.usedAt, SESSION_SEEN_EVERY_MS) <= now
  if (renewed) await store.touchSession(deps.db.handle, tokenHash, { usedAt: now, renewedAt: now, expiresAt })
  else if (unseen) await store.touchSession(deps.db.handle, tokenHash, { usedAt: now })
  return { viewer: found.viewer, renewed, expiresAt }
}

/** How a login is stored: never as the browser holds it. */
export function sessionHashOf(deps: Deps, sessionToken: string): string {
  return fingerprint(deps.config.authSecret, sessionToken)
}

export async function signOut(deps: Deps, sessionToken: string): Promise<void> {
  await store.deleteSession(deps.db.handle, sessionHashOf(deps, sessionToken))
}
