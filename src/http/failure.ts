/**
 * What may be logged of an unexpected error. The text of a failed statement repeats its parameters, which are people's data, so of a database
 * error only its code and constraint are kept, and of the stack only the frames (behaviour Z10).
 */
export function loggable(error: unknown): { error: string; stack?: string } {
  if (!(error instanceof Error)) return { error: 'not an error object' }
  const frames = error.stack?.split('\n').filter((line) => /^\s+at /.test(line))
  return { error: databaseError(error) ?? error.message, ...(frames ? { stack: frames.join('\n') } : {}) }
}

/** Null for an error that no statement caused. */
function databaseError(error: Error): string | null {
  let failedStatement = false
  for (let depth = 0, cause: unknown = error; depth < 5 && cause instanceof Error; depth++, cause = cause.cause) {
    const { code, constraint } = cause as { code?: unknown; constraint?: unknown }
    if ('query' in cause && 'params' in cause) failedStatement = true
    if (typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code)) {
      return `database error ${code}${typeof constraint === 'string' ? ` on ${constraint}` : ''}`
    }
  }
  return failedStatement ? 'database error' : null
}
