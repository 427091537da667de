import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { PaymentProvider } from '../../src/features/payment/provider.ts'
import { ManualClock } from '../../src/kernel/clock.ts'
import { createMercadoPago } from '../../src/providers/mercado-pago/index.ts'
import { answer, type Behaviour, recordingLog, reset, silence, stall, startUnrulyServer, type UnrulyServer } from './unruly-server.ts'

const TOKEN = 'APP_USR-secret-token'
const clock = new ManualClock('2026-11-26T21:00:00Z')
const request = { orderId: 'order-1', itemId: 'user-1', title: 'Clase', amount: 1_500_000, expiresAt: new Date('2026-11-26T21:20:00Z') }
const refund = { paymentId: '123', amount: 1_500_000, key: 'refund:1' }
const HTML = '<html><body>Bad Gateway</body></html>'

let server: UnrulyServer
let payments: PaymentProvider
let lines: string[]

beforeAll(async () => {
  server = await startUnrulyServer()
})
beforeEach(() => {
  server.requests.length = 0
  payments = waitingFor(60_000)
})

/** Silence takes as long as it is waited for; so everything else may take a busy machine. */
function waitingFor(timeoutMs: number): PaymentProvider {
  const recording = recordingLog()
  lines = recording.lines
  return createMercadoPago({
    accessToken: TOKEN,
    webhookSecrets: [],
    apiUrl: `${server.url}/`,
    collectorId: '42',
    baseUrl: 'https://clases.example.com',
    clock,
    log: recording.log,
    timeoutMs,
    deadlineMs: timeoutMs * 1.5,
  })
}
afterEach(() => {
  expect(lines.join('\n')).not.toContain(TOKEN)
})
afterAll(() => server.close())

const operations: [name: string, run: () => Promise<{ ok: boolean; reason?: string }>][] = [
  ['createPreference', () => payments.createPreference(request)],
  ['closePreference', () => payments.closePreference('42-abc', clock.now())],
  ['findPayments', () => payments.findPayments('order-1')],
  ['findPreferences', () => payments.findPreferences('order-1')],
  ['listPayments', () => payments.listPayments({ by: 'changed', from: new Date(0), to: clock.now() }, 10)],
  ['getPayment', () => payments.getPayment('123')],
  ['getMerchantOrder', () => payments.getMerchantOrder('456')],
  ['refund', () => payments.refund(refund)],
  ['listRefunds', () => payments.listRefunds('123')],
]

describe('no usable answer is unavailable, and is asked for only once', () => {
  it.each([
    ['no answer at all', silence],
    ['a body that never ends', stall],
  ])('every operation: %s', async (_, behaviour) => {
    payments = waitingFor(2_000)
    server.behave(behaviour)
    const outcomes = await Promise.all(operations.map(([, run]) => run()))
    expect(outcomes.map((outcome) => [outcome.ok, outcome.reason])).toEqual(operations.map(() => [false, 'unavailable']))
    expect(server.requests).toHaveLength(operations.length)
  })

  const troubles: [string, Behaviour][] = [
    ['a cut connection', reset],
    ['429', answer(429, { message: 'too many', error: 'too_many_requests', status: 429 }, { 'retry-after': '1' })],
    ['500', answer(500, { message: 'oops', status: 500 })],
    ['502 with HTML', answer(502, HTML)],
    ['503 with nothing', answer(503, '')],
    ['423', answer(423, { message: 'locked' })],
    ['404 with HTML', answer(404, HTML)],
    ['a redirect', answer(302, '', { location: 'http://127.0.0.1:9/' })],
  ]
  it.each(troubles.flatMap(([trouble, behaviour]) => operations.map(([name, run]) => ({ trouble, behaviour, name, run }))))(
    '$name: $trouble',
    async ({ behaviour, run }) => {
      server.behave(behaviour)
      expect(await run()).toMatchObject({ ok: false, reason: 'unavailable' })
      expect(server.requests).toHaveLength(1)
    },
  )
})

