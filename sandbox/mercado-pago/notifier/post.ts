import { isLoopback } from '../../kernel/guard.ts'
import type { Message } from './message.ts'

export type Deliver = (request: Request) => Promise<Response>

export interface Answer {
  status: number | null
  error: string | null
  /** Start of the receiver's answer. */
  text: string
}

const ANSWER_CHARACTERS_KEPT = 2_000

/** Posts one message. Every failure is an answer; nothing throws. The sandbox itself never calls anything beyond this computer. */
export async function post(message: Message, timeoutMs: number, closing: AbortSignal, deliver?: Deliver): Promise<Answer> {
  if (!deliver && !isLoopback(message.url)) return failed('only receivers on this computer are called')
  const signal = AbortSignal.any([closing, AbortSignal.timeout(timeoutMs)])
  const request = new Request(message.url, { method: 'POST', headers: message.headers, body: message.body, signal, redirect: 'manual' })
  try {
    const response = await orAborted((deliver ?? fetch)(request), signal)
    const text = await orAborted(response.text(), signal).catch(() => '')
    return { status: response.status, error: null, text: text.slice(0, ANSWER_CHARACTERS_KEPT) }
  } catch (error) {
    return failed(closing.aborted ? 'the sandbox closed' : signal.aborted ? `no answer within ${timeoutMs} ms` : reasonOf(error))
  }
}

const failed = (error: string): Answer => ({ status: null, error, text: '' })

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  const cause = error.cause
  return cause instanceof Error && cause.message ? cause.message : error.message
}

/** A receiver given as a function may ignore the signal. */
function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(new Error('aborted'))
    if (signal.aborted) return abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
