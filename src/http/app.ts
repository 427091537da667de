import { Hono, type MiddlewareHandler } from 'hono'
import type { Deps } from '../deps.ts'
import { isStaff } from '../features/identity/rules.ts'
import { SECOND_MS } from '../kernel/clock.ts'
import { describeFailure } from '../kernel/failure.ts'
import { once } from '../kernel/once.ts'
import { remember } from '../kernel/remember.ts'
import { accessCodeEndpoint } from './api/access-code.ts'
import {
  activitiesEndpoint,
  activityEndpoint,
  saveAnswersEndpoint,
  solutionEndpoint,
  startActivityEndpoint,
  submitActivityEndpoint,
} from './api/activities.ts'
import {
  addBlackoutEndpoint,
  adminAttentionEndpoint,
  adminClassesEndpoint,
  adminEventsEndpoint,
  adminGoogleEndpoint,
  adminRefundEndpoint,
  readScheduleEndpoint,
  removeBlackoutEndpoint,
  saveScheduleEndpoint,
} from './api/admin.ts'
import { generateActivityEndpoint, uploadActivityEndpoint } from './api/admin-activity.ts'
import {
  connectCalendarEndpoint,
  connectInvitedEndpoint,
  disconnectCalendarEndpoint,
  googleCallbackEndpoint,
  loginEndpoint,
  logoutEndpoint,
  sessionEndpoint,
} from './api/auth.ts'
import { bookingEndpoint, checkoutEndpoint, createPreferenceEndpoint } from './api/booking.ts'
import { createEventEndpoint, googleWebhookEndpoint, readCalendarEndpoint } from './api/calendar.ts'
import {
  availabilityEndpoint,
  cancelEndpoint,
  invitationEndpoint,
  joinEndpoint,
  myClassesEndpoint,
  rescheduleEndpoint,
  upcomingEndpoint,
} from './api/classes.ts'
import { liveEndpoint } from './api/live.ts'
import { webhookEndpoint } from './api/mercado-pago-webhook.ts'
import { paymentEndpoint, paymentsEndpoint } from './api/payments.ts'
import { leaveEndpoint, releaseSeatEndpoint, rotateCodeEndpoint, seatsEndpoint } from './api/seats.ts'
import {
  adminTicketsEndpoint,
  changeTicketEndpoint,
  openTicketEndpoint,
  ticketEndpoint,
  ticketsEndpoint,
  writeMessageEndpoint,
} from './api/tickets.ts'
import { exportEndpoint, readUserDataEndpoint, saveUserDataEndpoint } from './api/user-data.ts'
import type { AppContext, AppEnv, ErrorStatus } from './context.ts'
import { createDoors, type Doors } from './doors.ts'
import { BODY_BYTES_MAX, type Endpoint, fail, mount } from './endpoint.ts'
import { addressOf } from './middleware/address.ts'
import { receiveBodies } from './middleware/bodies.ts'
import { isRead, throughDoors } from './middleware/doors.ts'
import { preferences } from './middleware/preferences.ts'
import { securityHeaders } from './middleware/security.ts'
import { session, sessionFirst } from './middleware/session.ts'
import { type ApiForPeople, apiForPeople, openApiDocument } from './openapi.ts'
import { API_TEXT } from './text.es.ts'

/** Where the teacher uploads an activity, in the API and on the page (behaviour 4.0). */
const UPLOAD_PATHS = /^\/(api\/admin\/classes\/[^/]+\/activity|(admin|profe)\/actividad\/[^/]+)$/
const UPLOAD_BYTES_MAX = 1024 * 1024
const SLOW_BODIES = { slowMax: 32, slowAfterMs: 5 * SECOND_MS }
/** Of staff, several of whom may sit behind one address. */
const UPLOADS = { ...SLOW_BODIES, bodyBytesMax: UPLOAD_BYTES_MAX, bytesMax: 8 * UPLOAD_BYTES_MAX, addressBytesMax: 8 * UPLOAD_BYTES_MAX }
/** All others. Most have some hundred bytes. */
const BODIES = { ...SLOW_BODIES, bodyBytesMax: BODY_BYTES_MAX, bytesMax: 256 * BODY_BYTES_MAX, addressBytesMax: 64 * BODY_BYTES_MAX }
const RETRY_BUSY_SECONDS = 5
const ROUTES_MAX = 500

