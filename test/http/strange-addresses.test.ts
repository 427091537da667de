import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Client, openWorld, type World } from '../support/world.ts'

const INSTANTS = [
  '0000-01-01T00:00:00Z',
  '0001-01-01T00:00:00Z',
  '0001-01-01T23:59:59+14:00',
  '1969-12-31T23:59:59Z',
  '2027-02-29T15:00:00Z',
  '2028-02-29T15:00:00Z',
  '9998-12-31T15:00:00Z',
  '9999-12-31T15:00:00Z',
  '9999-12-31T23:59:59-03:00',
  '+010000-01-01T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '-000001-01-01T00:00:00Z',
]
const DATES = [
  '0000-01-01',
  '0001-01-01',
  '0001-01-07',
  '2027-02-29',
  '2028-02-29',
  '9998-12-31',
  '9999-12-31',
  '+010000-01-01',
  '-000001-01-01',
]
const NUMBERS = ['0', '-1', '1.5', '1e308', '99999999999999999999', '9007199254740993', 'Infinity', 'NaN', '0x10', '']
const TEXTS = ['\0', '\u{1f469}\u200d\u{1f52c}', '<b>', "';--", 'x'.repeat(4_000), '__proto__', 'constructor', 'toString']
const RAW = ['%ED%A0%80', '%', '%00']
const ALL = [...INSTANTS, ...DATES, ...NUMBERS, ...TEXTS].map(encodeURIComponent).concat(RAW)
/** What fits a parameter and is still strange; the rest is the same everywhere. */
const VALUES: Record<string, readonly string[]> = {
  start: [...INSTANTS, '2028-02-29'].map(encodeURIComponent).concat(RAW),
  dia: [...DATES, '9999-12-31T15:00:00Z'].map(encodeURIComponent).concat(RAW),
  semana: DATES.map(encodeURIComponent),
  page: NUMBERS.map(encodeURIComponent).concat(RAW),
  casos: NUMBERS.map(encodeURIComponent).concat(RAW),
  n: NUMBERS.map(encodeURIComponent),
  type: TEXTS.map(encodeURIComponent),
  text: TEXTS.map(encodeURIComponent).concat(RAW),
  status: TEXTS.map(encodeURIComponent).concat(RAW),
  ok: TEXTS.map(encodeURIComponent),
  profe: TEXTS.map(encodeURIComponent).concat(RAW),
  invitacion: TEXTS.map(encodeURIComponent).concat(RAW),
  teacherId: TEXTS.map(encodeURIComponent).concat(RAW),
}

const STUDENT: Record<string, readonly string[]> = {
  '/': ['x'],
  '/ingresar': ['callbackUrl', 'error'],
  '/inicio': ['x'],
  '/inicio/reservas': ['start', 'dia', 'semana', 'type', 'n', 'text', 'profe'],
  '/inicio/pre-compra': ['start', 'type', 'n', 'text', 'profe'],
  '/profesores/conectar': ['invitacion'],
  '/inicio/mis-clases-virtuales': ['cancelada'],
  '/inicio/historial': ['page', 'filter', 'q'],
  '/inicio/facturacion': ['page'],
  '/inicio/facturacion/pagos.csv': ['para'],
  '/checkout/callback/success': ['preference_id', 'external_reference', 'status'],
  '/checkout/callback/failure': ['preference_id', 'external_reference'],
  '/api/availability': ['from', 'to', 'teacherId'],
  '/api/my-classes': ['view', 'filter', 'page'],
  '/api/my-classes?view=history': ['page', 'filter'],
  '/api/upcoming-classes': ['x'],
}
const ADMIN: Record<string, readonly string[]> = {
  '/admin': ['status', 'page', 'casos', 'ok'],
  '/admin/horarios': ['ok', 'profe'],
  '/admin/profesores': ['ok'],
  '/profe': ['x'],
  '/admin/google': ['ok', 'error', 'profe'],
  '/api/admin/classes': ['status', 'page'],
  '/api/admin/payments': ['attention', 'page'],
}
const PLACES = ['/api/payments/', '/api/classes/', '/inicio/', '/admin/', '/profe/clases/', '/profe/actividad/']

