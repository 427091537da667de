import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/clock.ts'
import type { Viewer } from './store.ts'

/** A login lasts 30 days and is renewed at most every 12 hours (behaviour 4.0). */
export const SESSION_MS = 30 * DAY_MS
export const SESSION_RENEWED_EVERY_MS = 12 * HOUR_MS
/** When a login was last used is noted this often: often enough to tell devices apart. */
export const SESSION_SEEN_EVERY_MS = HOUR_MS
export const SIGN_IN_ATTEMPT_MS = 10 * MINUTE_MS
export const HOME = '/inicio'
const ADMIN_HOME = '/admin'

/** The page asked for, when it is one of ours; anything else leads home (behaviour 4.11). */
export function safeReturnPath(wanted: string | null | undefined): string {
  if (!wanted || wanted.length > 500 || !wanted.startsWith('/')) return HOME
  const base = 'http://inside.invalid'
  const url = URL.parse(wanted, base)
  if (!url || url.origin !== base || /[\\\p{Cc}]/u.test(wanted)) return HOME
  if (url.pathname.startsWith('//') || url.pathname.startsWith('/api/')) return HOME
  return url.pathname + url.search + url.hash
}

/** Where a sign-in ends: the page asked for, and without a wish the first page of that person's work. */
export function landingPath(returnTo: string, isAdmin: boolean): string {
  return isAdmin && returnTo === HOME ? ADMIN_HOME : returnTo
}

/** Whether somebody has anything to do with giving classes: the admin, or a teacher. What is whose is asked class by class. */
export function isStaff({ role, teacherId }: Pick<Viewer, 'role' | 'teacherId'>): boolean {
  return role === 'ADMIN' || teacherId !== null
}