/** What the pages add to the API. Without them (in tests of the API alone) errors are JSON everywhere. */
export interface Pages {
  mount(app: Hono<AppEnv>, api: () => ApiForPeople): void
  /** Address of the sandbox's control API while the sandbox is on. */
  sandboxHub: string | null
  /** An error as a page in the product's layout. */
  error(c: AppContext, status: ErrorStatus, text?: string): Response | Promise<Response>
  /** That more people come than can be served. */
  busy(c: AppContext): Response | Promise<Response>
}

/**
 * The whole server: one function from request to response, built from explicit dependencies. What a request passes, in this order:
 *
 * 1. its language, and the headers of every answer;
 * 2. files for browsers, and `/healthz`, which are answered here; what would change something on a full disk is refused;
 * 3. its body, if it has one: too large, too slow or too many, and it is refused; of an upload first who sends it (`middleware/bodies.ts`);
 * 4. the doors: a place in the lane of its kind, at once, after waiting, or not at all (`middleware/doors.ts`, `doors.ts`);
 * 5. the session: who is signed in, looked up only now that somebody works on it (`middleware/session.ts`);
 * 6. the endpoint: login, origin, role, rate, then its own checks (`endpoint.ts`); or the page, behind the guards of its area (`web/routes/guard.ts`).
 */
export function createApp(deps: Deps, pages: Pages, assets?: MiddlewareHandler, doors: Doors = createDoors()): Hono<AppEnv> {
  const app = new Hono<AppEnv>()
  app.use(async (c, next) => {
    c.set('deps', deps)
    c.set('viewer', null)
    c.set('sessionToken', null)
    c.set('sessionExpiresAt', null)
    c.set('address', addressOf(c))
    await next()
  })
  app.use(preferences)
  app.use(securityHeaders(deps.config))
  const busy = (c: AppContext) => tellBusy(c, pages)
  if (assets) app.use('/assets/*', assets)
  app.use(refuseWritesOnFullDisk(pages))
  const healthEndpoint = healthOf(pages.sandboxHub, doors)
  mount(app, healthEndpoint)
  app.use(receiveBody(doors, busy))
  app.use(throughDoors(doors, busy))
  app.use(session)

  const endpoints: Endpoint[] = [
    createPreferenceEndpoint,
    bookingEndpoint,
    checkoutEndpoint,
    webhookEndpoint,
    readCalendarEndpoint,
    createEventEndpoint,
    upcomingEndpoint,
    accessCodeEndpoint,
    availabilityEndpoint,
    myClassesEndpoint,
    liveEndpoint,
    joinEndpoint((c, status, text) => pages.error(c, status, text)),
    cancelEndpoint,
    rescheduleEndpoint,
    seatsEndpoint,
    releaseSeatEndpoint,
    leaveEndpoint,
    rotateCodeEndpoint,
    invitationEndpoint,
    paymentsEndpoint,
    paymentEndpoint,
    openTicketEndpoint,
    ticketsEndpoint,
    ticketEndpoint,
    writeMessageEndpoint,
    googleWebhookEndpoint,
    activitiesEndpoint,
    activityEndpoint,
    startActivityEndpoint,
    saveAnswersEndpoint,
    submitActivityEndpoint,
    solutionEndpoint,
    adminClassesEndpoint,
    adminEventsEndpoint,
    adminAttentionEndpoint,
    adminRefundEndpoint,
    uploadActivityEndpoint,
    generateActivityEndpoint,
    adminTicketsEndpoint,
    changeTicketEndpoint,
    readScheduleEndpoint,
    saveScheduleEndpoint,
    addBlackoutEndpoint,
    removeBlackoutEndpoint,
    adminGoogleEndpoint,
    connectCalendarEndpoint,
    connectInvitedEndpoint,
    disconnectCalendarEndpoint,
    loginEndpoint,
    googleCallbackEndpoint,
    logoutEndpoint,
    sessionEndpoint,
    readUserDataEndpoint,
    saveUserDataEndpoint,
    exportEndpoint,
    {
      method: 'GET',
      path: '/api/openapi.json',
      summary: 'Esta descripción, en OpenAPI 3.1',
      auth: 'none',
      responses: { 200: { description: 'El documento' } },
      handle: (c) => c.json(document()),
    },
  ]
  for (const endpoint of endpoints) mount(app, endpoint)
  const described = [...endpoints, healthEndpoint]
  // When somebody asks for the first time: most processes are never asked, and all of them have to start fast.
  const document = once(() => openApiDocument(described, deps.config.baseUrl))
  pages.mount(
    app,
    once(() => apiForPeople(described)),
  )

  app.notFound((c) => {
    if (!isApi(c)) return pages.error(c, 404)
    const allowed = methodsOf(app, c)
    if (allowed.length === 0) return fail(c, 404, API_TEXT.notFound)
    c.header('Allow', allowed.join(', '))
    return fail(c, 405, API_TEXT.methodNotAllowed)
  })
  app.onError((error, c) => {
    deps.log.error({ path: c.req.path, method: c.req.method, ...describeFailure(error) }, 'request failed')
    return isApi(c) ? fail(c, 500, API_TEXT.internal) : pages.error(c, 500)
  })
  return app
}