describe('whatever is written into an address or a form, nothing breaks', () => {
  let world: World
  let student: Client
  let admin: Client
  beforeAll(async () => {
    world = await openWorld()
    ;[student, admin] = [await world.student(), await world.admin()]
  })
  afterAll(() => world.close())

  async function broken(client: Client, addresses: readonly string[]): Promise<string[]> {
    const found: string[] = []
    for (const address of addresses) {
      const { status } = await client.get(address, { accept: 'text/html' })
      if (status >= 500) found.push(`${status} ${address.slice(0, 120)}`)
    }
    return found
  }

  const addressesOf = (path: string, names: readonly string[]) =>
    names.flatMap((name) => (VALUES[name] ?? ALL).map((value) => `${path}${path.includes('?') ? '&' : '?'}${name}=${value}`))

  it.each(Object.entries(STUDENT))('%s', async (path, names) => {
    expect(await broken(student, addressesOf(path, names))).toEqual([])
  })

  it.each(Object.entries(ADMIN))('%s', async (path, names) => {
    expect(await broken(admin, addressesOf(path, names))).toEqual([])
  })

  it.each(PLACES)('%s…', async (path) => {
    const addresses = ALL.map((value) => `${path}${value}`)
    expect(await broken(admin, [...addresses, ...addresses.map((address) => `${address}/join`)])).toEqual([])
  })

  it('ranges of days at both ends of the calendar', async () => {
    const ranges = DATES.flatMap((from) =>
      DATES.map((to) => `/api/availability?from=${encodeURIComponent(from)}&to=${encodeURIComponent(to)}`),
    )
    expect(await broken(student, ranges)).toEqual([])
  })

  it('a slot far beyond the horizon, or far gone, is no choice: the week is shown as without it', async () => {
    for (const start of ['9999-12-31T15:00:00Z', '2030-01-07T15:00:00Z', '0001-01-01T12:00:00Z']) {
      const week = await (await student.get(`/inicio/reservas?start=${start}`)).text()
      expect(week, start).not.toContain('El horario ya no está disponible')
      expect(week, start).toContain('DISPONIBLE')
      expect(await (await student.get(`/inicio/pre-compra?start=${start}`)).text(), start).not.toContain('Pagar con Mercado Pago')
    }
    // One that was taken, or is over since a moment, is told and replaced by others.
    const today = await (await student.get('/inicio/reservas?start=2026-11-23T11:00:00Z')).text()
    expect(today).toContain('El horario ya no está disponible')
  })

  it('forms of a student', async () => {
    const found: string[] = []
    for (const start of INSTANTS) {
      for (const n of ['', '1e308', '-1', '3']) {
        const end = new Date(Date.parse(start) + 3_600_000)
        const fields = { start, end: Number.isNaN(end.getTime()) ? start : end.toISOString(), type: 'grupal', n, text: '\0', key: '\0' }
        const { status } = await student.submit('/inicio/pre-compra', fields)
        if (status < 400 || status >= 500) found.push(`${status} ${JSON.stringify(fields)}`)
      }
    }
    for (const code of TEXTS) {
      const { status } = await student.submit('/inicio/mis-clases-virtuales/unirme', { code })
      if (status < 400 || status >= 500) found.push(`${status} ${code}`)
    }
    expect(found).toEqual([])
  })

  it('forms of the admin', async () => {
    const found: string[] = []
    const see = async (name: string, answer: Promise<Response>) => {
      const { status } = await answer
      if (status >= 500) found.push(`${status} ${name}`)
    }
    const near = { date: '2026-12-01', instant: '2026-12-01T12:00:00Z' }
    const closing = async (from: string, to: string) => {
      await see(`blackout ${from} ${to}`, admin.post('/api/admin/blackouts', { from, to }))
      const fields = { from: `${from}T00:00`.slice(0, 16), to: `${to}T23:59`.slice(0, 16), note: '\0' }
      await see(`bloqueo ${from} ${to}`, admin.submit('/admin/bloqueos', fields))
      await see(`día ${from}`, admin.submit('/admin/bloqueos', { allDay: '1', day: from }))
    }
    for (const when of [...DATES, ...INSTANTS]) {
      const other = when.includes('T') ? near.instant : near.date
      await closing(when, other)
      await closing(other, when)
      await closing(when, when)
    }
    for (const value of [...NUMBERS, ...TEXTS])
      await see(
        `horarios ${value.slice(0, 20)}`,
        admin.submit('/admin/horarios', { slotMinutes: value, minNoticeMinutes: value, horizonDays: value, from_1: value }),
      )
    expect(found).toEqual([])
    // Whatever of it was accepted can be shown.
    expect((await admin.get('/admin/horarios')).status).toBe(200)
    expect((await student.get('/inicio/reservas')).status).toBe(200)
    expect((await admin.get('/api/admin/schedule')).status).toBe(200)
  })
})
