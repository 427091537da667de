import pg from 'pg'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { TEACHERS_MAX } from '../../src/features/academy/store.ts'
import { cleanUpJob } from '../../src/features/operation/clean-up.ts'
import { classesInTheWay, classesOfTeachers } from '../../src/features/virtual-class/in-the-way.ts'
import { teacherLoads } from '../../src/features/virtual-class/load.ts'
import { liveIntervals } from '../../src/features/virtual-class/taken.ts'
import { JOBS } from '../../src/jobs/registry.ts'
import { TIMED_JOBS } from '../../src/jobs/schedule.ts'
import { DAY_MS, HOUR_MS, plus } from '../../src/kernel/clock.ts'
import { fingerprint } from '../../src/kernel/secret-box.ts'
import { WRITES as BUDGETS, COMMANDS, PAGES, WITH_MANY_TEACHERS } from '../support/budgets.ts'
import { fillVolume, type Volume } from '../support/volume.ts'
import { BASE_URL, MONDAY_9H } from '../support/world.ts'
import { makeRoomForTeacher, takeOnTeachers } from './rig/many-teachers.ts'
import { CHANGES_NOTHING, payloadsFor } from './rig/payloads.ts'
import { rowsLookedAt, type Sent, scannedForAnyValue, scannedTables, tablesFrom } from './rig/plans.ts'
import { openRig, type Rig } from './rig/rig.ts'
import { addressesOf, type Landmarks, LEFT_OUT, landmarksOf } from './rig/site.ts'
import { NOT_SENT, writesOf } from './rig/writes.ts'

/** `npm run plans` takes a million. */
const CLASSES = Number(process.env.PLAN_CLASSES ?? 30_000)
const FILL_LIMIT_MS = 1_800_000
/** A table of at least so many rows is never read from one end to the other. */
const LARGE_ROWS = Math.min(CLASSES * 0.9, 45_000)
/** Of one with so many rows PostgreSQL may read all because that is little; another way there has to be. */
const GROWING_ROWS = 1_000

interface Visit {
  name: string
  statements: Sent[]
  bytes: number
}

