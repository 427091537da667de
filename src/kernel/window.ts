/**
 * True inside [from, until): the first instant belongs to a window, the last does not. A missing bound is open. Milliseconds.
 * Imports nothing: server and browser share it.
 */
export function isWithin(at: number, from: number | null, until: number | null): boolean {
  return (from === null || at >= from) && (until === null || at < until)
}
