/** The work did not end in time. What was already sent may still take effect. */
export class DeadlineExceeded extends Error {
  constructor(milliseconds: number) {
    super(`No answer within ${milliseconds} ms`)
    this.name = 'DeadlineExceeded'
  }
}

/**
 * Waits for `work`, but never longer than `milliseconds`. Client libraries stop their own time-out when the headers
 * arrive, so a stalled body would otherwise hang the caller (mercado-pago.md 4.4).
 */
export async function withDeadline<T>(milliseconds: number, work: Promise<T>): Promise<T> {
  const { promise: deadline, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new DeadlineExceeded(milliseconds)), milliseconds)
  try {
    return await Promise.race([work, deadline])
  } finally {
    clearTimeout(timer)
    // The loser of the race may still fail later; nobody waits for it any more.
    work.catch(() => undefined)
  }
}
