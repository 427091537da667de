import type { Config } from './config.ts'
import type { Database } from './db/client.ts'
import type { ExerciseModel } from './features/activity/provider.ts'
import type { SignInProvider } from './features/identity/provider.ts'
import type { LiveHub } from './features/live/hub.ts'
import type { CalendarProvider } from './features/meeting/provider.ts'
import type { MailProvider } from './features/notice/provider.ts'
import type { PaymentProvider } from './features/payment/provider.ts'
import type { JobQueue } from './jobs/queue.ts'
import type { Clock } from './kernel/clock.ts'
import type { Ids } from './kernel/ids.ts'
import type { Log } from './kernel/log.ts'
import type { SecretBox } from './kernel/secret-box.ts'

/** Everything the product touches outside its own values. Made once in `main.ts`, or by a test. */
export interface Deps {
  config: Config
  db: Database
  clock: Clock
  ids: Ids
  log: Log
  jobs: JobQueue
  secrets: SecretBox
  payments: PaymentProvider
  calendar: CalendarProvider
  signIn: SignInProvider
  /** Tells open pages what changed. */
  live: LiveHub
  /** Null: exercises come from the built-in bank. */
  exercises: ExerciseModel | null
  /** Null: no mail server configured; notices stay inside the product. */
  mail: MailProvider | null
}
