import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { classStatus } from '../support/booking.ts'
import { expectCleanLog } from '../support/scene.ts'
import { BASE_URL, openWorld, type World } from '../support/world.ts'
import {
  appWith,
  askedOfProvider,
  comingSlots,
  countInbox,
  emptyLog,
  expectAnswer,
  heldClass,
  inboxOf,
  mercadoPagoSettings,
  notifyPayment,
  payOnce,
  seconds,
  signedHeaders,
  WEBHOOK,
} from './payment-scene.ts'

const OK = { ok: true }
const BAD_SIGNATURE = { error: 'Firma inválida' }
const BAD_RESOURCE = { error: 'Recurso inválido' }
/** A number that nothing at the provider has. */
const NOBODY = '99999999999'
/** The instant of the published test vectors. */
const VECTOR_TS = 1_766_455_693

describe('POST /api/mercado-pago/webhook: signatures', () => {
  let world: World
  const nextSlot = comingSlots(() => world)

  beforeAll(async () => {
    // Two secrets, one of them on its way out, and empty ones that must never count.
    world = await openWorld({ env: { MERCADO_PAGO_WEBHOOK_SECRET: 'secret-on-its-way-out, ,local-sandbox-secret,' } })
  })
  beforeEach(async () => {
    await world.settle()
    await emptyLog(world)
  })
  afterAll(() => world.close())

  const post = (body: unknown, query = '', headers: Record<string, string> = {}) => world.anonymous.post(WEBHOOK + query, body, headers)

  /** What must hold after a notification that is of no use: nothing written, nothing asked of anybody. */
  async function expectNoEffect(before: number): Promise<void> {
    await world.settle()
    expect(await countInbox(world)).toBe(before)
    expect(await askedOfProvider(world)).toEqual([])
  }

  describe('W4: the signature of the signed form', () => {
    it.each(['none', 'garbage', 'second', 'uppercase', 'empty-secret', 'other-id'])('a forgery is refused: %s', async (signature) => {
      const { preferenceId } = await heldClass(world, nextSlot())
      const { id } = await payOnce(world, preferenceId)
      await world.settle()
      await emptyLog(world)
      const before = await countInbox(world)
      const { answer } = (await world.control('/mercado-pago/notifications/forge', { signature, type: 'payment', id })) as {
        answer: { status: number; text: string }
      }
      expect(answer.status).toBe(401)
      expect(JSON.parse(answer.text)).toEqual(BAD_SIGNATURE)
      await expectNoEffect(before)
    })

    it.each<[string, Record<string, string>]>([
      ['no header', {}],
      ['an empty header', { 'x-signature': '' }],
      ['no time', { 'x-signature': `v1=${'a'.repeat(64)}` }],
      ['no hash', { 'x-signature': 'ts=1766455693' }],
      ['a short hash', { 'x-signature': 'ts=1766455693,v1=abc' }],
      ['words for the time', { 'x-signature': `ts=now,v1=${'a'.repeat(64)}` }],
      ['a very long header', { 'x-signature': `ts=1,v1=${'a'.repeat(8_000)}` }],
    ])('a malformed one too: %s', async (_, headers) => {
      const before = await countInbox(world)
      await expectAnswer(post({ type: 'payment', data: { id: '5' } }, '?data.id=5&type=payment', headers), 401, BAD_SIGNATURE)
      await expectNoEffect(before)
    })

    it.each<[string, string, string, string | null, string]>([
      ['with everything', '123456789', '66de1692e9f60aadbd62291030b0f7080457b69393f18d47094c0546a2dd162b', 'x', String(VECTOR_TS)],
      ['without a request id', '123456789', '2e637fc3358039007c1ca14fd604406e0b06a426907e77787f09061b6fb7e8bb', null, String(VECTOR_TS)],
      ['without data.id', '', '6671a9eb2173a42735527b52d646ef6a6fa344f229a270fa5328376cd5267d66', 'x', String(VECTOR_TS)],
      ['in milliseconds', '123456789', '10da70cdd37cf42a39d27cadefeb2a5d53cddd2f57094a324b3e98387cce9371', 'x', `${VECTOR_TS}000`],
    ])('the published vector %s is accepted', async (_, dataId, v1, requestId, ts) => {
      const now = world.clock.now()
      world.clock.set(new Date(VECTOR_TS * 1_000))
      const headers = {
        'x-signature': `ts=${ts},v1=${v1}`,
        ...(requestId ? { 'x-request-id': '11111111-2222-4333-8444-555555555555' } : {}),
      }
      const before = (await inboxOf(world, '123456789')).length
      await expectAnswer(
        post({ type: 'payment', data: { id: '123456789' } }, dataId ? `?data.id=${dataId}&type=payment` : '?type=payment', headers),
        200,
        OK,
      )
      world.clock.set(now)
      const rows = await inboxOf(world, '123456789')
      expect(rows).toHaveLength(before + 1)
      expect(rows.at(-1)).toMatchObject({ topic: 'payment', signed: true })
      await expectAnswer(post({}, `?data.id=${dataId || '1'}&type=payment`, headers), 401, BAD_SIGNATURE)
    })

    it('the parts of the header come in any order and its keys in any case', async () => {
      const { 'x-signature': signature = '', ...rest } = signedHeaders(world, { dataId: NOBODY })
      const [ts, v1] = signature.split(',')
      for (const header of [`${v1},${ts}`, ` TS${ts?.slice(2)} , V1${v1?.slice(2)} `, `v0=zzz,${signature},more=1`]) {
        const body = { type: 'payment', data: { id: NOBODY } }
        await expectAnswer(post(body, `?data.id=${NOBODY}&type=payment`, { ...rest, 'x-signature': header }), 200, OK)
      }
    })

    it('any of several secrets will do; an empty one and an unknown one never', async () => {
      await expectAnswer(notifyPayment(world, NOBODY, { secret: 'secret-on-its-way-out' }), 200, OK)
      await expectAnswer(notifyPayment(world, NOBODY, { secret: 'local-sandbox-secret' }), 200, OK)
      for (const secret of ['', ' ', ',', 'secret-on-its-way-out, ,local-sandbox-secret,', 'unknown']) {
        await expectAnswer(notifyPayment(world, NOBODY, { secret }), 401, BAD_SIGNATURE)
      }
    })

    it.each<[string, number, number]>([
      ['ten minutes old', -600, 200],
      ['ten minutes ahead', 600, 200],
      ['a second older', -601, 401],
      ['a second further ahead', 601, 401],
      ['of last year', -31_536_000, 401],
    ])('the time it carries: %s', async (_, away, status) => {
      expect((await notifyPayment(world, NOBODY, { ts: seconds(world) + away })).status).toBe(status)
      expect((await notifyPayment(world, NOBODY, { ts: (seconds(world) + away) * 1_000 })).status).toBe(status)
    })

    it('an id with capitals is accepted as signed or in lower case, and then is no number', async () => {
      for (const signed of ['ORD01ABC', 'ord01abc']) {
        const headers = signedHeaders(world, { dataId: signed })
        const before = await countInbox(world)
        await expectAnswer(
          post({ type: 'payment', data: { id: 'ORD01ABC' } }, '?data.id=ORD01ABC&type=payment', headers),
          400,
          BAD_RESOURCE,
        )
        await expectNoEffect(before)
      }
      const lower = signedHeaders(world, { dataId: 'ORD01ABC' })
      await expectAnswer(post({ type: 'payment' }, '?data.id=ord01abc&type=payment', lower), 401, BAD_SIGNATURE)
    })

    it.each(['', 'abc', '-1', '1.5', '1'.repeat(21), '1%27--', '12 3'])('a signed id that is no number is refused: "%s"', async (id) => {
      const before = await countInbox(world)
      const dataId = decodeURIComponent(id)
      const headers = signedHeaders(world, { dataId: dataId === '' ? null : dataId })
      await expectAnswer(post({ type: 'payment' }, `?data.id=${id}&type=payment`, headers), 400, BAD_RESOURCE)
      await expectNoEffect(before)
    })

    it('where query and body disagree only the signed query counts', async () => {
      const body = { type: 'payment', data: { id: '222222' } }
      await expectAnswer(post(body, '?data.id=111111&type=payment', signedHeaders(world, { dataId: '111111' })), 200, OK)
      await expectAnswer(post(body, '?data.id=111111&type=payment', signedHeaders(world, { dataId: '222222' })), 401, BAD_SIGNATURE)
      await world.settle()
      expect(await inboxOf(world, '111111')).toHaveLength(1)
      expect(await inboxOf(world, '222222')).toEqual([])
      expect(await askedOfProvider(world, 'GET', '222222')).toEqual([])
    })

    it('a signed form cannot hide behind the old one: a type decides before a topic', async () => {
      const before = await countInbox(world)
      await expectAnswer(post({ type: 'payment', data: { id: '5' }, topic: 'merchant_order', resource: '5' }), 401, BAD_SIGNATURE)
      await expectAnswer(post({ topic: 'merchant_order', resource: '5' }, '?type=payment&data.id=5'), 401, BAD_SIGNATURE)
      await expectNoEffect(before)
    })

    it('topic_merchant_order_wh carries the number in data.id, or else in the top-level id', async () => {
      const { classId, preferenceId } = await heldClass(world, nextSlot())
      await mercadoPagoSettings(world, { notificationsPaused: true })
      const { orderNumber } = await payOnce(world, preferenceId)
      const body = { type: 'topic_merchant_order_wh', action: 'update', id: orderNumber, data: { status: 'closed' } }
      const unsigned = signedHeaders(world, { dataId: null, requestId: 'r-1' })
      await expectAnswer(post(body, '?type=topic_merchant_order_wh', unsigned), 200, OK)
      expect((await inboxOf(world, orderNumber)).at(-1)).toMatchObject({ topic: 'merchant_order', signed: true })
      await expectAnswer(
        post(body, `?data.id=${orderNumber}&type=topic_merchant_order_wh`, signedHeaders(world, { dataId: orderNumber })),
        200,
        OK,
      )
      await world.settle()
      expect(await classStatus(world, classId)).toBe('scheduled')
      await mercadoPagoSettings(world, { notificationsPaused: false })
    })

    it('without any secret configured a signed form is a hint like the old one', async () => {
      const { webhookSecrets: _, ...mercadoPago } = world.deps.config.mercadoPago
      const app = appWith(world, { config: { ...world.deps.config, mercadoPago: { ...mercadoPago, webhookSecrets: [] } } })
      const answer = await app.request(`${BASE_URL}${WEBHOOK}?data.id=777&type=payment`, { method: 'POST', body: '{"type":"payment"}' })
      expect(answer.status).toBe(200)
      expect(await inboxOf(world, '777')).toMatchObject([{ signed: false }])
    })
  })

  it('the log names no person, code, link, token or secret', () => expectCleanLog(world, ['local-sandbox-secret', 'secret-on-its-way-out']))
})
