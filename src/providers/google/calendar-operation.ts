import type { CalendarAccess, CalendarOutcome } from '../../features/meeting/provider.ts'
import { refuse } from '../../kernel/outcome.ts'
import type { GrantClient } from './calendar-client.ts'
import type { CalendarCallFailure } from './calendar-failure.ts'

/** One call of the official client, and what came of it. */
export type Operation = (client: GrantClient) => Promise<{ data: unknown }>
export type Answer = { ok: true; body: unknown } | { ok: false; failed: CalendarCallFailure }

/** Makes one, and tells how it ended. `operation`: its name in the log. */
export type Call = (operation: string, access: CalendarAccess, request: Operation) => Promise<Answer>

/** Conference data is silently ignored without this on every write that makes or keeps it (google.md 2.1). */
export const KEEP_CONFERENCE = { conferenceDataVersion: 1, sendUpdates: 'none' } as const

/** A failed call in the words of the port. */
export function failure({ failure: reason, cause, retryAfterMs }: CalendarCallFailure): CalendarOutcome<never> {
  return refuse(reason, { cause, ...(retryAfterMs === undefined ? {} : { retryAfterMs }) })
}
