import { causeOf } from '../kernel/log.ts'

const MESSAGE_CHARACTERS_MAX = 300

/** What a log line may say of an unexpected error: its first cause, and where it happened. A stack begins with the message, so only its frames stay. */
export function loggable(error: unknown): { error: string; stack?: string } {
  const frames = error instanceof Error ? (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line)) : []
  return { error: causeOf(error).slice(0, MESSAGE_CHARACTERS_MAX), ...(frames.length > 0 ? { stack: frames.join('\n') } : {}) }
}
