import type { Hono } from 'hono'
import type { SandboxClock } from './clock.ts'
import type { RequestLog } from './request-log.ts'

/** What every part of the sandbox (google, mercado-pago, mailbox) is built from. */
export interface PartContext {
  clock: SandboxClock
  log: RequestLog
  /** Public origin of this part, known before it serves, for example "http://127.0.0.1:3002". */
  origin: string
  /** Called after every change of state; the hub persists all parts soon after. */
  changed(): void
}

/** One imitated provider: an HTTP application plus its state and its share of the control API. */
export interface SandboxPart {
  /** The provider's own protocol. */
  app: Hono
  /** Mounted by the hub at `/__control/<part>`: reading state, faults, events caused by hand. */
  control: Hono
  /** Plain JSON, survives a restart. */
  snapshot(): unknown
  restore(state: unknown): void
  /** Forgets everything but the seeded accounts. */
  reset(): void
  /** Runs what is due at the clock's present (notification retries, expiries). Called by the hub every second and after each move of the clock. */
  tick(): Promise<void>
  close(): Promise<void>
}