/** Reading goes on; whatever changes something is refused before it begins, so that nothing is half done. */
function refuseWritesOnFullDisk(pages: Pages): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    if (isRead(c) || !c.get('deps').db.isDiskLow()) return next()
    c.header('Retry-After', '60')
    return isApi(c) ? fail(c, 503, API_TEXT.diskLow) : pages.error(c, 503, API_TEXT.diskLow)
  }
}

/** Whole, before anybody works on the request; what is refused was not begun. */
function receiveBody(doors: Doors, busy: (c: AppContext) => Response | Promise<Response>): MiddlewareHandler<AppEnv> {
  const answers = { busy, tooLarge: (c: AppContext) => fail(c, 413, API_TEXT.tooLarge) }
  const [uploads, others] = [receiveBodies(UPLOADS, answers), receiveBodies(BODIES, answers)]
  return async (c, next) => {
    if (isRead(c)) return next()
    if (!UPLOAD_PATHS.test(c.req.path)) return others(c, next)
    const declared = c.req.header('content-length')
    if (Number(declared) > UPLOAD_BYTES_MAX) return answers.tooLarge(c)
    if (!(await sessionFirst(c, doors))) return busy(c)
    const viewer = c.get('viewer')
    if (viewer && isStaff(viewer)) return uploads(c, next)
    // Of anybody else none is received: they are refused without a look at it, unless it may turn out to be too large for anybody.
    return declared === undefined ? others(c, next) : next()
  }
}

function tellBusy(c: AppContext, pages: Pages): Response | Promise<Response> {
  c.header('Retry-After', String(RETRY_BUSY_SECONDS))
  return isApi(c) ? fail(c, 503, API_TEXT.busy) : pages.busy(c)
}

function isApi(c: AppContext): boolean {
  return c.req.path.startsWith('/api/') || c.req.path === '/healthz'
}

/** Other methods that this path answers to. */
function methodsOf(app: Hono<AppEnv>, c: AppContext): string[] {
  const path = c.req.path
  const methods = app.routes
    .filter((route) => route.method !== 'ALL' && !route.path.includes('*') && formOf(route.path).test(path))
    .map((route) => route.method)
  return [...new Set(methods)].sort()
}

/** Looked at with every address that nobody answers to, which robots try by the hundred. */
const formOf = remember(ROUTES_MAX, (route: string) => new RegExp(`^${route.replace(/:[^/]+/g, '[^/]+')}$`))

function healthOf(sandboxHub: string | null, doors: Doors): Endpoint {
  return {
    method: 'GET',
    path: '/healthz',
    summary: 'Si el servicio está en condiciones de atender',
    auth: 'none',
    responses: {
      200: { description: 'En marcha, y sobre qué' },
      503: { description: 'El almacenamiento no responde, o el proceso está terminando' },
    },
    handle: (c) => health(c, sandboxHub, doors),
  }
}

async function health(c: AppContext, sandboxHub: string | null, doors: Doors): Promise<Response> {
  const { db, config, clock } = c.get('deps')
  c.header('Cache-Control', 'no-store')
  const runsOn = {
    now: clock.now().toISOString(),
    node: process.version,
    database: config.databaseUrl ? 'postgresql' : 'embedded',
    sandbox: sandboxHub,
  }
  if (doors.isClosing()) return c.json({ status: 'stopping', ...runsOn }, 503)
  if (db.isDiskLow()) return c.json({ status: 'disk-full', ...runsOn }, 503)
  return (await db.answers()) ? c.json({ status: 'ok', ...runsOn }) : c.json({ status: 'store-unreachable', ...runsOn }, 503)
}
