import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkout } from '../support/booking.ts'
import { newcomer } from '../support/scene.ts'
import { type Client, openWorld, type World } from '../support/world.ts'

describe('what anybody may see (behaviour 4.22)', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())

  const page = async (client: Client, path: string, headers = {}) => {
    const answer = await client.get(path, headers)
    return { status: answer.status, html: await answer.text() }
  }
  const offered = (html: string) =>
    [...html.matchAll(/href="(\/inicio\/reservas\?[^"]*start=[^"]*)"/g)].map(([, href]) => href!.replaceAll('&amp;', '&'))

  it('the landing page offers the next free slots, two of a day, and each leads to a sign-in that keeps it', async () => {
    const { status, html } = await page(world.anonymous, '/')
    expect(status).toBe(200)
    const hrefs = offered(html)
    const starts = hrefs.map((href) => new URL(href, 'http://x').searchParams.get('start'))
    expect(starts).toEqual([
      '2026-11-23T14:00:00.000Z',
      '2026-11-23T15:00:00.000Z',
      '2026-11-24T12:00:00.000Z',
      '2026-11-24T13:00:00.000Z',
      '2026-11-25T12:00:00.000Z',
      '2026-11-25T13:00:00.000Z',
    ])
    const guarded = await world.anonymous.get(hrefs[0]!)
    const signIn = await page(world.anonymous, guarded.headers.get('location') ?? '')
    expect(signIn.html).toContain('Elegiste el lunes 23 de noviembre, 11\u00a0h.')
    expect(signIn.html.replaceAll('&amp;', '&')).toContain(`name="callbackUrl" value="${hrefs[0]}"`)
    for (const price of ['$15.000', '$36.000', '$12.000', '$60.000']) expect(html).toContain(price)
  })

  it('a slot that was taken a moment ago is not offered, and who is signed in is taken home', async () => {
    const person = await newcomer(world)
    await checkout(person, { start: '2026-11-24T12:00:00.000Z', end: '2026-11-24T13:00:00.000Z' })
    const { html } = await page(world.anonymous, '/')
    expect(offered(html).join()).not.toContain(encodeURIComponent('2026-11-24T12:00:00.000Z'))
    expect((await person.get('/')).headers.get('location')).toBe('/inicio')
  })

  it('a timetable without a free slot is read anew after ten seconds, and one that has some at once', async () => {
    const shown = async () => offered((await page(world.anonymous, '/')).html).length
    await world.rows('CREATE TABLE kept AS SELECT * FROM opening_interval')
    await world.rows('DELETE FROM opening_interval')
    expect(await shown()).toBe(0)
    await world.rows('INSERT INTO opening_interval SELECT * FROM kept')
    world.clock.advance(9_000)
    expect(await shown()).toBe(0)
    world.clock.advance(1_000)
    expect(await shown()).toBe(6)
    await world.rows('DELETE FROM opening_interval')
    expect(await shown()).toBe(0)
    await world.rows('INSERT INTO opening_interval SELECT * FROM kept')
    world.clock.advance(10_000)
  })

  it.each(['/guia', '/tos', '/privacidad'])('%s is there in both languages, for who is signed in and who is not', async (path) => {
    const spanish = await page(world.anonymous, path)
    const english = await page(world.anonymous, path, { cookie: 'hiy-idioma=en' })
    expect([spanish.status, english.status, (await (await newcomer(world)).get(path)).status]).toEqual([200, 200, 200])
    expect(spanish.html).toContain('<html lang="es-AR"')
    expect(english.html).toContain('<html lang="en"')
  })

  it('the legal pages name who answers, the configured limits and the day of their last change, and own up to sample values', async () => {
    const { html } = await page(world.anonymous, '/tos')
    for (const words of [
      'Academia de Ejemplo S. R. L.',
      '30-00000000-7',
      'faltan 24 horas o más',
      'hasta 12 horas antes',
      '28 de noviembre de 2026',
    ])
      expect(html).toContain(words)
    expect(html).toContain('Estos datos son un ejemplo.')
    const privacy = await page(world.anonymous, '/privacidad')
    for (const words of ['ley 25.326', 'Mercado Pago', 'Agencia de Acceso a la Información Pública', 'hola@hablainglesya.example'])
      expect(privacy.html).toContain(words)
  })

  it('errors speak the language of the reader and offer a way on', async () => {
    const { status, html } = await page(world.anonymous, '/nada', { cookie: 'hiy-idioma=en' })
    expect([status, html.includes('We could not find this page'), html.includes('href="/guia"')]).toEqual([404, true, true])
  })
})

