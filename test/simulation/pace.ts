/**
 * Whether a line of progress is due: with the first piece of work that is done, then once in `everyMs`, however long a piece takes. It is asked
 * with the time since the beginning, after each piece.
 */
export function paceOf(everyMs: number): (elapsedMs: number) => boolean {
  let dueMs = 0
  return (elapsedMs) => {
    if (elapsedMs < dueMs) return false
    dueMs = elapsedMs + everyMs
    return true
  }
}
