import { causeOf, framesOf } from '../kernel/log.ts'

const MESSAGE_CHARACTERS_MAX = 300

/** What a log line may say of an unexpected error: its first cause and where it happened, never the values of a statement. */
export function describeFailure(error: unknown): { error: string; stack: string } {
  return { error: causeOf(error).slice(0, MESSAGE_CHARACTERS_MAX), stack: framesOf(error) }
}