describe('the landing page when the timetable cannot be read', () => {
  it('says so and still sells', async () => {
    const world = await openWorld()
    await world.rows('ALTER TABLE opening_interval RENAME TO gone')
    const answer = await world.anonymous.get('/')
    const html = await answer.text()
    expect(answer.status).toBe(200)
    expect(html).toContain('No pudimos leer la agenda en este momento.')
    expect(html).toContain('$15.000')
    expect(html).toContain('action="/api/auth/login"')
    await world.close()
  })
})

describe('the pages of support', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld({ env: { RATE_LIMIT_SCALE: '1' } })
  })
  afterAll(() => world.close())

  const form = { description: 'No puedo entrar a mi clase', category: 'GENERAL', website_url: '' }

  it('a form sent twice is one ticket, and its page keeps what was typed when it is refused', async () => {
    const person = await newcomer(world)
    const key = /name="key" value="([^"]*)"/.exec(await (await person.get('/inicio/cda')).text())?.[1] ?? ''
    const [first, second] = [await person.submit('/inicio/cda', { ...form, key }), await person.submit('/inicio/cda', { ...form, key })]
    expect([first.status, first.headers.get('location')]).toEqual([303, second.headers.get('location')])
    const made = await (await person.get(first.headers.get('location') ?? '')).text()
    expect(made).toMatch(/Generamos tu ticket para resolver tu inconveniente a la brevedad #TKT-[A-Z0-9]{6}</)
    const refused = await person.submit('/inicio/cda', { ...form, description: 'Hola <b>', category: 'PAGOS' })
    const html = await refused.text()
    expect(refused.status).toBe(400)
    expect(html).toContain('El mensaje debe tener al menos 10 carácteres')
    expect(html).toContain('Hola &lt;b&gt;</textarea>')
    expect(html).toMatch(/<option value="PAGOS" selected/)
    expect(html).toMatch(/<textarea[^>]*aria-invalid="true"/)
  })

  it('the conversation is for its two sides, shows text as text, and the admin’s list counts who waits', async () => {
    const person = await newcomer(world)
    const admin = await world.admin()
    await person.submit('/inicio/cda', { ...form, description: '<script>alert(1)</script>\nsegunda línea' })
    const id = /ticketId=([0-9a-f-]{36})/.exec(await (await person.get('/inicio/tickets')).text())?.[1] ?? ''
    const path = `/inicio/tickets?ticketId=${id}`
    expect(await (await person.get(path)).text()).toContain('&lt;script&gt;alert(1)&lt;/script&gt;\nsegunda línea')
    expect((await (await newcomer(world)).get(path)).status).toBe(404)
    expect(await (await admin.get('/admin')).text()).toMatch(/Tickets<span class="count tabular"[^>]*>\d/)
    expect((await admin.submit(`/admin/tickets/${id}/mensajes`, { content: 'Ya lo veo', key: 'k' })).status).toBe(303)
    expect(await (await person.get(path)).text()).toContain('En Progreso')
    expect((await admin.submit(`/admin/tickets/${id}`, { status: 'CLOSED', priority: 'LOW', category: 'BUG' })).status).toBe(303)
    const refused = await person.submit('/inicio/tickets', { ticketId: id, content: 'Una cosa más', key: 'k2' })
    expect([refused.status, (await refused.text()).includes('Este ticket está cerrado')]).toEqual([409, true])
    expect((await person.get(`/admin/tickets/${id}`)).status).toBe(403)
  })

  it('a link from somebody else’s class shows nothing of it', async () => {
    const person = await newcomer(world)
    const html = await (await person.get('/inicio/cda?clase=7a1d0c58-1b1f-4c7e-9f4e-0a5f3b7c2d11')).text()
    expect(html).not.toContain('name="clase"')
    expect((await world.anonymous.get('/inicio/cda?clase=x')).headers.get('location')).toBe(
      '/ingresar?callbackUrl=%2Finicio%2Fcda%3Fclase%3Dx',
    )
  })
})
