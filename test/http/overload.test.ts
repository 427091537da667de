import { EventEmitter, once } from 'node:events'
import type { Hono } from 'hono'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createApp } from '../../src/http/app.ts'
import type { AppEnv } from '../../src/http/context.ts'
import type { Doors, Lane } from '../../src/http/doors.ts'
import { createPages } from '../../src/web/index.ts'
import { doorsWith } from '../support/doors.ts'
import { freshSlots, newcomer } from '../support/scene.ts'
import { BASE_URL, type Client, openWorld, type World } from '../support/world.ts'
import { replacePort } from './payment-scene.ts'

const NARROW = { atWorkMax: 1, waitingMax: 1, waitMsMax: 120_000 }

describe('more people than can be served', () => {
  const slotOf = freshSlots()
  let world: World
  let doors: Doors
  let app: Hono<AppEnv>
  let student: Client
  /** Tells of everybody who comes to a door, by its name. */
  const came = new EventEmitter()
  beforeAll(async () => {
    world = await openWorld({ env: { TRUSTED_PROXIES: '1' } })
    student = await newcomer(world)
    const narrow = doorsWith(() => NARROW)
    doors = {
      ...narrow,
      enter(lane) {
        const place = narrow.enter(lane)
        came.emit(lane)
        return place
      },
    }
    app = createApp(world.deps, createPages({ asset: (name) => `/assets/${name}`, sandbox: null }), undefined, doors)
  })
  afterAll(() => world.close())

  /** Takes the one place of a lane, and the place of whoever waits for it, until the test has ended, however it does. */
  async function fill(lane: Lane): Promise<void> {
    const leave = await doors.enter(lane)
    const waits = doors.enter(lane)
    onTestFinished(async () => {
      leave?.()
      ;(await waits)?.()
    })
  }
  /** A promise that the test keeps, and that is kept in any case when it has ended: nobody waits for it in the next one. */
  function gate(): PromiseWithResolvers<void> {
    const made = Promise.withResolvers<void>()
    onTestFinished(() => made.resolve())
    return made
  }
  /** Puts other ways to speak to Mercado Pago in place of the real ones until the test has ended. */
  const replaced = (change: Partial<World['deps']['payments']>) => onTestFinished(replacePort(world, change))
  /** Sends a request and waits until it has come to its door; the answer is still to come. */
  async function atTheDoor(lane: Lane, send: () => Response | Promise<Response>): Promise<{ answer: Response | Promise<Response> }> {
    const hasCome = once(came, lane)
    const answer = send()
    await hasCome
    return { answer }
  }

  const post = (path: string, body: unknown, more: Record<string, string> = {}) =>
    app.request(`${BASE_URL}${path}`, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { cookie: student.cookie, 'content-type': 'application/json', ...more },
    })
  const get = (path: string, more: Record<string, string> = {}) => app.request(`${BASE_URL}${path}`, { headers: more })
  const classes = async () => (await world.rows<{ n: number }>('SELECT count(*)::int AS n FROM virtual_class'))[0]?.n

  it('whoever is let in gets what they came for; whoever is not is told when to come again, and nothing was begun for them', async () => {
    const [asked, goOn] = [gate(), gate()]
    const { createPreference } = world.deps.payments
    replaced({
      async createPreference(order) {
        asked.resolve()
        await goOn.promise
        return createPreference(order)
      },
    })
    const first = post('/api/checkout', slotOf())
    await asked.promise
    const second = await atTheDoor('booking', () => post('/api/checkout', slotOf()))
    const third = await post('/api/checkout', slotOf())
    expect([third.status, third.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await third.json()).toEqual({ error: 'Hay mucha gente a la vez. Probá de nuevo en unos segundos.' })
    const send = (path: string) => app.request(`${BASE_URL}${path}`, { method: 'POST', body: new URLSearchParams({ idioma: 'es' }) })
    const form = await send('/inicio/pre-compra')
    expect([form.status, form.headers.get('content-type')]).toEqual([503, expect.stringContaining('text/html')])
    expect(await form.text()).toContain('no se guardó ni se cobró nada')
    // Whoever only looks, or changes something else, notifications, and those who ask how we are do not wait behind people who book.
    expect((await send('/preferencias')).status).toBe(303)
    expect((await get('/')).status).toBe(200)
    expect((await post('/api/mercado-pago/webhook', {})).status).toBe(200)
    expect((await get('/healthz')).status).toBe(200)
    expect(await classes()).toBe(1)
    goOn.resolve()
    expect([(await first).status, (await second.answer).status]).toEqual([200, 200])
    expect(await classes()).toBe(2)
  })

  it('while Mercado Pago hangs, those who come back from it keep nobody from looking', async () => {
    const { preferenceId } = (await (await post('/api/checkout', slotOf())).json()) as { preferenceId: string }
    const [asked, goOn] = [gate(), gate()]
    const { findPayments } = world.deps.payments
    replaced({
      async findPayments(orderId) {
        asked.resolve()
        await goOn.promise
        return findPayments(orderId)
      },
    })
    const returned = get(`/api/payments/${preferenceId}`, { cookie: student.cookie })
    await asked.promise
    const behind = await atTheDoor('asking', () => get('/checkout/callback/success', { cookie: student.cookie }))
    expect((await get('/checkout/callback/success', { cookie: student.cookie })).status).toBe(503)
    expect((await get('/')).status).toBe(200)
    goOn.resolve()
    expect([(await returned).status, (await behind.answer).status]).toEqual([200, 200])
  })

  it('whoever enters a class does not wait behind those who change something, who may wait for a provider that hangs', async () => {
    await fill('write')
    expect((await post('/api/classes/11111111-2222-4333-8444-555555555555/cancel', {})).status).toBe(503)
    expect((await post('/api/access-code', { accessCode: 'AAAA0000' })).status).toBe(404)
    const form = { method: 'POST', body: new URLSearchParams({ codigo: 'AAAA0000' }), headers: { cookie: student.cookie } }
    expect((await app.request(`${BASE_URL}/inicio/mis-clases-virtuales/unirme`, form)).status).not.toBe(503)
  })

  it('open pages are told of changes however many people look', async () => {
    await fill('read')
    const live = await get('/api/live', { cookie: student.cookie })
    onTestFinished(() => live.body?.cancel())
    expect([live.status, live.headers.get('content-type')]).toEqual([200, 'text/event-stream'])
  })

  it('nothing is begun for a client that has gone, nor for one whose body never came', async () => {
    const before = await classes()
    const broken = new ReadableStream({ pull: (controller) => controller.error(new Error('gone')) })
    const headers = { cookie: student.cookie, 'content-type': 'application/json' }
    const url = `${BASE_URL}/api/checkout`
    const gone = await app.request(url, { method: 'POST', body: JSON.stringify(slotOf()), headers }, { outgoing: { destroyed: true } })
    expect(gone.status).toBe(400)
    expect(await classes()).toBe(before)
    // Nobody has to leave for it.
    await fill('booking')
    const cut = { method: 'POST', body: broken, duplex: 'half', headers: { ...headers, 'content-length': '9' } } as RequestInit
    expect((await app.request(url, cut)).status).toBe(400)
  })

  it('receives nothing of an upload from somebody who may not send one, whatever they claim; from staff up to the size of an upload', async () => {
    let received = false
    const send = async (bytes: number, path: string, headers: Record<string, string>) => {
      const source = {
        pull(stream: ReadableStreamDefaultController) {
          received = true
          stream.enqueue(new Uint8Array(bytes))
          stream.close()
        },
      }
      const body = new ReadableStream(source, { highWaterMark: 0 })
      const sent = { method: 'POST', body, duplex: 'half', headers: { 'content-length': String(bytes), ...headers } } as RequestInit
      return app.request(`${BASE_URL}${path}`, sent)
    }
    const [api, page] = ['/api/admin/classes/x/activity', '/admin/actividad/x']
    expect((await send(100_000, api, {})).status).toBe(401)
    const [large, small] = [await send(100_000, page, {}), await send(10, page, {})]
    expect([large.status, large.headers.get('location')]).toEqual([small.status, small.headers.get('location')])
    const invented = { cookie: 'hiy-session=nobody' }
    expect([(await send(100_000, api, invented)).status, (await send(100_000, page, invented)).status]).toEqual([401, 303])
    expect((await send(100_000, api, { cookie: student.cookie })).status).toBe(403)
    expect((await send(100_000, page, { cookie: student.cookie })).status).toBe(403)
    expect((await send(2_000_000, api, { cookie: student.cookie })).status).toBe(413)
    expect(received).toBe(false)
    const { cookie } = await world.admin()
    expect((await send(100_000, api, { cookie })).status).toBe(404)
    expect(received).toBe(true)
    expect((await send(2_000_000, api, { cookie })).status).toBe(413)
  })

  it('bodies that are on their way take only so much together; nothing is begun for who comes then with a large one', async () => {
    const before = await classes()
    const broken = new AbortController()
    onTestFinished(() => broken.abort())
    // From many addresses, and all but the last byte of each has come.
    const almostAll = new Uint8Array(64 * 1024 - 1)
    const slow = Array.from({ length: 256 }, (_, index) => {
      const body = new ReadableStream({
        start(stream) {
          stream.enqueue(almostAll)
          broken.signal.addEventListener('abort', () => stream.error(new Error('gone')))
        },
      })
      const headers = { 'content-type': 'application/json', 'content-length': String(64 * 1024), 'x-forwarded-for': `10.0.0.${index}` }
      return app.request(`${BASE_URL}/api/checkout`, { method: 'POST', body, duplex: 'half', headers } as RequestInit)
    })
    const large = () =>
      app.request(`${BASE_URL}/preferencias`, { method: 'POST', body: new URLSearchParams({ idioma: 'x'.repeat(5_000) }) })
    await expect.poll(async () => (await large()).status).toBe(503)
    const away = await post('/api/checkout', { ...slotOf(), learningFocus: 'x'.repeat(5_000) })
    expect([away.status, away.headers.get('retry-after')]).toEqual([503, '5'])
    expect(await classes()).toBe(before)
    // Whoever has little to say is heard, and so are notifications.
    expect((await get('/')).status).toBe(200)
    expect((await post('/api/mercado-pago/webhook', {})).status).toBe(200)
    expect((await post('/api/access-code', { accessCode: 'AAAA0000' })).status).toBe(404)
    broken.abort()
    for (const { status } of await Promise.all(slow)) expect(status).toBe(400)
    expect((await large()).status).not.toBe(503)
    expect((await post('/api/checkout', slotOf())).status).toBe(200)
  })

  it('a page says so in the language of whoever reads it', async () => {
    const leave = await doors.enter('read')
    onTestFinished(() => leave?.())
    const waits = await atTheDoor('read', () => get('/'))
    const away = await get('/', { cookie: 'hiy-idioma=en' })
    expect(away.status).toBe(503)
    expect(await away.text()).toContain('Many people are here at once. Try again in a few seconds')
    leave?.()
    expect((await waits.answer).status).toBe(200)
  })

  it('a body that arrives slowly holds no place', async () => {
    const late = gate()
    const body = new ReadableStream({
      async pull(controller) {
        await late.promise
        controller.enqueue(new TextEncoder().encode('{}'))
        controller.close()
      },
    })
    const slow = app.request(`${BASE_URL}/api/checkout`, {
      method: 'POST',
      body,
      duplex: 'half',
      headers: { cookie: student.cookie, 'content-type': 'application/json', 'content-length': '2' },
    } as RequestInit)
    expect((await post('/api/checkout', slotOf())).status).toBe(200)
    late.resolve()
    expect((await slow).status).toBe(400)
  })

  it('says that it is being stopped, so that a proxy goes elsewhere, and answers all the same', async () => {
    doors.startClosing()
    const health = await get('/healthz')
    expect([health.status, await health.json()]).toEqual([503, expect.objectContaining({ status: 'stopping' })])
    expect((await get('/')).status).toBe(200)
  })
})
