import { type Logger, pino } from 'pino'

export type Log = Pick<Logger, 'info' | 'warn' | 'error' | 'debug' | 'child'>

/** Keys that never reach a log line, wherever they appear. Log ids and outcomes, not people or secrets. */
const REDACTED = [
  'email',
  'token',
  'refreshToken',
  'accessToken',
  'accessCode',
  'code',
  'cookie',
  'authorization',
  'htmlLink',
  'meetUrl',
  'secret',
]

export function createLog(level: string): Logger {
  return pino({
    level,
    base: null,
    redact: { paths: REDACTED.flatMap((key) => [key, `*.${key}`]), censor: '[oculto]' },
  })
}

/** What went wrong, in the words of the first cause. The query layer's own message repeats the values of the statement, which are people's data. */
export function causeOf(error: unknown): string {
  let cause = error
  for (let depth = 0; depth < 5 && cause instanceof Error && cause.cause instanceof Error; depth++) cause = cause.cause
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
}

/** Where it went wrong: the frames of the stack, without the message that a stack begins with. */
export function framesOf(error: unknown): string {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : []
  return lines.filter((line) => /^\s+at /.test(line)).join('\n')
}
