import { MerchantOrder, Payment, PaymentRefund, Preference, User } from 'mercadopago'
import type { PaymentProvider, ProviderFailure, ProviderPayment, ProviderRefund, RetryHint } from '../../features/payment/provider.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Log } from '../../kernel/log.ts'
import { toPesos } from '../../kernel/money.ts'
import { type Outcome, refuse, succeed } from '../../kernel/outcome.ts'
import {
  PreferenceAnswer,
  RefundAnswer,
  RefundList,
  readMerchantOrder,
  readPayment,
  readPayments,
  readPreferenceIds,
  UserAnswer,
} from './answers.ts'
import { type CallFailure, createClient } from './client.ts'
import { listPayments } from './list-payments.ts'
import { preferenceBody, wireDate } from './preference-body.ts'
import { verifySignature } from './signature.ts'

export interface MercadoPagoOptions {
  accessToken: string
  /** Every secret that may have signed a notification. */
  webhookSecrets: readonly string[]
  apiUrl: string
  /** Seller account that our money must go to; empty when unknown. */
  collectorId: string
  /** Our public address, with or without trailing slash. */
  baseUrl: string
  webhookPath?: string
  clock: Clock
  log: Log
  timeoutMs?: number
  deadlineMs?: number
}

type PaymentSearch = NonNullable<NonNullable<Parameters<Payment['search']>[0]>['options']>

/** Most payments read for one order. */
const PAYMENTS_MAX = 100
/** One order has one preference; a lost answer may have left a second one. */
const PREFERENCES_MAX = 10
/** Causes of a refused refund (mercado-pago.md 2.11). */
const NO_BALANCE = '2031'

