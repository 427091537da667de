import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { checkout, json } from '../support/booking.ts'
import { classFor, freshSlots, meetUrlOf, newcomer } from '../support/scene.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'

const slotOf = freshSlots()
const OFFLINE_PATH = '/sin-conexion'

describe('the pass of a class, and what a device keeps (decision 012)', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())
  beforeEach(() => world.clock.set(MONDAY_9H))

  const pass = (client: Client, classId: string, headers = {}) => client.get(`/inicio/clases/${classId}/pase`, headers)

  it('the host’s has the code, a guest’s has not, and none has a link into the class', async () => {
    const { host, classId, code, start } = await classFor(world, 3, slotOf())
    const guest = await newcomer(world)
    world.clock.set(start)
    await guest.post('/api/access-code', { accessCode: code })
    const boxes = Array.from(code, (character) => `<span>${character}</span>`).join('')
    const [own, theirs] = await Promise.all([pass(host, classId), pass(guest, classId)])
    const [html, guestHtml] = await Promise.all([own.text(), theirs.text()])
    expect(html).toContain(boxes)
    expect(html).toContain('Enlace listo')
    expect(guestHtml).not.toContain(boxes)
    for (const text of [html, guestHtml]) {
      expect(text).not.toContain(await meetUrlOf(world, classId))
      expect(text).not.toContain('/join')
    }
    // Whose it is, without telling who that is.
    expect(own.headers.get('pass-owner')).toMatch(/^[\w-]{16}$/)
    expect(html).toContain(`data-who="${own.headers.get('pass-owner')}"`)
    expect(theirs.headers.get('pass-owner')).not.toBe(own.headers.get('pass-owner'))
    expect(own.headers.get('cache-control')).toBe('no-store')
    expect(await (await pass(host, classId, { cookie: `${host.cookie}; hiy-idioma=en` })).text()).toContain('Link ready')
  })

  it('exists only for people of the class, and only once it is paid', async () => {
    const { host, classId } = await classFor(world, 2, slotOf())
    expect((await pass(await newcomer(world), classId)).status).toBe(404)
    expect((await pass(host, 'x')).status).toBe(404)
    expect((await pass(world.anonymous, classId)).status).toBe(302)
    const held = await checkout(host, slotOf())
    expect((await pass(host, held.classId)).status).toBe(404)
    await world.control('/mercado-pago/pay', { preferenceId: held.preferenceId })
    await world.sandbox.tick()
    await host.get(`/api/payments/${held.preferenceId}`)
    expect(await (await pass(host, held.classId)).text()).toContain('Preparando el enlace')
    await world.settle()
    await host.post(`/api/classes/${held.classId}/cancel`)
    expect(await (await pass(host, held.classId)).text()).toContain('La clase está cancelada')
  })

  it('the page for no connection knows nobody, whoever asks for it', async () => {
    const signedIn = await newcomer(world, 'Alguien Conocido')
    const html = await (await signedIn.get(OFFLINE_PATH)).text()
    expect(html).toContain('data-saved-passes')
    expect(html).not.toContain('Conocido')
    expect(html).not.toContain('data-who')
    // Every other page says whether it is somebody's, so that passes of anybody else are removed.
    expect(await (await signedIn.get('/inicio')).text()).toMatch(/data-who="[\w-]{16}"/)
    expect(await (await world.anonymous.get('/')).text()).toContain('data-who=""')
  })

  it('can be installed: a manifest with icons, also maskable, and a policy that lets the worker run', async () => {
    const answer = await world.anonymous.get('/manifest.webmanifest')
    expect(answer.headers.get('content-type')).toContain('application/manifest+json')
    const manifest = await json(answer)
    expect(manifest).toMatchObject({ name: 'HablaInglesYa', start_url: '/inicio', scope: '/', lang: 'es-AR', display: 'standalone' })
    expect((manifest.icons as { sizes: string; purpose: string }[]).map(({ sizes, purpose }) => `${sizes} ${purpose}`)).toEqual([
      '192x192 any',
      '512x512 any',
      '512x512 maskable',
    ])
    expect((await json(world.anonymous.get('/manifest.webmanifest?lang=en'))).lang).toBe('en')
    const policy = answer.headers.get('content-security-policy')
    expect(policy).toContain("worker-src 'self'")
    expect(policy).toContain("manifest-src 'self'")
  })

  it('signing out clears what the browser keeps', async () => {
    const answer = await (await newcomer(world)).submit('/api/auth/logout', {})
    expect(answer.headers.get('clear-site-data')).toBe('"cache", "storage"')
  })
})