describe('an answer that is not what was asked for', () => {
  it.each([
    ['HTML', answer(200, HTML)],
    ['cut JSON', answer(200, '{"id": "42-', { 'content-type': 'application/json' })],
    ['null', answer(200, 'null', { 'content-type': 'application/json' })],
    ['an object of another kind', answer(200, { hello: 'world' })],
  ])('%s is unavailable for reads and refunds', async (_, behaviour) => {
    server.behave(behaviour)
    for (const run of [() => payments.findPayments('order-1'), () => payments.getPayment('1'), () => payments.getMerchantOrder('1')]) {
      expect(await run()).toEqual({ ok: false, reason: 'unavailable' })
    }
    expect(await payments.refund(refund)).toEqual({ ok: false, reason: 'unavailable' })
  })

  it.each([
    ['HTML', HTML],
    ['no id', { init_point: 'https://www.mercadopago.com.ar/x' }],
    ['no address', { id: '42-abc', init_point: null }],
    ['an address that is none', { id: '42-abc', init_point: 'javascript:alert(1)' }],
  ])('a preference with %s is incomplete', async (_, body) => {
    server.behave(answer(201, body))
    expect(await payments.createPreference(request)).toEqual({ ok: false, reason: 'incomplete' })
  })

  it('one unreadable payment spoils the list: half of it must not pass for the whole', async () => {
    server.behave(answer(200, { results: [{ id: 1, status: 'approved', external_reference: 'order-1' }, { id: null }] }))
    expect(await payments.findPayments('order-1')).toEqual({ ok: false, reason: 'unavailable' })
  })

  it.each([
    ['fewer rows than it says', { paging: { total: 3 }, results: [{ id: 1, status: 'approved' }] }],
    [
      'the same row again',
      {
        paging: { total: 2 },
        results: [
          { id: 1, status: 'approved' },
          { id: 1, status: 'approved' },
        ],
      },
    ],
    ['no total', { results: [] }],
  ])('a list with %s is not the whole', async (_, body) => {
    server.behave(answer(200, body))
    const range = { by: 'approved' as const, from: new Date(0), to: clock.now() }
    expect(await payments.listPayments(range, 10)).toEqual({ ok: false, reason: 'unavailable' })
  })

  it('payments of other orders are left out, whatever the search answers', async () => {
    const results = [
      { id: 1, status: 'approved', external_reference: 'order-2' },
      { id: 2, status: 'approved', external_reference: 'order-1' },
      { id: 3, status: 'approved', external_reference: null },
    ]
    server.behave(answer(200, { results }))
    expect(await payments.findPayments('order-1')).toMatchObject({ ok: true, value: [{ id: '2' }] })
  })
})

describe('a payment as it comes over the wire', () => {
  it('has its ids as text, its money in centavos and its dates as instants', async () => {
    const body = {
      id: 123_456_789_012,
      status: 'approved',
      status_detail: 'partially_refunded',
      transaction_amount: 15_000.1,
      transaction_amount_refunded: 0.29,
      currency_id: 'ARS',
      collector_id: 42,
      external_reference: 'order-1',
      order: { id: 98_765_432_101, type: 'mercadopago' },
      operation_type: 'regular_payment',
      date_approved: '2026-11-26T17:00:01.000-04:00',
      date_last_updated: '2026-11-26T17:00:02.000-04:00',
    }
    server.behave(answer(200, body))
    expect(await payments.getPayment('123456789012')).toEqual({
      ok: true,
      value: {
        id: '123456789012',
        status: 'approved',
        statusDetail: 'partially_refunded',
        amount: 1_500_010,
        refundedAmount: 29,
        currency: 'ARS',
        collectorId: '42',
        externalReference: 'order-1',
        merchantOrderId: '98765432101',
        operationType: 'regular_payment',
        approvedAt: new Date('2026-11-26T21:00:01Z'),
        lastUpdatedAt: new Date('2026-11-26T21:00:02Z'),
      },
    })
  })

  it('may lack its amount, its reference and its dates', async () => {
    server.behave(answer(200, { id: 1, status: 'pending', external_reference: '' }))
    expect(await payments.getPayment('1')).toMatchObject({
      ok: true,
      value: {
        amount: null,
        refundedAmount: 0,
        externalReference: null,
        merchantOrderId: null,
        approvedAt: null,
        lastUpdatedAt: clock.now(),
      },
    })
  })
})

