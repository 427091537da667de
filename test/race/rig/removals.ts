import { MIGRATION_LOCK } from '../../../src/db/migrate.ts'
import type { Deps } from '../../../src/deps.ts'
import type { Removal } from './rig.ts'

/** Rows are read without being locked; what signs somebody in (`of` its one table) is not what the races are about. */
export const rowLocks: Removal = { rewrite: (text) => text.replace(/ for (no key )?update\b(?! (?:of|skip))/g, '') }

/** Whoever wants an hour looks first whether somebody holds it: here nobody ever seems to. */
const lookAhead: Removal = {
  rewrite: (text) => (text.includes('"virtual_class"."teacher_id" = ANY(') ? text.replace(' order by ', ' and false order by ') : text),
}

const overlapConstraint: Removal = { drop: ['ALTER TABLE virtual_class DROP CONSTRAINT virtual_class_no_overlap'] }

/** The constraint that refuses two live classes of one person in one hour. */
export const noOwnHour: Removal = { drop: ['ALTER TABLE virtual_class DROP CONSTRAINT virtual_class_own_hour'] }

/** One seat, one person; never more seats than the class has. */
export const seatConstraints: Removal = {
  drop: [
    'ALTER TABLE participation DROP CONSTRAINT participation_seat_once',
    'ALTER TABLE participation DROP CONSTRAINT participation_capacity',
  ],
}

/** Several protections gone at once. */
export function together(...removals: readonly Removal[]): Removal {
  return {
    parts: removals,
    drop: removals.flatMap(({ drop }) => drop ?? []),
    queueApart: removals.some(({ queueApart }) => queueApart),
    replace(deps) {
      const replaced: Partial<Deps> = {}
      for (const { replace } of removals) Object.assign(replaced, replace?.({ ...deps, ...replaced }))
      return replaced
    },
  }
}

/** A use is counted on the row as it is when its turn comes, not as it was when the statement began. */
export const countOnTheRow: Removal = {
  rewrite: (text) =>
    text.replace(
      'rate_limit.used <',
      'coalesce((SELECT r.used FROM rate_limit r WHERE r.bucket = excluded.bucket AND r.window_start = excluded.window_start), 0) <',
    ),
}

/** Whose turn it is is decided on the row as it is when one gets there, not as it was when the statement began. */
export const timedTurns: Removal = {
  rewrite: (text) =>
    text.replace(
      'WHERE timed_job.last_queued_at <=',
      `WHERE coalesce((SELECT t.last_queued_at FROM timed_job t WHERE t.name = timed_job.name), '-infinity') <=`,
    ),
}

/** At most one waiting job per key. */
export const jobKeys: Removal = {
  replace: ({ jobs }) => ({
    jobs: { ...jobs, enqueue: (job, payload, options) => jobs.enqueue(job, payload, { ...options, key: crypto.randomUUID() }) },
  }),
}

/** The jobs of a transaction exist exactly when it commits. */
export const transactionalQueue: Removal = { queueApart: true }

/** The id of a calendar event follows from its class. */
export const derivedEventIds: Removal = {
  replace: ({ calendar }) => ({
    calendar: {
      ...calendar,
      insertEvent: (access, event) => calendar.insertEvent(access, { ...event, eventId: crypto.randomUUID().replaceAll('-', '') }),
    },
  }),
}

/** One live code per class, one place per person. */
export const enrolmentConstraints: Removal = together(seatConstraints, {
  drop: ['DROP INDEX access_code_live', 'ALTER TABLE participation DROP CONSTRAINT participation_once'],
})

/** One code, one class, ever. */
export const codeKey: Removal = { drop: ['ALTER TABLE access_code DROP CONSTRAINT access_code_pkey'] }

/** One message per cause. */
export const noticeKey: Removal = {
  drop: ['ALTER TABLE notice DROP CONSTRAINT notice_dedupe'],
  rewrite: (text) => text.replace(' on conflict ("dedupe_key") do nothing', ''),
}

/** One refund per payment, and never more than was paid. */
export const refundOnce: Removal = {
  drop: ['ALTER TABLE refund DROP CONSTRAINT refund_once', 'DROP TRIGGER refund_within_payment ON refund'],
  rewrite: (text) => text.replace(' on conflict ("payment_id") do nothing', ''),
}

/** Whoever migrates holds an advisory lock. */
export const migrationLock: Removal = { rewrite: (text) => text.replace(`pg_try_advisory_xact_lock(${MIGRATION_LOCK})`, 'true') }

/** What the provider says of one payment is one row, so whoever writes it down waits for the other who does. */
export const paymentKey: Removal = {
  drop: ['ALTER TABLE provider_payment DROP CONSTRAINT provider_payment_pkey CASCADE'],
  rewrite: (text) => (text.includes('INSERT INTO provider_payment') ? text.replace(/ON CONFLICT \(id\)[\s\S]*$/, '') : text),
}

/**
 * The constraint that refuses two live classes of one teacher in one hour, and the look before it that only spares a crowd the transaction: with that
 * alone two have to meet within a few milliseconds.
 */
export const noOverlap: Removal = together(overlapConstraint, lookAhead)
