import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkout, slot } from '../support/booking.ts'
import { classFor, later, meetUrlOf, newcomer, type Scene } from '../support/scene.ts'
import { type Client, openWorld, type World } from '../support/world.ts'

const DAY_MS = 86_400_000

describe('Historial (behaviour 4.22, R26, R36)', () => {
  let world: World
  let group: Scene
  let guest: Client
  beforeAll(async () => {
    world = await openWorld()
    // Thursday 26 and Friday 27 November, and a hold that nobody pays.
    group = await classFor(world, 3, slot('2026-11-26', '18:00'), 'Entrevista: 100% de práctica')
    guest = await world.signIn('nunez@correo.test', 'José Núñez')
    const alone = await world.signIn('otra@correo.test', 'Otra Persona')
    await checkout(group.host, slot('2026-11-27', '10:00'), { text: 'Viajes' })
    world.clock.set(later(group.start, -1_000))
    await world.settle()
    await guest.post('/api/access-code', { accessCode: group.code })
    await classFor(world, 1, slot('2026-11-30', '10:00'))
    await alone.get('/inicio')
  })
  afterAll(() => world.close())

  const page = async (client: Client, query: string) => {
    const answer = await client.get(`/inicio/historial?${query}`)
    expect(answer.status).toBe(200)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    return answer.text()
  }
  const shown = async (client: Client, q: string, more = '') => {
    const html = await page(client, `q=${encodeURIComponent(q)}${more}`)
    return [...html.matchAll(/href="\/inicio\/clases\/([0-9a-f-]{36})"/g)].map(([, id]) => id)
  }

  it('«Todas» has every class with the reason of the cancelled ones and the totals, «Próximas» only what is booked', async () => {
    const all = await page(group.host, 'filter=all')
    expect(all).toContain('Reserva vencida sin pago')
    expect(all).toContain('2 clases')
    expect(all).toContain('1 reservada · 1 cancelada')
    expect(await shown(group.host, '', '&filter=upcoming')).toEqual([group.classId])
  })

  it.each([
    'entrevista',
    'PRACTICA',
    '26/11',
    '26 de noviembre',
    'noviembre reservada',
    'jueves',
    '2026-11-26',
    'nunez',
    'José Núñez',
    'grupal',
    '100%',
  ])('the host finds the class by «%s»', async (q) => expect(await shown(group.host, q)).toEqual([group.classId]))

  it.each(['%', '_', '\\', "' OR 1=1 --", '100_', 'diciembre', 'viajes jueves', '\u0000', '💥', 'a%b', '‮'])(
    'what is not in any class finds none, whatever characters it has: «%s»',
    async (q) => {
      const found = await shown(group.host, q)
      if (q === '%') expect(found).toEqual([group.classId])
      else if (q === '\u0000') expect(found).toHaveLength(2)
      else expect(found).toEqual([])
    },
  )

  it('a guest finds it by its host and its objective, and not by who else is in it', async () => {
    const [host] = await world.rows<{ name: string }>(
      'SELECT u.name FROM virtual_class c JOIN app_user u ON u.id = c.booked_by_id WHERE c.id = $1',
      [group.classId],
    )
    expect(await shown(guest, host?.name ?? '')).toEqual([group.classId])
    expect(await shown(guest, 'entrevista')).toEqual([group.classId])
    expect(await shown(guest, 'núñez')).toEqual([])
    const html = await page(guest, 'filter=all')
    expect(html).not.toContain(group.code)
    expect(html).not.toContain(await meetUrlOf(world, group.classId))
  })

  it('finds nobody else’s classes', async () => {
    expect(await shown(await newcomer(world), 'noviembre')).toEqual([])
  })

  it('keeps what was typed, as text, and says that nothing was found', async () => {
    const html = await page(group.host, `q=${encodeURIComponent('<b>"viento"</b>')}`)
    expect(html).toContain('value="&lt;b&gt;&quot;viento&quot;&lt;/b&gt;"')
    expect(html).toContain('No encontramos clases')
    expect(html).not.toContain('<b>"viento"')
    await page(group.host, `q=${'x'.repeat(3_000)}&page=99&filter=nada`)
  })

  it('20 on a page, and the search goes with «Siguiente» and «Anterior»', async () => {
    const host = await newcomer(world, 'Dueña De Muchas')
    await host.get('/inicio')
    await world.rows(
      `INSERT INTO virtual_class (id, teacher_id, booked_by_id, starts_at, ends_at, class_type, max_participants, price_centavos, status,
         cancelled_at, cancel_reason, learning_focus, created_at, updated_at)
       SELECT gen_random_uuid(), (SELECT id FROM teacher LIMIT 1), (SELECT id FROM app_user WHERE name = 'Dueña De Muchas'),
         $1::timestamptz - n * interval '1 day', $1::timestamptz - n * interval '1 day' + interval '1 hour', 'individual', 1, 1500000, 'cancelled',
         $1, 'hold_expired', 'Café ' || n, $1, $1
       FROM generate_series(1, 45) AS n`,
      [new Date(Date.parse(group.start) - 100 * DAY_MS).toISOString()],
    )
    const first = await page(host, 'filter=all&q=cafe')
    expect(first).toContain('45 clases encontradas')
    expect(first).toContain('Página 1 de 3')
    expect(first).toContain('href="/inicio/historial?filter=all&amp;q=cafe&amp;page=2"')
    expect(await shown(host, 'cafe', '&page=3')).toHaveLength(5)
    expect(await page(host, 'q=cafe&page=3')).toContain('href="/inicio/historial?filter=all&amp;q=cafe&amp;page=2"')
    expect(await page(host, 'q=cafe+41')).toContain('1 clase encontrada')
  })
})
