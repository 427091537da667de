import { HOUR_MS, MINUTE_MS, SECOND_MS } from './clock.ts'
import type { Ids } from './ids.ts'

/** After this many failures a person is told (behaviour 7). */
export const FAILURES_UNTIL_ALARM = 8
const FIRST_MS = 5 * SECOND_MS
const LONGEST_MS = 15 * MINUTE_MS

/**
 * How long to wait after the given number of failures: 5 s, doubling, up to 15 minutes, with up to 20 % of jitter; hourly once the alarm was given.
 * What the other side asked for (`Retry-After`) is honoured when it is longer, up to an hour (behaviour 7).
 */
export function backoffMs(failures: number, ids: Ids, retryAfterMs = 0): number {
  const planned = failures >= FAILURES_UNTIL_ALARM ? HOUR_MS : Math.min(LONGEST_MS, FIRST_MS * 2 ** Math.max(0, failures - 1))
  const jitter = Math.floor(planned * 0.2 * (ids.number(1_000) / 1_000))
  return Math.max(planned + jitter, Math.min(retryAfterMs, HOUR_MS))
}
