import { gzipSync } from 'node:zlib'
import type { Child } from 'hono/jsx'
import type { Deps } from '../deps.ts'
import { safeReturnPath } from '../features/identity/rules.ts'
import type { Viewer } from '../features/identity/store.ts'
import { needsReconnect } from '../features/meeting/connection.ts'
import { countTickets } from '../features/support/queries.ts'
import { nextClassOf } from '../features/virtual-class/queries.ts'
import type { AppContext, ErrorStatus } from '../http/context.ts'
import { bestEncoding } from '../http/encoding.ts'
import { remember } from '../kernel/remember.ts'
import { fingerprint } from '../kernel/secret-box.ts'
import { ErrorPage } from './pages/error.tsx'
import type { AssetName, Chrome, Notice, Person } from './ui/chrome.ts'
import { Language } from './ui/language.ts'
import { Zone } from './ui/zone.tsx'

/** What the pages need besides the dependencies: where the files for the browser are, and the sandbox's addresses while it is on. */
export interface SiteOptions {
  /** Logical name → address, with a content hash. */
  asset: (name: AssetName) => string
  sandbox: { hubHref: string; mailboxHref: string } | null
  /** The service worker's text; absent where none was built. */
  worker?: string
  /** Address of the teacher's photo, where the academy has one. */
  teacherPhoto?: string | null
}

/** Frame of every page: who is looking, when, and what is next for them; `nextClass`: where the page knows that already. */
export async function chromeOf(
  c: AppContext,
  site: SiteOptions,
  notice: Notice | null = null,
  nextClass?: Chrome['nextClass'],
): Promise<Chrome> {
  const deps = c.get('deps')
  const viewer = c.get('viewer')
  const now = deps.clock.now()
  return {
    asset: site.asset,
    theme: c.get('theme'),
    path: c.req.path,
    address: addressToReturnTo(c),
    person: viewer ? personOf(viewer) : null,
    who: whoOf(c),
    now,
    nextClass: nextClass !== undefined || !viewer ? (nextClass ?? null) : await nextClassOf(deps.db.handle, viewer.id, now),
    ...(viewer?.role === 'ADMIN'
      ? {
          waitingTickets: await countTickets(deps, { waiting: true }, WAITING_COUNTED_MAX),
          calendarLost: await needsReconnect(deps, viewer.id),
        }
      : {}),
    notice,
    sandbox: site.sandbox,
  }
}

function personOf({ name, email, role, teacherId }: Viewer): Person {
  return { name, email, isAdmin: role === 'ADMIN', teaches: role !== 'ADMIN' && teacherId !== null }
}

/** Whoever has more tickets to answer knows that there are many. */
const WAITING_COUNTED_MAX = 1_000
/** Below this a page fits into the first packets anyway. */
const GZIP_FROM_BYTES = 1_400
/** Halfway between small and fast: pages are made anew for every reader. */
const GZIP_LEVEL = 5

/** Answers with a page, in the language of whoever reads it, compressed where the browser takes that. */
export function render(c: AppContext, page: Child, status: 200 | ErrorStatus = 200): Response | Promise<Response> {
  c.header('Cache-Control', 'no-store')
  const html = String(
    <Language.Provider value={c.get('locale')}>
      <Zone.Provider value={c.get('viewer')?.zone ?? null}>{page}</Zone.Provider>
    </Language.Provider>,
  )
  c.header('Vary', 'Accept-Encoding')
  c.header('Content-Type', 'text/html; charset=UTF-8')
  if (html.length < GZIP_FROM_BYTES || bestEncoding(c.req.header('accept-encoding'), ['gzip']) === null)
    // Written down once: a text would be gone through for its length and again for its bytes.
    return c.body(Buffer.from(html), status)
  c.header('Content-Encoding', 'gzip')
  return c.body(gzipSync(html, { level: GZIP_LEVEL }), status)
}

export async function errorPage(c: AppContext, site: SiteOptions, status: ErrorStatus, text?: string): Promise<Response> {
  // A page about a failure must not fail with it: what cannot be read is left out.
  const chrome = await chromeOf(c, site).catch(() => plainChrome(c, site))
  return render(c, <ErrorPage chrome={chrome} status={status} {...(text === undefined ? {} : { message: text })} />, status)
}

/** What tells this person's pages from another's in their browser; empty for nobody. It leads back to no one. */
export function whoOf(c: AppContext): string {
  const viewer = c.get('viewer')
  if (!viewer) return ''
  const deps = c.get('deps')
  const marks = marksOfPeople.get(deps) ?? remember(WHO_MAX, (id) => fingerprint(deps.config.authSecret, `who:${id}`).slice(0, 16))
  marksOfPeople.set(deps, marks)
  return marks(viewer.id)
}

const WHO_MAX = 2_000
const marksOfPeople = new WeakMap<Deps, (id: string) => string>()

/** An answer to a form has no address of its own that could be asked for again: the page with the form has. */
function addressToReturnTo(c: AppContext): string {
  const url = new URL(c.req.url)
  if (c.req.method === 'GET') return `${url.pathname}${url.search}`
  const from = URL.parse(c.req.header('referer') ?? '')
  return safeReturnPath(from?.origin === new URL(c.get('deps').config.baseUrl).origin ? `${from.pathname}${from.search}` : null)
}

/** The frame of a page that knows nobody. */
export function plainChrome(c: AppContext, site: SiteOptions): Chrome {
  return {
    asset: site.asset,
    theme: c.get('theme'),
    path: c.req.path,
    address: addressToReturnTo(c),
    person: null,
    now: c.get('deps').clock.now(),
    sandbox: site.sandbox,
  }
}

/** One value of a form field, without NUL characters and with plain line breaks (browsers send CRLF, and count one); empty when absent. */
export function field(form: FormData | null, name: string): string {
  const value = form?.get(name)
  return typeof value === 'string' ? plainText(value) : ''
}

export function plainText(typed: string): string {
  return typed.replaceAll('\0', '').replaceAll('\r\n', '\n')
}

export async function readForm(c: AppContext): Promise<FormData | null> {
  return c.req.formData().catch(() => null)
}
