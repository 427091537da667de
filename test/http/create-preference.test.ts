import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createMercadoPago } from '../../src/providers/mercado-pago/index.ts'
import { answer, startUnrulyServer } from '../contract/unruly-server.ts'
import { type Client, openWorld, type World } from '../support/world.ts'
import { createPreference, lastPreferenceSent, preferencesMade, send, unchanged, whileNothingCanBeStored } from './booking-bench.ts'

const PATH = '/api/mercado-pago/create-preference'
const PRICES = { 2: 30000, 3: 36000, 4: 48000, 5: 60000 } as const
const BAD_TYPE = { error: 'Tipo de clase inválido' }
const BAD_COUNT = { error: 'La cantidad de alumnos no es válida para este tipo de clase' }

describe('POST /api/mercado-pago/create-preference (4.1)', () => {
  let world: World
  let ana: Client
  beforeAll(async () => {
    world = await openWorld()
    ana = await world.signIn('ana@example.com', 'Ana')
  })
  afterAll(() => world.close())

  const rowsOf = (preferenceId: unknown) => world.rows('SELECT * FROM payment_order WHERE preference_id = $1', [preferenceId])

  it('answers id and address, and keeps the order', async () => {
    const { status, body } = await send(ana, PATH, { type: 'grupal', studentsCount: 3, price: 36000 })
    expect(status).toBe(200)
    expect(Object.keys(body).sort()).toEqual(['initPoint', 'preferenceId'])
    expect(new URL(String(body.initPoint)).searchParams.get('pref_id')).toBe(body.preferenceId)
    const [order] = await rowsOf(body.preferenceId)
    expect(order).toMatchObject({
      class_type: 'grupal',
      max_participants: 3,
      status: 'pending',
      currency: 'ARS',
      class_id: null,
      expires_at: new Date('2026-11-23T12:20:00Z'),
    })
    expect(Number(order?.amount_centavos)).toBe(3_600_000)
  })

  it('sends exactly what the contract lists', async () => {
    const preferenceId = await createPreference(ana, { type: 'grupal', studentsCount: 5 })
    const sent = await lastPreferenceSent(world)
    const [order] = await rowsOf(preferenceId)
    const [item, ...others] = sent.items as Record<string, unknown>[]
    expect(others).toEqual([])
    expect(item).toEqual({
      id: expect.stringMatching(new RegExp(`^${order?.user_id}-\\d+$`)),
      title: 'HablaInglesYa - Clase virtual para 5 persona(s)',
      quantity: 1,
      unit_price: 60000,
      currency_id: 'ARS',
    })
    expect(sent).toMatchObject({
      auto_return: 'approved',
      external_reference: order?.id,
      binary_mode: true,
      expires: true,
      back_urls: {
        success: 'http://localhost:3000/checkout/callback/success',
        failure: 'http://localhost:3000/checkout/callback/failure',
        pending: 'http://localhost:3000/checkout/callback/pending',
      },
    })
    expect(new URL(String(sent.notification_url)).pathname).toBe('/api/mercado-pago/webhook')
    expect(new Date(String(sent.expiration_date_to)).toISOString()).toBe('2026-11-23T12:20:00.000Z')
    const methods = sent.payment_methods as { installments: number; excluded_payment_types: { id: string }[] }
    expect(methods.installments).toBeLessThanOrEqual(12)
    expect(methods.excluded_payment_types.map(({ id }) => id).sort()).toEqual(['atm', 'ticket'])
    expect(JSON.stringify(sent)).not.toContain('ana@example.com')
  })

  it('individual is 15000 for one person, who may be called 0, "1", null or nothing', async () => {
    for (const more of [{ studentsCount: 1 }, { studentsCount: 0 }, { studentsCount: '1' }, { studentsCount: null }, {}]) {
      expect((await send(ana, PATH, { type: 'individual', ...more })).status).toBe(200)
      const { items } = await lastPreferenceSent(world)
      expect(items).toMatchObject([{ unit_price: 15000, title: 'HablaInglesYa - Clase virtual para 1 persona(s)' }])
    }
  })

  it('grupal of 2, 3, 4 and 5 costs 30000, 36000, 48000 and 60000', async () => {
    for (const [count, price] of Object.entries(PRICES)) {
      expect((await send(ana, PATH, { type: 'grupal', studentsCount: Number(count), price })).status).toBe(200)
      expect((await lastPreferenceSent(world)).items).toMatchObject([{ unit_price: price }])
    }
  })

  it('row 1: nobody is signed in: 401, no call', async () => {
    const refused = await unchanged(world, () => send(world.anonymous, PATH, { type: 'individual' }))
    expect(refused).toEqual({ status: 401, body: { error: 'Unauthorized' } })
  })

  it('row 2: a page of another site: 403; no JSON: 400', async () => {
    await unchanged(world, async () => {
      expect(await send(ana, PATH, { type: 'individual' }, { origin: 'https://attacker.example' })).toEqual({
        status: 403,
        body: { error: 'Origen no permitido' },
      })
      for (const text of [
        '',
        '{',
        'type=individual',
        '{"type":"individual"',
        "{'type':'individual'}",
        '[1,',
        'NaN',
        '{"type":"individ\u0000ual"}',
      ]) {
        expect(await send(ana, PATH, text)).toEqual({ status: 400, body: { error: 'El cuerpo de la solicitud no es JSON válido' } })
      }
    })
  })

  it('row 3: type missing or unknown', async () => {
    const bodies = [
      {},
      null,
      [],
      '"individual"',
      7,
      { type: 'otra' },
      { type: null },
      { type: '' },
      { type: ['grupal'] },
      { type: 'GRUPAL' },
      { studentsCount: 3 },
    ]
    await unchanged(world, async () => {
      for (const body of bodies) expect(await send(ana, PATH, body)).toEqual({ status: 400, body: BAD_TYPE })
    })
  })

  it('row 4: a head-count that does not fit the type', async () => {
    await unchanged(world, async () => {
      for (const studentsCount of [0, 1, 6, -1, 2.5, 'abc', undefined, null, '', true, [], {}, [3], 1000, -0]) {
        expect(await send(ana, PATH, { type: 'grupal', studentsCount })).toEqual({ status: 400, body: BAD_COUNT })
      }
      for (const studentsCount of [2, 3, 4, 5, -1, 1.5, '2', true, [1]]) {
        expect(await send(ana, PATH, { type: 'individual', studentsCount })).toEqual({ status: 400, body: BAD_COUNT })
      }
      for (const number of ['1e999', '-1e999', '1e400', '9'.repeat(5_000), '3.0000000000000004']) {
        expect(await send(ana, PATH, `{"type":"grupal","studentsCount":${number}}`)).toEqual({ status: 400, body: BAD_COUNT })
      }
    })
  })

  it('row 5: a price that is not the server’s, told which it is', async () => {
    await unchanged(world, async () => {
      for (const price of [1, 14999, 15000.5, -15000, 'gratis', '', 0, true, [15000], { value: 15000 }, '15000.00', '15.000']) {
        expect(await send(ana, PATH, { type: 'individual', price })).toEqual({
          status: 400,
          body: { error: 'El precio no coincide con la tarifa vigente', expectedPrice: 15000 },
        })
      }
      expect((await send(ana, PATH, { type: 'grupal', studentsCount: 5, price: 15000 })).body.expectedPrice).toBe(60000)
      expect((await send(ana, PATH, '{"type":"individual","price":1e999}')).status).toBe(400)
    })
  })

  it('a price that is absent, null, or the right digits as text is accepted', async () => {
    for (const more of [{}, { price: null }, { price: 15000 }, { price: '15000' }]) {
      expect((await send(ana, PATH, { type: 'individual', ...more })).status).toBe(200)
      expect((await lastPreferenceSent(world)).items).toMatchObject([{ unit_price: 15000 }])
    }
  })

  it('row 6: Mercado Pago refuses or fails: nothing is kept', async () => {
    const troubles = [
      { kind: 'error', status: 400 },
      { kind: 'error', status: 401 },
      { kind: 'error', status: 429 },
      { kind: 'error', status: 500 },
      { kind: 'error', status: 502 },
      { kind: 'drop' },
    ]
    await unchanged(world, async () => {
      for (const trouble of troubles) {
        await world.control('/mercado-pago/faults', { route: 'preference.create', ...trouble })
        expect(await send(ana, PATH, { type: 'individual' })).toEqual({ status: 500, body: { error: 'Error creating preference' } })
      }
    })
    // The answer was lost, the preference was made: it has no order here, and nobody was given its address.
    await world.control('/mercado-pago/faults', { route: 'preference.create', kind: 'commit-then-drop' })
    const orders = await world.rows('SELECT id FROM payment_order')
    expect((await send(ana, PATH, { type: 'individual' })).body).toEqual({ error: 'Error creating preference' })
    expect(await world.rows('SELECT id FROM payment_order')).toEqual(orders)
  })

  it('row 7: an answer without id or address', async () => {
    const server = await startUnrulyServer()
    const { config, clock, log, payments } = world.deps
    world.deps.payments = createMercadoPago({ ...config.mercadoPago, apiUrl: server.url, baseUrl: config.baseUrl, clock, log })
    try {
      await unchanged(world, async () => {
        for (const incomplete of [
          {},
          { id: 'p-1' },
          { init_point: 'https://www.mercadopago.com.ar/x' },
          { id: '', init_point: '' },
          { id: null, init_point: null },
        ]) {
          server.behave(answer(201, incomplete))
          expect(await send(ana, PATH, { type: 'individual' })).toEqual({ status: 500, body: { error: 'Failed to create preference' } })
        }
      })
    } finally {
      world.deps.payments = payments
      await server.close()
    }
  })

  it('row 8: the order cannot be stored', async () => {
    const text = { error: 'Failed to create payment record in our database' }
    const before = await world.rows('SELECT id FROM payment_order')
    const full = await whileNothingCanBeStored(world, 'payment_order', () => send(ana, PATH, { type: 'individual' }))
    expect(full).toEqual({ status: 500, body: text })
    expect(await world.rows('SELECT id FROM payment_order')).toEqual(before)
  })

  it('two calls make two independent preferences, also at the same moment', async () => {
    const before = await preferencesMade(world)
    const ids = await Promise.all([1, 2, 3].map(() => createPreference(ana)))
    expect(new Set(ids).size).toBe(3)
    expect(await preferencesMade(world)).toBe(before + 3)
    const orders = await world.rows<{ id: string }>('SELECT id FROM payment_order WHERE preference_id = ANY($1)', [ids])
    expect(new Set(orders.map((order) => order.id)).size).toBe(3)
  })

  it('the price of an order is the table’s for every accepted input (invariant 13)', async () => {
    const weird = fc.oneof(
      fc.constantFrom<unknown>(undefined, null, 0, 1, 2, 3, 4, 5, 6, '1', '3', 15000, 30000, 36000, '48000', '60000', 60000, 14999, 'x'),
      fc.jsonValue({ maxDepth: 1 }),
    )
    const input = fc.record({ type: fc.constantFrom('individual', 'grupal', 'otra'), studentsCount: weird, price: weird })
    await fc.assert(
      fc.asyncProperty(input, async (body) => {
        const before = await preferencesMade(world)
        const { status, body: result } = await send(ana, PATH, body)
        expect([200, 400]).toContain(status)
        if (status === 400) {
          expect(await preferencesMade(world)).toBe(before)
          return
        }
        const [order] = await rowsOf(result.preferenceId)
        const people = Number(order?.max_participants) as 2 | 3 | 4 | 5
        const price = body.type === 'individual' ? 15000 : PRICES[people]
        expect(Number(order?.amount_centavos)).toBe(price * 100)
        expect((await lastPreferenceSent(world)).items).toMatchObject([{ unit_price: price }])
        expect(body.price === undefined || body.price === null || Number(body.price) === price).toBe(true)
      }),
      { numRuns: 60 },
    )
  })
})

describe.each(['http://localhost:3000', 'http://localhost:3000/', 'http://localhost:3000//'])(
  'addresses sent to Mercado Pago with BASE_URL %s (R20)',
  (baseUrl) => {
    let world: World
    beforeAll(async () => {
      world = await openWorld({ env: { BASE_URL: baseUrl }, calendar: false })
    })
    afterAll(() => world.close())

    it('have single slashes', async () => {
      await createPreference(await world.student())
      const sent = await lastPreferenceSent(world)
      const urls = [sent.notification_url, ...Object.values(sent.back_urls as object)].map(String)
      expect(urls.map((url) => new URL(url).pathname)).toEqual([
        '/api/mercado-pago/webhook',
        '/checkout/callback/success',
        '/checkout/callback/failure',
        '/checkout/callback/pending',
      ])
      for (const url of urls) expect(url).toMatch(/^http:\/\/localhost:3000\/[^/]/)
    })
  },
)
