const MESSAGE_CHARACTERS_MAX = 300
const CAUSES_MAX = 5

/** What a log line may say of an unexpected error: its first cause and where it happened, never the values of a statement (behaviour Z10). */
export function describeFailure(error: unknown): { error: string; stack: string } {
  return { error: causeOf(error).slice(0, MESSAGE_CHARACTERS_MAX), stack: framesOf(error) }
}

/** The query layer's own message repeats the values of the statement, which are people's data; what lies behind it does not. */
function causeOf(error: unknown): string {
  let cause = error
  for (let depth = 0; depth < CAUSES_MAX && cause instanceof Error && cause.cause instanceof Error; depth++) cause = cause.cause
  return cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause)
}

/** The frames of the stack, without the message that a stack begins with. */
function framesOf(error: unknown): string {
  const lines = error instanceof Error ? (error.stack ?? '').split('\n') : []
  return lines.filter((line) => /^\s+at /.test(line)).join('\n')
}
