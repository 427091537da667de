import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { COMMON_ERRORS, OTHER_ANSWERS } from '../../src/http/common-errors.ts'
import { API_TEXT } from '../../src/http/text.es.ts'
import { DAY_MS } from '../../src/kernel/clock.ts'
import { checkout, json, slot } from '../support/booking.ts'
import { BASE_URL, type Client, openWorld, type World } from '../support/world.ts'
import { send, unchanged, whileNothingCanBeStored } from './booking-bench.ts'

const NOT_FOUND = { error: 'No encontrado' }
const NOT_ALLOWED = { error: 'Método no permitido' }
const TOO_LARGE = { error: 'La solicitud es demasiado grande' }
const UNAUTHORIZED = { error: 'Unauthorized' }
const FOREIGN = { error: 'Origen no permitido' }
const FORBIDDEN = { error: 'No tienes los permisos necesarios para acceder a esta ruta' }
const NOT_JSON = { error: 'El cuerpo de la solicitud no es JSON válido' }

/** Endpoints that answer what is no JSON in their own way (4.0, 4.3, 4.7), and the form that begins a sign-in. */
const OWN_WORDS_FOR_NO_JSON = [
  '/api/mercado-pago/webhook',
  '/api/google-webhook',
  '/api/access-code',
  '/api/auth/login',
  '/api/teachers/connect',
]

interface Operation {
  method: string
  path: string
  /** With an id in the place of every parameter. */
  url: string
  login: boolean
  admin: boolean
  body: boolean
  /** Statuses that the description promises. */
  declared: string[]
}

