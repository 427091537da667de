import { ADMIN_CODE } from '../rig/sign-in.ts'
import { BASE_URL } from '../rig/simulation.ts'
import type { SignInAttack, Student } from './plan.ts'
import { type Answer, cookieOf, type Stage } from './stage.ts'

/** A way to Google that somebody has begun: what came with it, and the cookie of the browser. */
interface Begun {
  state: string
  cookie: string
}

const MALLORY: Student = 'dani'
const CALLBACK = '/api/auth/callback/google'

/**
 * What the admin does honestly before somebody tries to profit from it, and the attempt itself. Null when a process died meanwhile: then nothing
 * is tried.
 */
export async function prepareSignInAttack(stage: Stage, kind: SignInAttack): Promise<(() => Promise<Answer>) | null> {
  const admins = await begin(stage, kind === 'foreign-consent' ? 'admin' : 'nobody')
  const mallorys = await begin(stage, 'nobody')
  if (!admins || !mallorys) return null
  const comeBack = (state: string, ...cookies: string[]) =>
    stage.ask('nobody', 'GET', `${CALLBACK}?${new URLSearchParams({ state, code: ADMIN_CODE })}`, undefined, { cookie: cookies.join('; ') })
  switch (kind) {
    case 'invented-state':
      return () => comeBack('of-nobody', mallorys.cookie)
    case 'foreign-state':
      return () => comeBack(admins.state, mallorys.cookie)
    case 'replayed-callback': {
      const { status } = await comeBack(admins.state, admins.cookie)
      return status === 302 ? () => comeBack(admins.state, admins.cookie) : null
    }
    case 'foreign-consent':
      return () => comeBack(admins.state, admins.cookie, cookieOf(MALLORY))
  }
}

/** What is wrong with the answer to such an attempt: it leads back with an error, and gives no login. */
export function giveaways({ headers }: Answer): string[] {
  const location = headers?.get('location') ?? ''
  // A login of one's own that is renewed after a day is sent once more.
  const logins = headers?.getSetCookie().filter((line) => /^hiy-session=[^;]/.test(line)) ?? []
  const isGivenOne = logins.some((line) => line.split(';')[0] !== cookieOf(MALLORY))
  return [...(/[?&]error=invalid\b/.test(location) ? [] : [`was sent to ${location}`]), ...(isGivenOne ? ['was given a login'] : [])]
}

async function begin(stage: Stage, who: 'admin' | 'nobody'): Promise<Begun | null> {
  const [path, body] = who === 'admin' ? ['/api/admin/google/connect', ''] : ['/api/auth/login', 'callbackUrl=%2Finicio']
  const form = { 'content-type': 'application/x-www-form-urlencoded', origin: BASE_URL }
  const { status, headers } = await stage.ask(who, 'POST', path, body, form)
  const state = new URL(headers?.get('location') ?? '/', BASE_URL).searchParams.get('state')
  const cookie = headers?.getSetCookie().find((line) => line.startsWith('hiy-sign-in='))
  return status === 303 && state && cookie ? { state, cookie: cookie.split(';')[0] ?? '' } : null
}
