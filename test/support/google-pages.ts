import { type Choice, cookiesSet, walkGoogle } from './google-consent.ts'
import { BASE_URL, type World } from './world.ts'

export { type Choice, cookiesSet }

export function atGoogle(address: string, choice: Choice): Promise<URL> {
  return walkGoogle(address, choice, BASE_URL)
}

export interface Attempt {
  /** Google's authorization address, with what the application asks for. */
  address: URL
  /** Cookie of the browser that began. */
  cookie: string
}

/** Begins a sign-in as a new browser, as the form of `/ingresar` does. */
export async function beginSignIn(world: World, callbackUrl = '/inicio', cookie = ''): Promise<Attempt> {
  const begun = await world.anonymous.submit('/api/auth/login', { callbackUrl }, cookie ? { cookie } : {})
  if (begun.status !== 303) throw new Error(`Signing in cannot begin: ${begun.status} ${await begun.text()}`)
  return { address: new URL(begun.headers.get('location') ?? ''), cookie: cookiesSet(begun) }
}

/** The browser comes back from Google. */
export function comeBack(world: World, callback: URL, cookie: string): Promise<Response> {
  return world.anonymous.get(callback.pathname + callback.search, cookie ? { cookie } : {})
}