describe('a refusal', () => {
  it.each(operations)('of the token: %s is refused; what has to happen one day is only not done yet', async (name, run) => {
    server.behave(answer(401, { message: 'invalid access token', error: 'not_found', status: 401 }))
    const lasts = name === 'refund' || name === 'closePreference'
    expect(await run()).toEqual({ ok: false, reason: lasts ? 'unavailable' : 'refused' })
  })

  it('with cause null, as preferences have it, is refused', async () => {
    server.behave(answer(400, { message: 'unit_price invalid', error: 'invalid_items', status: 400, cause: null }))
    expect(await payments.createPreference(request)).toEqual({ ok: false, reason: 'refused' })
    expect(lines.join()).toContain('invalid_items')
  })

  it.each([
    ['in a list', [{ code: 2031 }]],
    ['as text', [{ code: '2031' }]],
    ['alone', { code: 2031 }],
  ])('for lack of balance is recognised by its code %s', async (_, cause) => {
    server.behave(answer(400, { message: 'Insufficient funds', error: 'bad_request', status: 400, cause }))
    expect(await payments.refund(refund)).toEqual({ ok: false, reason: 'no-balance' })
  })

  it('of a refund asks the payment whether the money went back already', async () => {
    server.behave((response, incoming) =>
      incoming.method === 'POST'
        ? answer(400, { error: 'bad_request', cause: [{ code: 2063 }] })(response, incoming)
        : answer(200, { id: 123, status: 'charged_back' })(response, incoming),
    )
    expect(await payments.refund(refund)).toEqual({ ok: false, reason: 'refused' })
  })
})

describe('the requests', () => {
  it('carry their own idempotency key, and reads carry none', async () => {
    server.behave(answer(500, {}))
    await payments.createPreference(request)
    await payments.getPayment('123')
    await Promise.all([
      payments.refund(refund),
      payments.refund({ ...refund, key: 'refund:2' }),
      payments.closePreference('42-abc', clock.now()),
    ])
    const keys = server.requests.map(({ method, headers }) => [method, headers['x-idempotency-key']])
    expect(keys.slice(0, 2)).toEqual([
      ['POST', 'preference:order-1'],
      ['GET', undefined],
    ])
    expect(keys.slice(2)).toEqual(
      expect.arrayContaining([
        ['POST', 'refund:1'],
        ['POST', 'refund:2'],
        ['PUT', `close:42-abc:${clock.now().getTime() / 1_000}`],
      ]),
    )
  })

  it('go to the address of their own client, also when two are at work', async () => {
    const other = await startUnrulyServer()
    const second = createMercadoPago({
      accessToken: 'other',
      webhookSecrets: [],
      apiUrl: other.url,
      collectorId: '43',
      baseUrl: 'https://x.example',
      clock,
      log: recordingLog().log,
    })
    await Promise.all([payments.getPayment('1'), second.getPayment('2'), payments.getPayment('3')])
    await other.close()
    expect(other.requests.map(({ path, headers }) => [path, headers.authorization])).toEqual([['/v1/payments/2', 'Bearer other']])
    expect(server.requests.map(({ path }) => path).sort()).toEqual(['/v1/payments/1', '/v1/payments/3'])
  })

  it('never follow a redirect with the token', async () => {
    const stranger = await startUnrulyServer()
    server.behave(answer(307, '', { location: `${stranger.url}/v1/payments/1` }))
    await payments.getPayment('1')
    await stranger.close()
    expect(stranger.requests).toEqual([])
  })

  it('cannot leave their path through an id', async () => {
    server.behave(answer(404, { error: 'not_found' }))
    expect(await payments.getPayment('../users/me?x=')).toEqual({ ok: false, reason: 'unknown' })
    expect(server.requests[0]?.path).toBe('/v1/payments/..%2Fusers%2Fme%3Fx%3D')
  })
})

describe('verifyCollector', () => {
  it.each([
    [answer(200, { id: 42 }), 'same'],
    [answer(200, { id: 43 }), 'different'],
    [answer(200, HTML), 'unknown'],
    [answer(401, {}), 'unknown'],
    [reset, 'unknown'],
  ])('tells whose token it is (%#)', async (behaviour, verdict) => {
    server.behave(behaviour)
    expect(await payments.verifyCollector()).toBe(verdict)
  })
})