describe('common errors (4.0)', () => {
  let world: World
  let operations: Operation[]
  let student: Client
  let admin: Client
  beforeAll(async () => {
    world = await openWorld({ env: { RATE_LIMIT_SCALE: '1' } })
    student = await world.student()
    admin = await world.admin()
    operations = await documented(world)
  })
  afterAll(() => world.close())

  const who = (operation: Operation) => (operation.admin ? admin : student)
  const changing = () => operations.filter(({ method }) => method !== 'GET')

  it('the description lists every endpoint of the contract that this file goes through', () => {
    const listed = operations.map(({ method, path }) => `${method} ${path}`)
    for (const each of [
      'POST /api/mercado-pago/create-preference',
      'POST /api/booking',
      'POST /api/mercado-pago/webhook',
      'GET /api/calendar',
      'POST /api/calendar',
      'GET /api/upcoming-classes',
      'POST /api/access-code',
      'POST /api/checkout',
      'GET /api/availability',
      'GET /api/my-classes',
      'POST /api/classes/{id}/cancel',
      'POST /api/classes/{id}/reschedule',
      'GET /api/payments',
    ]) {
      expect(listed).toContain(each)
    }
    expect(operations.filter(({ admin: isAdmin }) => isAdmin).length).toBeGreaterThan(5)
  })

  describe('the lists of them', () => {
    it('name every text that there is, and the readable page shows them with their status', async () => {
      const { signInPage: _, ...texts } = API_TEXT
      expect(COMMON_ERRORS.map(({ text }) => text).sort()).toEqual(Object.values(texts).sort())
      const page = await (await world.anonymous.get('/api/docs')).text()
      for (const { status, text, when } of COMMON_ERRORS)
        expect(page).toContain(`${status}</dt><dd><code>${text}</code> <span class="soft">${when}`)
      for (const { status, path, when } of OTHER_ANSWERS)
        expect(page).toContain(`${status}</dt><dd><code>${path}</code> <span class="soft">${when}`)
    })

    it('say of each endpoint what it answers', async () => {
      const large = 'x'.repeat(2 * 1024 * 1024)
      const answers: [status: string, declared: (operation: Operation) => Promise<number>][] = [
        ['413', async ({ method, url }) => (method === 'GET' ? 0 : (await world.anonymous.send(method, url, large)).status)],
        ['405', async ({ method, url }) => (method === 'GET' ? (await world.anonymous.send('HEAD', url)).status : 0)],
        ['401', async ({ method, url, login }) => (login ? (await world.anonymous.send(method, url)).status : 0)],
      ]
      for (const operation of operations) {
        const name = `${operation.method} ${operation.path}`
        for (const [status, answered] of answers) {
          // A notification without its signature is refused with 401 as well, and nobody has to be signed in for it.
          if (status === '401' && operation.path.includes('webhook')) continue
          expect([name, status, operation.declared.includes(status)]).toEqual([name, status, String(await answered(operation)) === status])
        }
        const refusals = [
          '500',
          '503',
          ...(operation.admin || (operation.login && operation.method !== 'GET') ? ['403'] : []),
          ...(operation.body && !OWN_WORDS_FOR_NO_JSON.includes(operation.path) ? ['400'] : []),
        ]
        expect([name, operation.declared]).toEqual([name, expect.arrayContaining(refusals)])
      }
    })

    it('tell of files and downloads what they answer', async () => {
      const statuses = async (path: string, who = world.anonymous) => (await who.get(path)).status
      const csv = `/inicio/clases/${randomUUID()}/historia.csv`
      const answered = [
        ['/assets/…', await statuses('/assets/main.0000.js')],
        ['….csv', await statuses('/inicio/facturacion/pagos.csv')],
        ['….csv', await statuses(csv.replace('inicio', 'admin'), student)],
        ['….csv', await statuses(csv, student)],
      ]
      expect(OTHER_ANSWERS.map(({ path, status }) => [path, status]).filter(([, status]) => status !== 503)).toEqual(answered)
    })
  })

  describe('404: unknown API path', () => {
    it('is JSON for every method, signed in or not', async () => {
      for (const path of ['/api/nada', '/api/', '/api/booking/x/y', '/api/booking/', '/api//booking', '/api/classes', '/api/Booking']) {
        for (const client of [world.anonymous, student]) {
          for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH']) {
            const answer = await client.send(method, path)
            expect([path, method, answer.status, await answer.json()]).toEqual([path, method, 404, NOT_FOUND])
            expect(answer.headers.get('content-type')).toMatch(/^application\/json/)
          }
        }
      }
    })

    it('survives hostile paths', async () => {
      const paths = [
        '%00',
        '%E0%A4%A',
        '%zz',
        '__proto__',
        'constructor',
        'toString',
        '..%2f..%2fetc%2fpasswd',
        'x'.repeat(8_000),
        '%F0%9F%98%80',
        "'%20OR%201=1--",
      ]
      for (const path of paths) {
        const answer = await world.anonymous.get(`/api/${path}`)
        expect([path, answer.status, await answer.json()]).toEqual([path, 404, NOT_FOUND])
      }
    })

    it('an id that is none, or of nobody’s class, is not found rather than a failure', async () => {
      for (const id of [randomUUID(), 'x', '%00', '1', '..%2Fbooking', "1'--", 'x'.repeat(5_000), '%F0%9F%98%80', '__proto__']) {
        for (const [method, path] of [
          ['POST', `/api/classes/${id}/cancel`],
          ['GET', `/api/classes/${id}/join`],
          ['GET', `/api/classes/${id}/calendar.ics`],
          ['GET', `/api/payments/${id}`],
        ] as const) {
          const answer = await student.send(method, path)
          expect([path, answer.status]).toEqual([path, 404])
          expect(Object.keys(await json(answer))).toEqual(['error'])
        }
      }
    })
  })

  it('405: a method that a path does not know, with the ones it does', async () => {
    const paths = new Map<string, Set<string>>()
    for (const { path, method } of operations) paths.set(path, (paths.get(path) ?? new Set()).add(method))
    for (const [path, known] of paths) {
      if (!path.startsWith('/api/')) continue
      for (const method of ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'OPTIONS'].filter((each) => !known.has(each))) {
        const answer = await world.anonymous.send(method, urlOf(path))
        expect([path, method, answer.status, await answer.json()]).toEqual([path, method, 405, NOT_ALLOWED])
        const allowed = (answer.headers.get('allow') ?? '').split(', ').filter((each) => each !== 'HEAD')
        expect([path, allowed.sort()]).toEqual([path, [...known].sort()])
      }
    }
  })

  describe('413: too large a body', () => {
    const large = JSON.stringify({ text: 'x'.repeat(2 * 1024 * 1024) })

    it('2 MB, on every endpoint that takes a body, before anything else is looked at', async () => {
      await unchanged(world, async () => {
        for (const operation of changing()) {
          for (const client of [world.anonymous, who(operation)]) {
            const answer = await client.send(operation.method, operation.url, large)
            expect([operation.path, answer.status, await answer.json()]).toEqual([operation.path, 413, TOO_LARGE])
          }
        }
      })
    })

    it('2 MB that were announced, or were not, or come in pieces', async () => {
      const announced = await student.post('/api/booking', large, { 'content-length': String(large.length) })
      expect([announced.status, await announced.json()]).toEqual([413, TOO_LARGE])
      const pieces = new ReadableStream({
        start(controller) {
          for (let i = 0; i < 128; i++) controller.enqueue(new Uint8Array(16 * 1024).fill(32))
          controller.close()
        },
      })
      const streamed = await world.app.request(`${BASE_URL}/api/booking`, {
        method: 'POST',
        headers: { cookie: student.cookie, 'transfer-encoding': 'chunked' },
        body: pieces,
        duplex: 'half',
      } as RequestInit)
      expect([streamed.status, await streamed.json()]).toEqual([413, TOO_LARGE])
    })

    it('exactly 64 KiB are read, one byte more is not', async () => {
      const padded = (bytes: number) => `${' '.repeat(bytes - 2)}{}`
      expect(await send(student, '/api/booking', padded(64 * 1024))).toEqual({ status: 400, body: { error: 'Missing booking data' } })
      expect(await send(student, '/api/booking', padded(64 * 1024 + 1))).toEqual({ status: 413, body: TOO_LARGE })
      // Bytes count, not characters.
      expect((await send(student, '/api/booking', JSON.stringify({ text: 'ñ'.repeat(33_000) }))).status).toBe(413)
    })
  })

  it('401: nobody is signed in, whatever the cookie says', async () => {
    const cookies = [
      '',
      'hiy-session=',
      'hiy-session=nobody',
      `hiy-session=${'x'.repeat(4_000)}`,
      'hiy-session=%00',
      'hiy-session=%F0',
      `other=${student.cookie}`,
      '__Host-hiy-session=x; hiy-session="',
    ]
    for (const operation of operations.filter(({ login }) => login)) {
      for (const cookie of cookies) {
        const answer = await world.anonymous.send(operation.method, operation.url, operation.method === 'GET' ? undefined : '{', { cookie })
        expect([operation.path, cookie, answer.status, await answer.json()]).toEqual([operation.path, cookie, 401, UNAUTHORIZED])
      }
    }
  })

  describe('403: a state-changing call from another site', () => {
    const foreign: Record<string, string>[] = [
      { origin: 'https://attacker.example' },
      { origin: 'http://localhost:3001' },
      { origin: 'https://localhost:3000' },
      { origin: 'http://localhost:3000.attacker.example' },
      { origin: 'null' },
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site' },
    ]

    it('is refused on every endpoint that changes something for the person, and changes nothing', async () => {
      await unchanged(world, async () => {
        for (const operation of changing().filter(({ login }) => login)) {
          for (const headers of foreign) {
            const answer = await who(operation).send(operation.method, operation.url, '{', headers)
            expect([operation.path, headers, answer.status, await answer.json()]).toEqual([operation.path, headers, 403, FOREIGN])
          }
        }
      })
    })

    it('our own pages, and programs that are no browsers, are welcome', async () => {
      for (const headers of [
        {},
        { origin: BASE_URL },
        { origin: BASE_URL, 'sec-fetch-site': 'same-origin' },
        { 'sec-fetch-site': 'none' },
      ]) {
        expect(await send(student, '/api/booking', '{', headers)).toEqual({ status: 400, body: NOT_JSON })
      }
    })

    it('reading is not state-changing', async () => {
      for (const path of ['/api/availability', '/api/upcoming-classes', '/api/my-classes']) {
        expect((await student.get(path, { origin: 'https://attacker.example' })).status).toBe(200)
      }
    })

    it('the provider’s notifications come from elsewhere by nature', async () => {
      const answer = await world.anonymous.post(
        '/api/mercado-pago/webhook?topic=payment&id=1',
        { resource: '1' },
        { origin: 'https://api.mercadopago.com' },
      )
      expect(answer.status).not.toBe(403)
    })
  })

  it('403: what only the admin may do', async () => {
    await unchanged(world, async () => {
      for (const operation of operations.filter(({ admin: isAdmin }) => isAdmin)) {
        const answer = await student.send(operation.method, operation.url, operation.method === 'GET' ? undefined : '{')
        expect([operation.path, answer.status, await answer.json()]).toEqual([operation.path, 403, FORBIDDEN])
        const anonymous = await world.anonymous.send(operation.method, operation.url)
        expect([operation.path, anonymous.status]).toEqual([operation.path, 401])
      }
    })
  })

  it('400: a body that is no JSON, wherever one is read', async () => {
    for (const operation of changing().filter(({ body, path }) => body && !OWN_WORDS_FOR_NO_JSON.includes(path))) {
      for (const text of ['{', '', 'start=1&end=2', "{'a':1}", '{"a":1,}', 'undefined', '\ufeff', '{"a":"\\u0000"}']) {
        const answer = await who(operation).send(operation.method, operation.url, text)
        const answered = [operation.path, text, answer.status, await answer.text()]
        // A body may be left out where it is optional.
        if (text.trim() === '' && answer.status !== 400) continue
        expect(answered).toEqual([operation.path, text, 400, JSON.stringify(NOT_JSON)])
      }
    }
  })

  describe('500: an unexpected failure', () => {
    it('says no more than that, and the log knows why', async () => {
      const held = await checkout(student, slot('2026-11-26', '10:00'), { text: 'objetivo-privado' })
      world.logged.length = 0
      const answer = await whileNothingCanBeStored(world, 'virtual_class', () => student.post(`/api/classes/${held.classId}/cancel`))
      expect([answer.status, await answer.json()]).toEqual([500, { error: 'Internal Server Error' }])
      expect(answer.headers.get('cache-control')).toBe('no-store')
      const line = world.logged.find(({ level }) => level === 'error')
      expect(JSON.stringify(line)).toContain('out_of_order')
      expect(JSON.stringify(world.logged)).not.toContain('objetivo-privado')
      expect((await student.post(`/api/classes/${held.classId}/cancel`)).status).toBe(200)
    })
  })

  it('401: a login that has lasted 30 days is over', async () => {
    const idle = await world.signIn('idle@example.com')
    const start = world.clock.now()
    expect((await idle.get('/api/my-classes')).status).toBe(200)
    world.clock.advance(30 * DAY_MS - 1)
    expect((await world.rows('SELECT 1 FROM session WHERE expires_at > $1', [world.clock.now()])).length).toBeGreaterThan(0)
    world.clock.advance(1)
    const answer = await idle.get('/api/my-classes')
    expect([answer.status, await answer.json()]).toEqual([401, UNAUTHORIZED])
    world.clock.set(start)
  })
})

function urlOf(path: string): string {
  return path.replace(/\{\w+\}/g, randomUUID())
}

/** Every operation of `/api/openapi.json`. */
async function documented(world: World): Promise<Operation[]> {
  const document = (await json(world.anonymous.get('/api/openapi.json'))) as {
    paths: Record<string, Record<string, { security?: unknown[]; requestBody?: unknown; responses: Record<string, unknown> }>>
  }
  return Object.entries(document.paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      method: method.toUpperCase(),
      path,
      url: urlOf(path),
      login: (operation.security ?? []).length > 0,
      admin: path.startsWith('/api/admin/') || (path === '/api/calendar' && method === 'post'),
      body: operation.requestBody !== undefined,
      declared: Object.keys(operation.responses),
    })),
  )
}
