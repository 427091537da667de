import { DrizzleQueryError } from 'drizzle-orm'
import type { Pool } from 'pg'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createDatabase } from '../../src/db/client.ts'
import { createApp } from '../../src/http/app.ts'
import { HOUR_MS } from '../../src/kernel/clock.ts'
import { createPages } from '../../src/web/index.ts'
import { json } from '../support/booking.ts'
import { pageOf, violationsOf } from '../support/page-policy.ts'
import { classFor, expectCleanLog, freshSlots, later, meetUrlOf, newcomer } from '../support/scene.ts'
import { BASE_URL, type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'
import { ADMIN_PAGES, ENDLESS, FILES_OF_ONE_THING, NO_PAGES, PAGES_OF_ONE_THING, PUBLIC_PAGES, STUDENT_PAGES } from './addresses.ts'

const slotOf = freshSlots()

function policyOf(answer: Response): Record<string, string> {
  const policy = answer.headers.get('content-security-policy') ?? ''
  return Object.fromEntries(
    policy.split('; ').map((directive) => [directive.slice(0, directive.indexOf(' ')), directive.slice(directive.indexOf(' ') + 1)]),
  )
}

describe('pages and answers give nothing away (behaviour 4.0, 4.19, 8.6, 10.6)', () => {
  let world: World
  let admin: Client
  beforeAll(async () => {
    world = await openWorld()
    admin = await world.admin()
  })
  afterAll(() => world.close())
  beforeEach(() => world.clock.set(MONDAY_9H))

  it('the lists of pages in this test are complete', () => {
    const pages = [...STUDENT_PAGES, ...ADMIN_PAGES, ...PUBLIC_PAGES].map((path) => path.split('?')[0])
    const listed = [...pages, ...Object.keys(PAGES_OF_ONE_THING), ...FILES_OF_ONE_THING]
    const mounted = world.app.routes
      .filter(({ method, path }) => method === 'GET' && !path.includes('*') && (!path.startsWith('/api/') || path === '/api/docs'))
      .map(({ path }) => path.replace(':result', 'success'))
      .filter((path) => !NO_PAGES.includes(path))
    expect(mounted.filter((path) => !listed.includes(path))).toEqual([])
  })

  it('every page and answer carries the headers: nothing runs, loads or frames that is not ours (Z10)', async () => {
    const answers: Record<string, Response> = {
      page: await world.anonymous.get('/'),
      'page of a person': await admin.get('/inicio'),
      api: await world.anonymous.get('/api/upcoming-classes'),
      'refused api': await world.anonymous.get('/api/my-classes'),
      'unknown page': await world.anonymous.get('/no-existe'),
      'unknown api': await world.anonymous.get('/api/no-existe'),
      'wrong method': await world.anonymous.get('/api/access-code'),
      'too large': await world.anonymous.post('/api/access-code', 'x'.repeat(70_000)),
      health: await world.anonymous.get('/healthz'),
    }
    for (const [name, answer] of Object.entries(answers)) {
      const policy = policyOf(answer)
      expect(policy, name).toMatchObject({
        'default-src': "'none'",
        'script-src': "'self'",
        'style-src': "'self'",
        'connect-src': "'self'",
        'base-uri': "'none'",
        'frame-ancestors': "'none'",
      })
      expect(JSON.stringify(policy), name).not.toMatch(/unsafe|\*/)
      expect(
        Object.fromEntries(['x-content-type-options', 'x-frame-options', 'referrer-policy'].map((key) => [key, answer.headers.get(key)])),
        name,
      ).toEqual({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'same-origin',
      })
      expect(answer.headers.get('strict-transport-security'), name).toBeNull()
      expect(answer.headers.get('x-powered-by'), name).toBeNull()
    }
    expect(answers['page of a person']?.headers.get('cache-control')).toBe('no-store')
  })

  it('pages without login lead to the sign-in page and read no data (4.19)', async () => {
    await world.rows('ALTER TABLE virtual_class RENAME TO virtual_class_away')
    try {
      for (const path of [
        ...STUDENT_PAGES.filter((page) => page.startsWith('/inicio')),
        ...ADMIN_PAGES,
        '/inicio/no-existe',
        '/admin/no-existe',
        '/actividad',
        '/actividad/7a1d0c58',
        '/actividad/7a1d0c58/resolver?intento=2',
      ]) {
        const answer = await world.anonymous.get(path)
        const location = new URL(answer.headers.get('location') ?? '', 'http://x')
        expect({ status: answer.status, to: location.pathname, callbackUrl: location.searchParams.get('callbackUrl') }).toEqual({
          status: 302,
          to: '/ingresar',
          callbackUrl: path,
        })
      }
    } finally {
      await world.rows('ALTER TABLE virtual_class_away RENAME TO virtual_class')
    }
    expect((await world.anonymous.submit('/inicio/pre-compra', {})).headers.get('location')).toContain('/ingresar')
  })

  it('pages of the admin and of teachers are no pages for students', async () => {
    const student = await newcomer(world)
    for (const path of [...ADMIN_PAGES, '/admin/no-existe']) {
      const { status, html } = await pageOf(student, path)
      expect(status, path).toBe(403)
      expect(html, path).toContain('No tienes los permisos necesarios para acceder a esta ruta')
    }
    const reader = await newcomer(world)
    await reader.submit('/preferencias', { idioma: 'en' })
    expect((await pageOf(reader, '/admin')).html).toContain('You do not have the permissions needed for this page')
    expect((await pageOf(reader, `/inicio/clases/${crypto.randomUUID()}`)).html).toContain('The class was not found')
    expect(await (await reader.submit('/inicio/clases/x/salir', {}, { origin: 'https://otro.example' })).text()).toContain('another site')
    const forms = world.app.routes
      .filter(({ method, path }) => method === 'POST' && /^\/(admin|profe)\//.test(path))
      .map(({ path }) => path)
    expect(forms.length).toBeGreaterThan(3)
    for (const path of forms) expect((await student.submit(path.replace(':id', crypto.randomUUID()), {})).status, path).toBe(403)
  })

  it('forms of pages are refused when another site sends them', async () => {
    const forms = world.app.routes
      .filter(({ method, path }) => method === 'POST' && /^\/(inicio|admin|profe)\//.test(path))
      .map(({ path }) => path.replace(':id', crypto.randomUUID()))
    expect(forms.length).toBeGreaterThan(5)
    for (const path of forms) {
      for (const headers of [{ origin: 'https://otro.example' }, { origin: 'null', 'sec-fetch-site': 'cross-site' }] as Record<
        string,
        string
      >[]) {
        expect((await admin.submit(path, {}, headers)).status, path).toBe(403)
      }
    }
  })

  it('unknown pages answer 404 in the layout, unknown API paths as JSON; wrong methods 405 with Allow', async () => {
    const page = await pageOf(world.anonymous, '/no-existe')
    expect(page.status).toBe(404)
    expect(page.html).toContain('id="contenido"')
    for (const path of ['/api/no-existe', '/api/', '/api/classes', '/api/classes/x/y/z', '/api/auth', '/api/admin']) {
      const answer = await world.anonymous.get(path)
      expect({ status: answer.status, body: await json(answer) }).toEqual({ status: 404, body: { error: 'No encontrado' } })
    }
    for (const [method, path, allow] of [
      ['GET', '/api/booking', 'POST'],
      ['DELETE', '/api/calendar', 'GET, POST'],
      ['PATCH', '/api/admin/schedule', 'GET, PUT'],
      ['OPTIONS', '/api/access-code', 'POST'],
      ['POST', '/api/classes/x/calendar.ics', 'GET'],
    ] as const) {
      const answer = await world.anonymous.send(method, path)
      expect({ status: answer.status, allow: answer.headers.get('allow'), body: await json(answer) }, path).toEqual({
        status: 405,
        allow,
        body: { error: 'Método no permitido' },
      })
    }
  })

  it('a body of more than 64 KiB is refused, whoever sends it; exactly 64 KiB is read', async () => {
    const student = await newcomer(world)
    for (const client of [student, world.anonymous]) {
      const answer = await client.post('/api/access-code', 'x'.repeat(64 * 1024 + 1))
      expect({ status: answer.status, body: await json(answer) }).toEqual({
        status: 413,
        body: { error: 'La solicitud es demasiado grande' },
      })
    }
    expect((await student.post('/api/access-code', 'x'.repeat(64 * 1024))).status).toBe(400)
  })

  it('what changes something for the signed-in person is refused from another site, without a trace', async () => {
    const { paths } = (await json(world.anonymous.get('/api/openapi.json'))) as {
      paths: Record<string, Record<string, { security?: unknown }>>
    }
    const changes = Object.entries(paths).flatMap(([path, item]) =>
      Object.entries(item)
        .filter(([method, operation]) => method !== 'get' && operation.security)
        .map(([method]) => ({ path: path.replace('{id}', crypto.randomUUID()), method: method.toUpperCase() })),
    )
    expect(changes.length).toBeGreaterThan(10)
    for (const { path, method } of changes) {
      for (const headers of [
        { origin: 'https://otro.example' },
        { origin: 'http://localhost:3000.otro.example' },
        { 'sec-fetch-site': 'cross-site' },
      ] as Record<string, string>[]) {
        const answer = await admin.send(method, path, {}, headers)
        expect({ status: answer.status, body: await json(answer) }, path).toEqual({ status: 403, body: { error: 'Origen no permitido' } })
      }
    }
  })

  it("nobody sees other people's codes, links or addresses; a link only inside the window (invariant 6, Z3)", async () => {
    const scene = await classFor(world, 3, slotOf(), 'Objetivo ajeno')
    const link = await meetUrlOf(world, scene.classId)
    const guest = await newcomer(world)
    world.clock.set(later(scene.start, -HOUR_MS))
    expect((await guest.post('/api/access-code', { accessCode: scene.code })).status).toBe(200)
    await world.settle()
    world.clock.set(later(scene.start, -HOUR_MS - 1_000))
    const stranger = await newcomer(world)

    const { paths } = (await json(world.anonymous.get('/api/openapi.json'))) as { paths: Record<string, Record<string, unknown>> }
    const reads = Object.entries(paths)
      .filter(([path, item]) => item.get && !path.startsWith('/api/admin') && !path.includes('callback') && !ENDLESS.includes(path))
      .flatMap(([path]) => [path.replace('{id}', scene.classId).replace('{preferenceId}', scene.preferenceId)])
    const all = [
      ...reads,
      '/api/my-classes?view=history',
      ...PUBLIC_PAGES,
      ...STUDENT_PAGES,
      `/checkout/callback/success?preference_id=${scene.preferenceId}`,
    ]
    const addresses = (await world.rows<{ email: string }>('SELECT email FROM app_user')).map(({ email }) => email)

    for (const [name, client] of Object.entries({ anonymous: world.anonymous, stranger, guest, host: scene.host })) {
      const { user } = (await json(client.get('/api/auth/session'))) as { user: { email: string } | null }
      const others = addresses.filter((email) => email !== user?.email)
      for (const path of all) {
        const text = await (await client.get(path, { accept: '*/*' })).text()
        expect(text.includes(link), `${name} ${path}: link`).toBe(false)
        expect(
          others.filter((email) => text.includes(email)),
          `${name} ${path}: addresses`,
        ).toEqual([])
        if (name !== 'host') expect(text.includes(scene.code), `${name} ${path}: code`).toBe(false)
        if (name === 'anonymous' || name === 'stranger') expect(text.includes('Objetivo ajeno'), `${name} ${path}: objective`).toBe(false)
      }
    }
    const mine = await pageOf(scene.host, '/inicio/mis-clases-virtuales')
    expect(mine.html).toContain(scene.code)
    for (const path of ADMIN_PAGES) {
      const { html } = await pageOf(admin, path)
      const others = addresses.filter((email) => email !== world.deps.config.adminEmail)
      expect(
        others.filter((email) => html.includes(email)),
        path,
      ).toEqual([])
    }
  })

  /** The same application on a store whose statements fail as the query layer reports it: with the values they were given. */
  function withFailingStore(cause: Error): ReturnType<typeof createApp> {
    const query = async () => {
      throw new DrizzleQueryError('select * from "app_user" where email = $1', ['ana.privada@correo.test', 'CODIGO99'], cause)
    }
    const pool = { query, connect: query, options: { max: 2 }, on() {}, end: async () => {} }
    const { handle, staleHandle, transaction, execute } = createDatabase(pool as unknown as Pool)
    const failing = { handle, staleHandle, transaction, execute, answers: async () => false }
    const pages = createPages({ asset: (name) => `/assets/${name}`, sandbox: null })
    return createApp({ ...world.deps, db: { ...world.deps.db, ...failing } }, pages)
  }

  it('an unexpected failure says nothing about itself, neither to the caller nor with personal data to the log', async () => {
    const app = withFailingStore(new Error('relation "app_user" does not exist'))
    const headers = { cookie: 'hiy-session=x' }
    const api = await app.request(`${BASE_URL}/api/my-classes`, { headers })
    expect({ status: api.status, body: await json(api) }).toEqual({ status: 500, body: { error: 'Internal Server Error' } })
    const page = await app.request(`${BASE_URL}/inicio`, { headers })
    const html = await page.text()
    expect(page.status).toBe(500)
    expect(html).toContain('Algo salió mal')
    expect(violationsOf(html)).toEqual([])
    for (const secret of ['app_user', 'select', 'ana.privada', 'CODIGO99', '.ts:']) expect(html).not.toContain(secret)
    const failure = world.logged.find(({ message }) => message === 'request failed')
    expect(failure?.fields).toMatchObject({ path: '/api/my-classes', error: expect.stringContaining('relation "app_user" does not exist') })
    await expectCleanLog(world, ['ana.privada@correo.test', 'CODIGO99', 'select *'])
  })

  it('GET /healthz: what the process runs on, without secrets; 503 when the store does not answer', async () => {
    const healthy = await world.anonymous.get('/healthz')
    expect(healthy.status).toBe(200)
    expect(healthy.headers.get('cache-control')).toBe('no-store')
    const body = await json(healthy)
    expect(Object.keys(body).sort()).toEqual(['database', 'node', 'now', 'sandbox', 'status'])
    const { authSecret, google, mercadoPago } = world.deps.config
    for (const secret of [authSecret, google.clientSecret, mercadoPago.accessToken]) expect(JSON.stringify(body)).not.toContain(secret)

    const broken = withFailingStore(new Error('connect ECONNREFUSED 10.0.0.1'))
    const sick = await broken.request('/healthz')
    expect(sick.status).toBe(503)
    expect(await sick.text()).not.toContain('10.0.0.1')
  })
})
