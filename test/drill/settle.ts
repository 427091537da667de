import type { DrillDatabase, Rows } from './database.ts'
import { answerHands, retryCases } from './operator.ts'
import { openDoors } from './people.ts'
import type { Processes } from './processes.ts'
import { settleRefunds } from './provider.ts'
import { mustBeConnected } from './teacher.ts'
import { haveDue, type Town } from './town.ts'
import { pause } from './weather.ts'

const DAY_MINUTES = 24 * 60
const DAYS_AT_ONCE_QUICK = 2
/** First what is due soon, with the daily look at every order, then everything that days bring. */
const FIRST_STEPS_MINUTES = [1, 2, 3, 5, 10, 15, 30, 60, 60, 120, 180, 360, 360, 360]
const FIRST_STEPS_MINUTES_QUICK = [2, 5, 15, 60, 240, 720, 480]
const RESTARTED_AFTER_STEP = 2
/** Hourly questions about unpaid orders end 48 hours after their hold. */
const DAYS_AFTER_LAST_CLASS = 3
const STEPS_MAX = 60
/** Longer than the pause between two looks of a worker. */
const QUIET_MS = 1_300
const LOOK_MS = 100
const QUIET_LIMIT_MS = 240_000
const EXTRA_ROUNDS_MAX = 5
/** Longer than the pause before a repetition, shorter than any job may take: a move of the clock ends the time of what is under way. */
const EXTRA_MINUTES = 1

/** The calendar is read as often. */
const READ_AFTER_MINUTES = 1

export interface Settling {
  town: Town
  processes: Processes
  database: DrillDatabase
  quick: boolean
  /** Guests go on entering; this long before a class begins they may. */
  joinLeadMs: number
  tell(what: string): void
  signal: AbortSignal
}

export interface Settled {
  /** Work that is still left over; empty when everything came to rest. */
  unfinished: string[]
  /** Cases that the admin had tried once more: what failed for good, because its tries were used up while everything was down, is up to a person. */
  retried: number
  /** What hands had done in the calendar, and the admin answered. */
  answered: number
  /** Refunds that Mercado Pago had left in process. */
  inProcess: number
  /** From here on, on the sandbox's clock, everything works and everybody looks after everything. */
  fromMs: number
}

/**
 * The days after. First the calendar is connected again, where it is not; refunds that were left in process come to their end. The clock goes on until every class has ended and every question has been asked, with one orderly restart of everything
 * in between; what comes days later comes; the admin answers what hands did in the calendar. Then he tries once more what is on his list. Ends with all
 * processes stopped.
 */
export async function settle(settling: Settling): Promise<Settled> {
  const { town, processes, database, quick, joinLeadMs, tell, signal } = settling
  const steps = quick ? FIRST_STEPS_MINUTES_QUICK : FIRST_STEPS_MINUTES
  const untilMs = () => town.lastEndMs + DAYS_AFTER_LAST_CLASS * DAY_MINUTES * 60_000
  await mustBeConnected(town)
  const inProcess = await settleRefunds(town.sandbox)
  await comeToRest(settling)
  const fromMs = town.now()
  let answered = 0
  for (let step = 0; step < STEPS_MAX && (step < steps.length || town.now() < untilMs() || town.afterwards.length > 0); step++) {
    signal.throwIfAborted()
    tell(`settling, it is ${new Date(town.now()).toISOString().slice(0, 16)}`)
    await town.advance(steps[step] ?? DAY_MINUTES * (quick ? DAYS_AT_ONCE_QUICK : 1))
    await openDoors(town, joinLeadMs)
    const happened = await haveDue(town)
    await comeToRest(settling)
    const answers = await answerHands(town)
    answered += answers
    // A class that is where it was not before is compared with the calendar in a minute, not in two days.
    if (happened + answers > 0) {
      await comeToRest(settling)
      await town.advance(READ_AFTER_MINUTES)
      await comeToRest(settling)
    }
    if (step === RESTARTED_AFTER_STEP && !quick) await processes.restartAll()
  }
  tell('trying once more what is on the list')
  const retried = await retryCases(town)
  if (retried > 0) await comeToRest(settling)
  for (let round = 0; ; round++) {
    await processes.stopAll()
    const unfinished = await database.look((rows) => unfinishedWork(rows, town.now()))
    if (unfinished.length === 0 || round >= EXTRA_ROUNDS_MAX) return { unfinished, retried, answered, inProcess, fromMs }
    await processes.startAll()
    await town.advance(EXTRA_MINUTES)
    await comeToRest(settling)
  }
}