describe(`statements of pages, commands and jobs with ${CLASSES} classes`, () => {
  let rig: Rig
  let connection: pg.Client
  let volume: Volume
  let marks: Landmarks
  let large: Set<string>
  let growing: Set<string>
  let sink: Sent[] = []
  const cookies = {
    nobody: null,
    student: { cookie: 'hiy-session=volume-student' },
    teacher: { cookie: 'hiy-session=volume-teacher' },
    admin: { cookie: 'hiy-session=volume-admin' },
  }

  beforeAll(async () => {
    rig = await openRig({
      processes: 1,
      watch: (text, values) => sink.push({ text, values }),
      async fill(filling) {
        volume = await fillVolume(filling, { classes: CLASSES, now: new Date(MONDAY_9H) })
      },
    })
    const [named] = await rig.world.rows<{ name: string }>('SELECT current_database() AS name')
    const url = new URL(inject('postgresUrl'))
    url.pathname = `/${named?.name}`
    connection = new pg.Client({ connectionString: url.href })
    await connection.connect()
    await signIn('volume-student', volume.studentId)
    await signIn('volume-admin', volume.adminId)
    await signIn('volume-teacher', await teacherAccount())
    marks = await landmarksOf(rig.world, volume)
    // What is old is thrown away every day.
    await cleanUpJob.run(rig.world.deps, {})
    await connection.query('VACUUM ANALYZE')
    large = await tablesFrom(connection, LARGE_ROWS)
    growing = await tablesFrom(connection, GROWING_ROWS)
  }, FILL_LIMIT_MS)
  afterAll(async () => {
    await connection?.end()
    await rig?.close()
  })

  async function signIn(token: string, userId: string): Promise<void> {
    await rig.world.rows(
      `INSERT INTO session (token_hash, public_id, user_id, created_at, renewed_at, used_at, expires_at)
       SELECT $1, gen_random_uuid(), $2, $3, $3, $3, $3::timestamptz + interval '30 days'`,
      [fingerprint(rig.world.deps.config.authSecret, token), userId, rig.world.clock.now()],
    )
  }

  /** The first teacher as somebody who is no admin. */
  async function teacherAccount(): Promise<string> {
    const [made] = await rig.world.rows<{ id: string }>(
      `INSERT INTO app_user (id, email, name, created_at, updated_at)
       SELECT gen_random_uuid(), email, display_name, created_at, updated_at FROM teacher WHERE id = $1 RETURNING id`,
      [volume.teacherId],
    )
    await rig.world.rows('UPDATE teacher SET user_id = $2 WHERE id = $1', [volume.teacherId, made?.id])
    return made?.id ?? ''
  }

  /** What one request sends to the database, and how heavy its answer is. */
  async function visit(who: { cookie: string } | null, method: string, path: string, body?: unknown): Promise<Visit & { status: number }> {
    sink = []
    const isForm = body instanceof URLSearchParams
    const answer = await rig.processes[0]?.app.request(`http://localhost:3000${path}`, {
      method,
      redirect: 'manual',
      headers: {
        ...who,
        'accept-encoding': 'gzip',
        ...(isForm ? { origin: BASE_URL } : body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: isForm ? body : JSON.stringify(body) }),
    })
    const bytes = (await answer?.arrayBuffer())?.byteLength ?? 0
    return { name: path, status: answer?.status ?? 0, statements: sink, bytes }
  }

  /** `name: table (statement)` for every large table that is read from one end to the other, for these values or, where a plan is kept, for any. */
  async function scans(name: string, statements: readonly Sent[]): Promise<string[]> {
    const found = new Set<string>()
    for (const statement of statements)
      for (const [tables, unwillingly] of [[large, false] as const, [growing, true] as const]) {
        for (const table of await scannedTables(connection, statement, tables, unwillingly))
          found.add(`${name}: ${table} (${statement.text})`)
        if (isAnyValueKnown(statement.text, unwillingly)) continue
        for (const table of await scannedForAnyValue(connection, statement, tables, unwillingly))
          found.add(`${name}, any value: ${table} (${statement.text})`)
      }
    return [...found]
  }

  /** The plan for any value is the same each time. */
  const anyValueKnown = new Set<string>()
  function isAnyValueKnown(text: string, unwillingly: boolean): boolean {
    const key = `${unwillingly} ${text}`
    const isKnown = anyValueKnown.has(key)
    anyValueKnown.add(key)
    return isKnown
  }

  it('knows every page there is', () => {
    const routes = (rig.processes[0]?.app.routes ?? []).filter(({ method, path }) => method === 'GET' && !path.includes('*'))
    const known = new Set([...Object.keys(addressesOf(marks)), ...Object.keys(LEFT_OUT)])
    const shown = new Set(routes.map(({ path }) => path))
    expect(
      [...shown].filter((path) => !known.has(path)),
      'a new page: give it an address in rig/site.ts and a budget in ../support/budgets.ts',
    ).toEqual([])
    expect([...known].filter((path) => !shown.has(path))).toEqual([])
    expect(Object.keys(PAGES).sort()).toEqual(Object.keys(addressesOf(marks)).sort())
  })

  it('no page reads a large table from one end to the other, and none sends or weighs more than its budget', async () => {
    expect([...large]).toEqual(
      expect.arrayContaining(['virtual_class', 'participation', 'payment_order', 'provider_payment', 'access_code']),
    )
    const found: string[] = []
    const over: string[] = []
    for (const [name, { who, path }] of Object.entries(addressesOf(marks))) {
      const { status, statements, bytes } = await visit(cookies[who], 'GET', path)
      // The doors of that class are closed yet.
      expect(status, `${name} answers ${status}`).toBeLessThan(name.endsWith('/join') ? 404 : 400)
      found.push(...(await scans(name, statements)))
      const budget = PAGES[name] ?? { queries: 0, bytes: 0 }
      if (statements.length > budget.queries) over.push(`${name}: ${statements.length} queries, ${budget.queries} allowed`)
      if (bytes > budget.bytes) over.push(`${name}: ${bytes} bytes, ${budget.bytes} allowed`)
    }
    expect({ found, over }).toEqual({ found: [], over: [] })
  })

  it('no command does either, and none sends more than its budget', async () => {
    const { student, admin } = cookies
    const { slots } = (await (await rig.world.anonymous.get('/api/availability?from=2026-12-28&to=2026-12-29')).json()) as {
      slots: { start: string; end: string; state: string }[]
    }
    const [first, second, third] = slots.filter(({ state }) => state === 'free')
    const held = await visit(student, 'POST', '/api/checkout', { start: first?.start, end: first?.end })
    const [pending] = await rig.world.rows<{ preference: string; id: string }>(
      `SELECT o.preference_id AS preference, c.id FROM virtual_class c JOIN payment_order o ON o.class_id = c.id WHERE c.status = 'pending'`,
    )
    const visits: Record<string, Visit & { status: number }> = {
      checkout: held,
      'payment status': await visit(student, 'GET', `/api/payments/${pending?.preference}`),
      'cancel a hold': await visit(student, 'POST', `/api/classes/${pending?.id}/cancel`),
      reschedule: await visit(student, 'POST', `/api/classes/${marks.classId}/reschedule`, { start: second?.start, end: second?.end }),
      'change the code': await visit(student, 'POST', `/api/classes/${marks.classId}/code`),
      'join with a wrong code': await visit(student, 'POST', '/api/access-code', { accessCode: 'ZZZZZZZZ' }),
      'save user data': await visit(student, 'POST', '/api/user-data', {
        localidad: 'Rosario',
        nivel: 'basico',
        telefono: '',
        newsletter: 'no',
      }),
      'open a ticket': await visit(student, 'POST', '/api/tickets', { description: 'No encuentro mi comprobante', category: 'PAGOS' }),
      'notification of a payment': await visit(null, 'POST', '/api/mercado-pago/webhook?topic=merchant_order&id=1', {
        resource: 'https://api.mercadolibre.com/merchant_orders/1',
        topic: 'merchant_order',
      }),
      'cancel a class as admin': await visit(admin, 'POST', `/api/classes/${marks.classId}/cancel`),
      'close a time': await visit(admin, 'POST', '/api/admin/blackouts', { from: third?.start, to: third?.end, note: '' }),
    }
    const found: string[] = []
    const over: string[] = []
    for (const [name, { status, statements }] of Object.entries(visits)) {
      expect(status, name).toBeLessThan(name.includes('wrong') ? 500 : 400)
      found.push(...(await scans(name, statements)))
      if (statements.length > (COMMANDS[name] ?? 0)) over.push(`${name}: ${statements.length} queries, ${COMMANDS[name]} allowed`)
    }
    expect({ found, over }).toEqual({ found: [], over: [] })
  })

  it('no job does', async () => {
    const process = rig.processes[0]
    if (!process) throw new Error('There is a process')
    const found: string[] = []
    const idle: string[] = []
    const payloads = await payloadsFor(rig.world, marks)
    expect(Object.keys(payloads).sort()).toEqual(
      JOBS.map(({ name }) => name)
        .filter((name) => !TIMED_JOBS.includes(name))
        .sort(),
    )
    // One run of each: looking after three hundred classes at Google would take long and show nothing more.
    for (const name of [...TIMED_JOBS, ...Object.keys(payloads)]) {
      const job = JOBS.find((one) => one.name === name)
      if (!job) throw new Error(`There is no job ${name}`)
      sink = []
      await job.run(process.deps, job.payload.parse(payloads[name] ?? {}))
      found.push(...(await scans(name, distinct(sink))))
      if (!(name in CHANGES_NOTHING) && !sink.some(({ text }) => WRITES.test(text))) idle.push(name)
    }
    expect({ found, idle }).toEqual({ found: [], idle: [] })
  })

  it('classes of an hour are looked for between two times, not among all there were before', async () => {
    const { deps } = rig.processes[0] ?? rig.world
    const { handle } = deps.db
    const { studentId, teacherId } = volume
    const startsAt = plus(new Date(MONDAY_9H), 7 * DAY_MS)
    const hour = { startsAt, endsAt: plus(startsAt, HOUR_MS) }
    const reads: Record<string, () => Promise<unknown>> = {
      'what each teacher has to do': () => teacherLoads(handle, { startsAt, endsAt: plus(startsAt, 7 * DAY_MS) }, hour),
      'what is in the way': () => classesInTheWay(deps, [teacherId], studentId, hour),
      'what is in the way of a crowd': () => classesOfTeachers(deps, [teacherId], hour),
      'what a teacher has': () => liveIntervals(handle, [teacherId], hour.startsAt, hour.endsAt),
    }
    const lookedAt: Record<string, number> = {}
    for (const [name, read] of Object.entries(reads)) {
      sink = []
      await read()
      expect(sink).toHaveLength(1)
      lookedAt[name] = sink[0] ? await rowsLookedAt(connection, sink[0]) : 0
    }
    // Two weeks of an academy with five teachers, of three thousand times as many classes.
    expect(Object.entries(lookedAt).filter(([, rows]) => rows > 1_000)).toEqual([])
  })

  it('what is free takes a fixed number of statements, also with thirty teachers, and is what each of them alone would answer', async () => {
    await takeOnTeachers(rig.world, TEACHERS_MAX)
    const { slots } = (await (await rig.world.anonymous.get('/api/availability?from=2026-12-21&to=2026-12-21')).json()) as {
      slots: { start: string; end: string; state: string }[]
    }
    const { start, end } = slots.find(({ state }) => state === 'free') ?? {}
    const wanted = new URLSearchParams({ start: start ?? '', end: end ?? '' })
    const visits: Record<string, Visit & { status: number }> = {
      '/': await visit(null, 'GET', '/'),
      '/api/availability': await visit(null, 'GET', '/api/availability?from=2026-11-24&to=2026-12-24'),
      '/inicio/reservas': await visit(cookies.student, 'GET', '/inicio/reservas'),
      '/inicio/calendario': await visit(cookies.student, 'GET', '/inicio/calendario'),
      '/inicio/pre-compra': await visit(cookies.student, 'GET', `/inicio/pre-compra?${wanted}`),
      checkout: await visit(cookies.student, 'POST', '/api/checkout', { start, end }),
    }
    const found: string[] = []
    const sent: Record<string, number> = {}
    for (const [name, { status, statements }] of Object.entries(visits)) {
      expect(status, name).toBe(200)
      found.push(...(await scans(name, statements)))
      sent[name] = statements.length
    }
    expect(found).toEqual([])
    expect(sent).toEqual(WITH_MANY_TEACHERS)
    const teachers = await rig.world.rows<{ id: string }>('SELECT id FROM teacher')
    const alone = await Promise.all(teachers.map(({ id }) => offered(`&teacherId=${id}`)))
    expect(alone.filter(({ reason }) => reason === 'calendar')).toHaveLength(1)
    const together = await offered()
    expect(together.reason).toBeUndefined()
    expect(together.free).toEqual([...new Set(alone.flatMap(({ free }) => free))].sort())
  })

  async function offered(more = ''): Promise<{ free: string[]; reason?: string }> {
    const { slots, reason } = (await (await rig.world.anonymous.get(`/api/availability?from=2026-11-24&to=2026-12-12${more}`)).json()) as {
      slots: { start: string; state: string }[]
      reason?: string
    }
    const free = slots.filter(({ state }) => state === 'free').map(({ start }) => start)
    return reason === undefined ? { free } : { free, reason }
  }

  it('what a crowd has to know of one hour is read once for all who ask meanwhile', async () => {
    const { deps } = rig.processes[0] ?? rig.world
    const startsAt = plus(new Date(MONDAY_9H), 7 * DAY_MS)
    sink = []
    const crowd = Array.from({ length: 20 }, () =>
      classesOfTeachers(deps, [volume.teacherId], { startsAt, endsAt: plus(startsAt, HOUR_MS) }),
    )
    await Promise.all(crowd)
    // The one under way, and one for those who came meanwhile.
    expect(sink).toHaveLength(2)
  })

  it('notices an index that is gone', async () => {
    const { statements } = await visit(cookies.student, 'GET', '/inicio/historial')
    await connection.query('BEGIN')
    await connection.query('DROP INDEX virtual_class_host, participation_user')
    await connection.query('ALTER TABLE participation DROP CONSTRAINT participation_once')
    const found = await scans('/inicio/historial', statements)
    await connection.query('ROLLBACK')
    expect(found.join()).toContain('/inicio/historial: virtual_class')
    expect(await scans('/inicio/historial', statements)).toEqual([])
  })

  it('nor does any other route that writes: each is sent something that it takes, or is named with the reason why not', async () => {
    const { slots } = (await (
      await rig.world.anonymous.get(`/api/availability?from=2026-12-28&to=2026-12-31&teacherId=${marks.teacherId}`)
    ).json()) as { slots: { start: string; end: string; state: string }[] }
    await makeRoomForTeacher(rig.world)
    const [leaver] = await rig.world.rows<{ id: string; email: string }>(
      `SELECT id, email FROM app_user AS u WHERE role <> 'ADMIN' AND email LIKE 'estudiante.%' AND NOT EXISTS (
         SELECT FROM virtual_class WHERE booked_by_id = u.id AND ends_at > $1) AND NOT EXISTS (
         SELECT FROM participation p JOIN virtual_class c ON c.id = p.class_id WHERE p.user_id = u.id AND c.ends_at > $1) LIMIT 1`,
      [rig.world.clock.now()],
    )
    await signIn('volume-leaver', leaver?.id ?? '')
    const signedIn = { ...cookies, leaver: { cookie: 'hiy-session=volume-leaver' } }
    await visit(cookies.student, 'POST', '/api/mercado-pago/create-preference', { type: 'individual' })
    const free = slots.filter(({ state }) => state === 'free')
    const writes = await writesOf(rig.world, marks, volume, free, leaver?.email ?? '')
    const routes = (rig.processes[0]?.app.routes ?? []).filter(({ method }) => method !== 'GET' && method !== 'ALL')
    const known = [...Object.keys(writes), ...Object.values(NOT_SENT).flat()]
    expect([...new Set(routes.map(({ method, path }) => `${method} ${path}`))].sort(), 'a new route: see rig/writes.ts').toEqual(
      known.sort(),
    )
    const found: string[] = []
    const refused: string[] = []
    const over: string[] = []
    for (const [name, { who, path, form, json }] of Object.entries(writes)) {
      const [method = 'POST'] = name.split(' ')
      const { status, statements } = await visit(signedIn[who], method, path, form ? new URLSearchParams(form) : json)
      const own = statements.filter(({ text }) => WRITES.test(text) && !AROUND.test(text))
      const allowed = BUDGETS[name] ?? 0
      if (statements.length > allowed) over.push(`${name}: ${statements.length} queries, ${allowed} allowed`)
      if (status >= 400 || own.length === 0) refused.push(`${name}: ${status}, ${own.length} writes`)
      found.push(...(await scans(name, distinct(statements))))
    }
    expect({ found, refused, over }).toEqual({ found: [], refused: [], over: [] })
  })
})

/** Of every request: who is there, and how often they came. */
const AROUND = /rate_limit|"?used_at"? =/i
/** What changes something. */
const WRITES = /^\s*(insert|update|delete)\b|\binsert into\b/i

/** One of each text. */
function distinct(statements: readonly Sent[]): Sent[] {
  return [...new Map(statements.map((statement) => [statement.text, statement])).values()]
}
