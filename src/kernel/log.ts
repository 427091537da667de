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