/** Nobody asks the providers for anything any more and no mail comes, for longer than any pause between two looks. */
export async function comeToRest({ town, signal }: Pick<Settling, 'town' | 'signal'>): Promise<void> {
  const limit = performance.now() + QUIET_LIMIT_MS
  let before = ''
  let quietSince = performance.now()
  while (performance.now() < limit && !signal.aborted) {
    const { requests, mails } = (await (await fetch(`${town.sandbox.hub}/healthz`)).json()) as { requests: number; mails: number }
    const now = `${requests} ${mails}`
    if (now !== before) {
      before = now
      quietSince = performance.now()
    } else if (performance.now() - quietSince >= QUIET_MS) return
    await pause(LOOK_MS, signal)
  }
  if (!signal.aborted) throw new Error(`The product does not come to rest within ${QUIET_LIMIT_MS / 1_000} s of one move of the clock`)
}

const UNFINISHED: readonly [string, string][] = [
  [
    'jobs due or under way',
    `SELECT name, state, count(*)::int AS n, max(retry_count) AS retries, max(output->>'message') AS output
      FROM pgboss.job, (SELECT max(last_queued_at) AS at FROM timed_job) AS latest
      WHERE name <> 'dead-letter' AND (state IN ('active', 'retry') OR (state = 'created' AND start_after <= latest.at)) GROUP BY name, state`,
  ],
  [
    'notifications not looked at',
    `SELECT job.name, job.state, job.retry_count AS retries, min(job.start_after) AS due, min(inbox.received_at) AS received, count(*)::int AS n
      FROM webhook_inbox AS inbox LEFT JOIN LATERAL (
        SELECT * FROM pgboss.job WHERE singleton_key = inbox.topic || ':' || inbox.external_id ORDER BY created_on DESC LIMIT 1
      ) AS job ON true WHERE inbox.processed_at IS NULL GROUP BY 1, 2, 3`,
  ],
  [
    'holds that ended and block their slot',
    `SELECT c.id FROM virtual_class c, (SELECT max(last_queued_at) AS at FROM timed_job) AS latest
      WHERE c.status = 'pending' AND c.paid_at IS NULL AND c.hold_expires_at < latest.at - interval '1 hour'`,
  ],
  ['paid classes that are nowhere', `SELECT id FROM virtual_class WHERE status = 'pending' AND paid_at IS NOT NULL`],
  [
    'classes that ended and are not completed',
    `SELECT c.id FROM virtual_class c, (SELECT max(last_queued_at) AS at FROM timed_job) AS latest
      WHERE c.status = 'scheduled' AND c.ends_at < latest.at - interval '1 hour'`,
  ],
  [
    'messages neither sent nor told of',
    `SELECT n.id, n.kind, n.state FROM notice n WHERE n.state NOT IN ('sent', 'skipped')
      AND NOT EXISTS (SELECT FROM attention_case a WHERE a.subject = 'notice' AND a.subject_id = n.id::text AND a.resolved_at IS NULL)
      AND NOT EXISTS (SELECT FROM pgboss.job j WHERE j.name = 'notice.send' AND j.data->>'noticeId' = n.id::text AND j.state IN ('created', 'retry'))`,
  ],
  [
    'refunds not made and nobody told',
    `SELECT r.id FROM refund r WHERE r.state <> 'approved'
      AND NOT EXISTS (SELECT FROM attention_case a WHERE a.subject = 'refund' AND a.subject_id = r.id::text AND a.resolved_at IS NULL)`,
  ],
]

/** Timed jobs come every few minutes; who queues none for so long queues none at all. */
const TIMED_JOBS_WITHIN_MS = 2 * 60 * 60_000

async function unfinishedWork(rows: Rows, nowMs: number): Promise<string[]> {
  const left: string[] = []
  const [timed] = await rows<{ at: Date | null }>('SELECT max(last_queued_at) AS at FROM timed_job')
  if (!timed?.at || timed.at.getTime() < nowMs - TIMED_JOBS_WITHIN_MS) left.push(`timed jobs were last queued ${timed?.at?.toISOString()}`)
  for (const [what, text] of UNFINISHED) {
    const found = await rows(text)
    if (found.length > 0) left.push(`${what}: ${JSON.stringify(found.slice(0, 5))}`)
  }
  return left
}
