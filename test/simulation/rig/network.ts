import type { Hono } from 'hono'
import type { Mail, MailProvider } from '../../../src/features/notice/provider.ts'
import { refuse, succeed } from '../../../src/kernel/outcome.ts'
import type { Random } from '../../support/random.ts'
import { type Fault, type FaultPlan, htmlAnswer, refusal, routeOf } from './faults.ts'
import { currentLife, type Life, running } from './process.ts'
import { type RefundKeys, watchRefundKeys } from './refund-keys.ts'
import type { Scheduler, Trace } from './scheduler.ts'

export const ORIGINS = { mp: 'http://mercadopago.test', google: 'http://google.test' } as const
type Service = keyof typeof ORIGINS

export interface Network {
  fetch: typeof fetch
  mail: MailProvider
  /** Every mail that arrived, the oldest first. */
  readonly mails: Mail[]
  readonly refundKeys: Pick<RefundKeys, 'breaches'>
  /** What no process may ever do, seen on the way. */
  readonly offences: string[]
  reset(plan: FaultPlan, random: Random): void
}

/** The latest a request that its sender has given up can still arrive. */
const LATE_MS_MAX = 25_000

/** Between the processes and the sandboxes: no sockets; the scheduler decides when a request arrives and when its answer does. */
export function createNetwork(parts: Record<Service, { app: Hono }>, scheduler: Scheduler, trace: Trace): Network {
  let plan: FaultPlan
  let random: Random
  const mails: Mail[] = []
  const refundKeys = watchRefundKeys()
  const offences: string[] = []

  const carryOut = (service: Service, request: Request) =>
    running.exit(() => scheduler.during(Promise.resolve(parts[service].app.fetch(request))))

  async function call(life: Life, service: Service, request: Request): Promise<Response> {
    const url = new URL(request.url)
    const route = routeOf(service, request.method, url.pathname)
    noteOffences(life, route, request, url)
    const heard = route === 'mp refund' ? await watchRefund(request, url) : null
    life.pass('before-call')
    await life.park(`call ${route}`)
    const fault = plan.next(route)
    if (fault) trace(`  fault ${fault.kind} ${fault.status} on ${route}`)
    const answer = await answerOf(service, request, fault)
    await life.park(`answer ${route}`)
    life.pass('after-call')
    await heard?.(answer)
    return answer
  }

  async function watchRefund(request: Request, url: URL): Promise<(answer: Response) => Promise<void>> {
    const paymentId = url.pathname.split('/')[3] ?? ''
    const key = request.headers.get('x-idempotency-key') ?? ''
    const { authorization = '' } = Object.fromEntries(request.headers)
    const list = await carryOut('mp', new Request(url, { headers: { authorization } }))
    const refunds = list.ok ? ((await list.json()) as { id: number; status: string }[]) : []
    refundKeys.ask(
      paymentId,
      key,
      refunds.filter(({ status }) => status === 'rejected').map(({ id }) => id),
    )
    return async (answer) => {
      const body = await answer
        .clone()
        .json()
        .catch(() => null)
      refundKeys.hear(paymentId, key, answer.status, body)
    }
  }

  async function answerOf(service: Service, request: Request, fault: Fault | null): Promise<Response> {
    switch (fault?.kind) {
      case undefined:
        return carryOut(service, request)
      case 'refused':
        throw new TypeError('fetch failed')
      case 'status':
        return refusal(service, fault.status)
      case 'html':
        return htmlAnswer()
      case 'lost':
        await carryOut(service, request)
        throw new TypeError('fetch failed')
      case 'failed':
        await carryOut(service, request)
        return refusal(service, 500)
      case 'cut': {
        const whole = await carryOut(service, request)
        const text = await whole.text()
        return new Response(text.slice(0, Math.floor(text.length / 2)), {
          status: whole.status,
          headers: { 'content-type': 'application/json' },
        })
      }
      case 'silent':
        return new Promise<never>(() => {})
      case 'mute':
        await carryOut(service, request)
        return new Promise<never>(() => {})
      case 'late':
        scheduler.setTimer(null, 10_000 + random.below(LATE_MS_MAX), () => void carryOut(service, request).catch(() => {}), false)
        return new Promise<never>(() => {})
    }
  }

  function noteOffences(life: Life, route: string, request: Request, url: URL): void {
    const store = running.getStore()
    if (typeof store === 'object' && store.holdsConnection.yes)
      offences.push(`transaction: ${life.process} called ${route} inside a transaction`)
    if (route.endsWith(' other')) offences.push(`call: ${request.method} ${url.pathname}`)
  }

  return {
    mails,
    refundKeys,
    offences,
    fetch(input, init) {
      const request = new Request(input as RequestInfo, init)
      const service = (Object.keys(ORIGINS) as Service[]).find((name) => request.url.startsWith(`${ORIGINS[name]}/`))
      const life = currentLife()
      if (!service) {
        offences.push(`call: something was sent to ${new URL(request.url).origin}`)
        return Promise.reject(new TypeError('fetch failed'))
      }
      const answer = life ? call(life, service, request) : carryOut(service, request)
      return unlessAborted(answer, init?.signal ?? request.signal)
    },
    mail: {
      async send(mail) {
        const life = currentLife()
        life?.pass('before-call')
        await life?.park('call mail send')
        const fault = plan.next('mail send')
        const arrives = !fault || ['lost', 'failed', 'cut', 'mute', 'late'].includes(fault.kind)
        if (arrives) mails.push(mail)
        await life?.park('answer mail send')
        life?.pass('after-call')
        if (!fault) return succeed(null)
        return refuse(fault.kind === 'status' && fault.status === 410 ? 'refused' : 'unavailable')
      },
    },
    reset(faults, seeded) {
      plan = faults
      random = seeded
      mails.length = 0
      offences.length = 0
      refundKeys.clear()
    },
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal | null | undefined): Promise<T> {
  if (!signal) return work
  return new Promise((resolve, reject) => {
    const abort = () => reject(new DOMException('This operation was aborted', 'AbortError'))
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject)
  })
}