/** Mercado Pago Checkout Pro behind the payment port; the contract is mercado-pago.md 2 and 4. */
export function createMercadoPago(options: MercadoPagoOptions): PaymentProvider {
  const { clock, log } = options
  const call = createClient(options)

  function misunderstood(operation: string) {
    log.warn({ operation }, 'Mercado Pago answer not understood')
    return refuse('unavailable' as const)
  }

  async function getPayment(paymentId: string) {
    const answer = await call('payment.get', null, (config) => new Payment(config).get({ id: paymentId }))
    if (!answer.ok) return lookupFailure(answer)
    const payment = readPayment(answer.body, clock.now())
    return payment ? succeed(payment) : misunderstood('payment.get')
  }

  async function searchPayments(orderId: string, options: PaymentSearch): Promise<Outcome<ProviderPayment[], ProviderFailure, RetryHint>> {
    const answer = await call('payment.search', null, (config) => new Payment(config).search({ options }))
    if (!answer.ok) return refuse(answer.reason, answer.detail)
    const payments = readPayments(answer.body, clock.now())
    if (!payments) return misunderstood('payment.search')
    return succeed(payments.filter((payment) => payment.externalReference === orderId).slice(0, PAYMENTS_MAX))
  }

  return {
    verifyNotification: (signature) => verifySignature({ ...signature, secrets: options.webhookSecrets, now: clock.now() }),

    async createPreference(request) {
      const body = preferenceBody(request, { ...options, now: clock.now() })
      const answer = await call('preference.create', `preference:${request.orderId}`, (config) => new Preference(config).create({ body }))
      if (!answer.ok) return refuse(answer.reason)
      const preference = PreferenceAnswer.safeParse(answer.body)
      if (preference.success) return succeed({ preferenceId: preference.data.id, initPoint: preference.data.init_point })
      log.error({ orderId: request.orderId }, 'Mercado Pago created a preference without id or address')
      return refuse('incomplete')
    },

    async closePreference(preferenceId, at) {
      // The type asks for `items`, but the API changes only what is sent.
      const change = { expires: true, expiration_date_to: wireDate(at) } as Parameters<Preference['update']>[0]['updatePreferenceRequest']
      const key = `close:${preferenceId}:${Math.floor(at.getTime() / 1_000)}`
      const answer = await call('preference.close', key, (config) =>
        new Preference(config).update({ id: preferenceId, updatePreferenceRequest: change }),
      )
      return answer.ok ? succeed(null) : refuse(lastWord(answer), answer.detail)
    },

    async findPreferences(orderId) {
      const options = { external_reference: orderId, limit: PREFERENCES_MAX, offset: 0 }
      const answer = await call('preference.search', null, (config) => new Preference(config).search({ options }))
      if (!answer.ok) return refuse(answer.reason, answer.detail)
      const ids = readPreferenceIds(answer.body)
      return ids ? succeed(ids.slice(0, PREFERENCES_MAX)) : misunderstood('preference.search')
    },

    async findPayments(orderId) {
      const search = {
        external_reference: orderId,
        sort: 'date_created' as const,
        criteria: 'desc' as const,
        limit: PAYMENTS_MAX,
        offset: 0,
      }
      const newest = await searchPayments(orderId, search)
      if (!newest.ok || newest.value.length < PAYMENTS_MAX) return newest
      // So many attempts with other people's cards may lie before the one that was money.
      const approved = await searchPayments(orderId, { ...search, status: 'approved' })
      return approved.ok ? succeed([...newest.value, ...approved.value]) : approved
    },

    listPayments: (range, limit) => listPayments(call, range, limit, clock),

    getPayment,

    async getMerchantOrder(merchantOrderId) {
      const answer = await call('merchant_order.get', null, (config) => new MerchantOrder(config).get({ merchantOrderId }))
      if (!answer.ok) return lookupFailure(answer)
      const order = readMerchantOrder(answer.body)
      return order ? succeed(order) : misunderstood('merchant_order.get')
    },

    async refund({ paymentId, amount, key }) {
      const answer = await call('refund.create', key, (config) =>
        new PaymentRefund(config).create({ payment_id: paymentId, body: { amount: toPesos(amount) } }),
      )
      if (!answer.ok) {
        if (answer.codes.includes(NO_BALANCE)) return refuse('no-balance')
        return refuse(lastWord(answer), answer.detail)
      }
      const refund = RefundAnswer.safeParse(answer.body)
      // The money may be on its way: asking again with the same key tells.
      if (!refund.success) return misunderstood('refund.create')
      const state = refundState(refund.data.status)
      if (state !== 'rejected') return succeed({ refundId: refund.data.id, state })
      log.error({ paymentId, refundId: refund.data.id, status: refund.data.status }, 'Mercado Pago did not accept the refund')
      return refuse('refused')
    },

    async listRefunds(paymentId) {
      const answer = await call('refund.list', null, (config) => new PaymentRefund(config).list({ payment_id: paymentId }))
      if (!answer.ok) return lookupFailure(answer)
      const refunds = RefundList.safeParse(answer.body)
      if (!refunds.success) return misunderstood('refund.list')
      return succeed(refunds.data.map(({ id, amount, status }) => ({ id, amount, state: refundState(status) })))
    },

    async verifyCollector() {
      const answer = await call('user.get', null, (config) => new User(config).get())
      const user = answer.ok ? UserAnswer.safeParse(answer.body) : null
      if (!user?.success || !options.collectorId) {
        log.warn({ configured: options.collectorId !== '' }, 'Mercado Pago seller account could not be checked')
        return 'unknown'
      }
      const same = user.data.id === options.collectorId
      if (same) log.info({ collectorId: options.collectorId }, 'Mercado Pago access token belongs to the configured seller')
      else log.error({ collectorId: options.collectorId, tokenOf: user.data.id }, 'Mercado Pago access token belongs to another seller')
      return same ? 'same' : 'different'
    },
  }
}

/**
 * What was refused because of who asks, or of another request under way (a token that was changed, a permission that is missing), says nothing about the
 * thing itself: a person mends it, and the money goes back then.
 */
const ABOUT_WHO_ASKS: readonly number[] = [401, 403, 409]

function lastWord({ status, reason }: CallFailure): ProviderFailure {
  return ABOUT_WHO_ASKS.includes(status) ? 'unavailable' : reason
}

function lookupFailure({ status, reason, detail }: CallFailure) {
  return status === 404 && reason === 'refused' ? refuse('unknown' as const) : refuse(reason, detail)
}

function refundState(status: string | null): ProviderRefund['state'] {
  if (status === null || status === 'approved') return 'approved'
  return status === 'in_process' || status === 'pending' || status === 'authorized' ? 'in_process' : 'rejected'
}
