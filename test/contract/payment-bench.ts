import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach } from 'vitest'
import type { PaymentProvider, PreferenceRequest, ProviderPayment } from '../../src/features/payment/provider.ts'
import { MINUTE_MS, plus } from '../../src/kernel/clock.ts'
import { createMercadoPago } from '../../src/providers/mercado-pago/index.ts'
import { type Rig, startRig } from './sandbox-rig.ts'
import { recordingLog } from './unruly-server.ts'

export const PRICE = 1_500_000

/** Set anew for every test by `usePaymentBench`. */
export let rig: Rig
export let payments: PaymentProvider

/** The sandbox behind the payment provider: started for the file, empty for every test. */
export function usePaymentBench(): void {
  beforeAll(async () => {
    rig = await startRig()
  })
  beforeEach(async () => {
    await rig.reset()
    payments = create()
  })
  afterAll(() => rig.close())
}

interface Paid {
  payment: { id: number; order: { id: number } }
  payments: { id: number }[]
  returnUrl: string
}

/** Silence takes as long as it is waited for: from now on in this test not long. */
export function waitLess(): void {
  payments = create({ timeoutMs: 1_000, deadlineMs: 1_500 })
}

interface Change {
  accessToken?: string
  collectorId?: string
  baseUrl?: string
  timeoutMs?: number
  deadlineMs?: number
}

export function create(change: Change = {}) {
  return createMercadoPago({
    ...rig.config.mercadoPago,
    baseUrl: 'https://clases.example.com/',
    clock: rig.clock,
    log: recordingLog().log,
    timeoutMs: 60_000,
    deadlineMs: 60_000,
    ...change,
  })
}

export function order(): PreferenceRequest {
  const now = rig.clock.now()
  return {
    orderId: randomUUID(),
    itemId: 'user-1',
    title: 'HablaInglesYa - Clase virtual para 1 persona(s)',
    amount: PRICE,
    validFrom: now,
    expiresAt: plus(now, 20 * MINUTE_MS),
  }
}

export async function preferenceFor(request: PreferenceRequest): Promise<string> {
  const created = await payments.createPreference(request)
  if (!created.ok) throw new Error(created.reason)
  return created.value.preferenceId
}

export const pay = (preferenceId: string, how: object = {}) => rig.control<Paid>('mercado-pago/pay', { preferenceId, ...how })

/** A paid order: its id and its approved payment. */
export async function paid(how: object = {}) {
  const request = order()
  const preferenceId = await preferenceFor(request)
  const { payment } = await pay(preferenceId, how)
  return { orderId: request.orderId, preferenceId, paymentId: String(payment.id), merchantOrderId: String(payment.order.id) }
}

export async function read(paymentId: string): Promise<ProviderPayment> {
  const payment = await payments.getPayment(paymentId)
  if (!payment.ok) throw new Error(payment.reason)
  return payment.value
}

export const fault = (route: string, more: object = {}) => rig.control('mercado-pago/faults', { route, ...more })
export const asked = async (method: string, path: string) => (await rig.requests({ part: 'mercado-pago', method, path })).length
