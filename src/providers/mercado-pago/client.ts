import { MercadoPagoConfig, MercadoPagoError } from 'mercadopago'
import { AppConfig } from 'mercadopago/dist/utils/config/index.js'
import type { ProviderFailure, RetryHint } from '../../features/payment/provider.ts'
import { SECOND_MS } from '../../kernel/clock.ts'
import type { Log } from '../../kernel/log.ts'
import { DeadlineExceeded, withDeadline } from '../deadline.ts'

export interface ClientOptions {
  accessToken: string
  apiUrl: string
  log: Log
  /** Until the headers of the answer; 8 s unless told. */
  timeoutMs?: number
  /** Until the end of the answer; 10 s unless told. */
  deadlineMs?: number
}

export interface CallFailure {
  ok: false
  reason: ProviderFailure
  /** HTTP status; 0 when there was none. */
  status: number
  /** Mercado Pago's numeric cause codes and its error word. */
  codes: string[]
  /** What the provider asked us to wait. */
  detail?: RetryHint | undefined
}

/** What Mercado Pago answered, not yet checked. */
export type CallAnswer = { ok: true; body: unknown } | CallFailure

/**
 * One request through the SDK. `key` is the idempotency key: required for writes, null for reads. `request` must call the SDK
 * synchronously.
 */
export type Call = (operation: string, key: string | null, request: (config: MercadoPagoConfig) => Promise<unknown>) => Promise<CallAnswer>

/** The only place that touches the SDK's configuration and its errors. */
export function createClient({ accessToken, apiUrl, log, timeoutMs = 8_000, deadlineMs = 10_000 }: ClientOptions): Call {
  return async (operation, key, request) => {
    // The SDK keeps per-call options in the shared configuration, so that one key would leak into the next call: a fresh one each time.
    const config = new MercadoPagoConfig({
      accessToken,
      options: { ...fetchOptions(timeoutMs), ...(key === null ? {} : { idempotencyKey: key }) },
    })
    try {
      pointSdkAt(apiUrl)
      return { ok: true, body: await withDeadline(deadlineMs, request(config)) }
    } catch (error) {
      const failure = failureOf(error)
      // Only the class, the status and the codes: messages of the network layer are not ours to print.
      const line = { operation, status: failure.status, codes: failure.codes, error: nameOf(error) }
      if (failure.status === 401 || failure.status === 403) log.error(line, 'Mercado Pago refused the access token')
      else log.warn(line, 'Mercado Pago call failed')
      return failure
    }
  }
}

/**
 * The SDK has no option for its address, only a static field that TypeScript shows as read-only. It is read when a request
 * starts, so setting it right before each call lets several clients live in one process.
 */
function pointSdkAt(apiUrl: string): void {
  ;(AppConfig as { BASE_URL: string }).BASE_URL = apiUrl.replace(/\/+$/, '')
}

/** No retries: durable jobs own them. Options the SDK does not know go to `fetch`: a redirect must never carry the token away. */
function fetchOptions(timeoutMs: number): { timeout: number; maxRetries: number } {
  const options = { timeout: timeoutMs, maxRetries: 0, redirect: 'error' as const }
  return options
}

function failureOf(error: unknown): CallFailure {
  if (!(error instanceof MercadoPagoError)) return { ok: false, reason: 'unavailable', status: 0, codes: [] }
  const { status } = error
  const codes = codesOf(error)
  // A 404 without Mercado Pago's own words comes from something in between: it does not say that the thing does not exist.
  const transient = isTransient(status) || (status === 404 && codes.length === 0)
  return { ok: false, reason: transient ? 'unavailable' : 'refused', status, codes, detail: retryHint(error) }
}

/** The SDK keeps the header of a 429 only, in seconds. */
function retryHint(error: MercadoPagoError): RetryHint | undefined {
  const seconds = 'retryAfter' in error && typeof error.retryAfter === 'number' ? error.retryAfter : 0
  return seconds > 0 && Number.isFinite(seconds) ? { retryAfterMs: Math.ceil(seconds * SECOND_MS) } : undefined
}

function isTransient(status: number): boolean {
  return status === 0 || status === 408 || status === 423 || status === 424 || status === 429 || status >= 500
}

/** `cause` is an array in most answers, null or a single object in some (mercado-pago.md 2.5, 2.7). */
function codesOf(error: MercadoPagoError): string[] {
  const causes: unknown[] = [error.causes].flat()
  const codes = causes.slice(0, 10).flatMap((cause) => {
    const code = typeof cause === 'object' && cause !== null && 'code' in cause ? cause.code : undefined
    return typeof code === 'string' || typeof code === 'number' ? [String(code)] : []
  })
  return error.error ? [...codes, String(error.error).slice(0, 80)] : codes
}

function nameOf(error: unknown): string {
  if (error instanceof DeadlineExceeded) return error.message
  return error instanceof Error ? error.constructor.name : 'unknown'
}
