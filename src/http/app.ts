import { Hono, type MiddlewareHandler } from 'hono'
import type { Deps } from '../deps.ts'
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
import { boundTogether } from './middleware/bodies.ts'
import { limitBody } from './middleware/body-limit.ts'
import { isRead, throughDoors } from './middleware/doors.ts'
import { preferences } from './middleware/preferences.ts'
import { securityHeaders } from './middleware/security.ts'
import { hasSessionCookie, session, sessionFirst } from './middleware/session.ts'
import { type ApiForPeople, apiForPeople, openApiDocument } from './openapi.ts'
import { API_TEXT } from './text.es.ts'

/** Where the teacher uploads an activity, in the API and on the page (behaviour 4.0). */
const UPLOADS = /^\/(api\/admin\/classes\/[^/]+\/activity|(admin|profe)\/actividad\/[^/]+)$/
const UPLOAD_BYTES_MAX = 1024 * 1024
/** Of all uploads that are on their way. */
const UPLOADS_BYTES_MAX = 8 * UPLOAD_BYTES_MAX
/** Of all other bodies. Most have some hundred bytes. */
const BODIES_BYTES_MAX = 256 * BODY_BYTES_MAX
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

/** The whole server: one function from request to response, built from explicit dependencies. */
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
  const tooLarge = (c: AppContext) => fail(c, 413, API_TEXT.tooLarge)
  const busy = (c: AppContext) => tellBusy(c, pages)
  const upload = limitBody(UPLOAD_BYTES_MAX, tooLarge)
  const usual = limitBody(BODY_BYTES_MAX, tooLarge)
  const uploads = boundTogether({ bodyBytesMax: UPLOAD_BYTES_MAX, bytesMax: UPLOADS_BYTES_MAX }, busy)
  const others = boundTogether({ bodyBytesMax: BODY_BYTES_MAX, bytesMax: BODIES_BYTES_MAX }, busy)
  // Who is not signed in is told so before anything large is received.
  const nobodys = limitBody(BODY_BYTES_MAX, tellNobody)
  app.use(async (c, next) => (isUpload(c) && hasSessionCookie(c) && !(await sessionFirst(c, doors)) ? busy(c) : next()))
  app.use((c, next) => (isRead(c) ? next() : (isUpload(c) && c.get('viewer') ? uploads : others)(c, next)))
  app.use((c, next) => (!isUpload(c) ? usual : c.get('viewer') ? upload : nobodys)(c, next))

  if (assets) app.use('/assets/*', assets)
  app.use(refuseWritesOnFullDisk(pages))
  const healthEndpoint = healthOf(pages.sandboxHub, doors)
  mount(app, healthEndpoint)
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

function tellBusy(c: AppContext, pages: Pages): Response | Promise<Response> {
  c.header('Retry-After', String(RETRY_BUSY_SECONDS))
  return isApi(c) ? fail(c, 503, API_TEXT.busy) : pages.busy(c)
}

/** What would be said once the body is there; one that does not say how large it is counts as too large. */
function tellNobody(c: AppContext): Response {
  if (!(Number(c.req.header('content-length')) <= UPLOAD_BYTES_MAX)) return fail(c, 413, API_TEXT.tooLarge)
  return isApi(c) ? fail(c, 401, API_TEXT.unauthorized) : c.redirect('/ingresar?callbackUrl=%2Finicio', 303)
}

function isUpload(c: AppContext): boolean {
  return c.req.method !== 'GET' && UPLOADS.test(c.req.path)
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
