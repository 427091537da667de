import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Client, openWorld, type World } from '../support/world.ts'
import { comingSlots, heldClass, paidClass, payOnce } from './payment-scene.ts'

describe('the panel of the admin (behaviour 4.23)', () => {
  let world: World
  let admin: Client
  const nextSlot = comingSlots(() => world)

  beforeAll(async () => {
    world = await openWorld()
    admin = await world.admin()
  })
  beforeEach(() => world.settle())
  afterAll(() => world.close())

  const page = async (path: string) => (await admin.get(path)).text()

  it('shows every class under "Todas", the booked ones without a filter', async () => {
    await paidClass(world, nextSlot())
    await heldClass(world, nextSlot())
    await world.settle()
    const rows = (html: string) => html.split('data-label="Rol"').length - 1
    const href = /<a href="([^"]*)"[^>]*>Todas</.exec(await page('/admin'))?.[1] ?? ''
    const all = await page(href)
    expect(rows(all)).toBe(2)
    expect(all).toMatch(/<a href="[^"]*" aria-current="page">Todas</)
    const booked = await page('/admin')
    expect(rows(booked)).toBe(1)
    expect(booked).toMatch(/<a href="[^"]*" aria-current="page">Reservadas</)
  })

  it('shows the names of who comes and what they want to work on', async () => {
    const { classId } = await paidClass(world, nextSlot())
    await world.rows("UPDATE virtual_class SET learning_focus = 'Entrevista de trabajo' WHERE id = $1", [classId])
    const coming = (await page('/admin')).split('<h2 id="proximas"')[1]?.split('</section>')[0]
    expect(coming).toContain('Entrevista de trabajo')
    expect(coming).toContain('Individual, 1 persona')
  })

  it('says in plain words that a refund lacks balance, and folds the provider’s word away', async () => {
    const held = await paidClass(world, nextSlot())
    await world.control('/mercado-pago/refund-refusal', { code: 2031, times: 1 }, 'PUT')
    await payOnce(world, held.preferenceId)
    await world.settle()
    const html = await page('/admin')
    expect(html).toContain('No hay saldo en tu cuenta de Mercado Pago. Cargá saldo y volvé a intentarlo.')
    expect(html.replaceAll(/<details class="technical">.*?<\/details>/gs, '')).not.toContain('no-balance')
    expect(html).toContain('no-balance')
    expect(await page('/admin/pagos')).toContain('No hay saldo en tu cuenta de Mercado Pago.')
  })

  it('folds the last error of Google away and names the main calendar', async () => {
    await world.rows("UPDATE google_connection SET last_error = '403 forbidden: Bad Request', last_error_at = now()")
    await world.rows("UPDATE teacher SET calendar_id = 'primary'")
    const html = await page('/admin/google')
    const plain = html.replaceAll(/<details class="technical">.*?<\/details>/gs, '')
    expect(html).toContain('403 forbidden: Bad Request')
    expect(plain).not.toContain('403 forbidden')
    expect(plain).toContain('Google rechazó el último pedido.')
    expect(plain).toContain('Tu calendario principal')
    await world.rows('UPDATE google_connection SET last_error = NULL, last_error_at = NULL')
  })
})

describe('opening hours and closed times of the admin (behaviour 4.16)', () => {
  let world: World
  let admin: Client
  const nextSlot = comingSlots(() => world)

  beforeAll(async () => {
    world = await openWorld()
    admin = await world.admin()
  })
  afterAll(() => world.close())

  const rules = { slotMinutes: '60', minNoticeMinutes: '120', horizonDays: '60' }

  it.each([
    ['a day that ends before it begins', { ...rules, from_3: '18:00', to_3: '09:00' }, 'intervalo 1 del miércoles', 'from_3'],
    ['a missing hour', { ...rules, from_5: '18:00', to_5: '' }, 'intervalo 1 del viernes', 'to_5'],
    ['a slot without length', { ...rules, slotMinutes: '5' }, 'La duración del turno', 'slotMinutes'],
  ])('says which field is wrong: %s', async (_, form, words, name) => {
    const answer = await admin.submit('/admin/horarios', form)
    expect(answer.status).toBe(400)
    const html = await answer.text()
    expect(html).toContain(words)
    const marked = [...html.matchAll(/<input[^>]*aria-invalid="true"[^>]*>/g)].map(([tag]) => /name="([^"]*)"/.exec(tag)?.[1])
    expect(marked).toContain(name)
    expect(new Set(marked.map((each) => each?.split('_')[1])).size).toBe(1)
  })

  it('closes a whole day by its date and goes back, telling the classes inside', async () => {
    const held = await paidClass(world, nextSlot())
    const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'America/Argentina/Buenos_Aires' }).format(new Date(held.start))
    const answer = await admin.submit('/admin/bloqueos', { allDay: '1', day, from: '', to: '', note: 'Feriado' })
    expect(answer.status).toBe(303)
    const location = answer.headers.get('location') ?? ''
    expect(location).toMatch(/^\/admin\/horarios\?/)
    const html = await (await admin.get(location)).text()
    expect(html).toContain(`${day.split('-').reverse().join('/')}, todo el día`)
    expect(html).toContain('Estas clases ya estaban reservadas adentro')
    expect(html).toMatch(/<a href="\/admin\/horarios" aria-current="page">/)
  })

  it.each([
    ['a whole day without its date', { allDay: '1', day: '' }, 'Elegí el día', ['day']],
    ['edges the wrong way round', { from: '2026-12-24T21:00', to: '2026-12-24T14:00' }, '«Hasta» tiene que ser después', ['to']],
    ['no edge', { from: '', to: '' }, 'Completá el día y la hora', ['from', 'to']],
  ])('keeps the place in the menu when it refuses %s', async (_, form, words, names) => {
    const answer = await admin.submit('/admin/bloqueos', form)
    expect(answer.status).toBe(400)
    const html = await answer.text()
    expect(html).toContain(words)
    expect(html).toMatch(/<a href="\/admin\/horarios" aria-current="page">/)
    const marked = [...html.matchAll(/<input[^>]*aria-invalid="true"[^>]*>/g)].map(([tag]) => /name="([^"]*)"/.exec(tag)?.[1])
    expect(marked).toEqual(names)
    expect((await admin.get('/admin/bloqueos')).headers.get('location')).toBe('/admin/horarios')
  })
})
