import type { ProviderPayment } from '../../src/features/payment/provider.ts'
import { findOrder } from '../../src/features/payment/store.ts'
import { succeed } from '../../src/kernel/outcome.ts'
import * as bends from './bends.ts'
import { PRICES } from './history/plan.ts'
import type { Kind } from './judge/kinds.ts'
import { LAPSES } from './lapses.ts'
import { type NamedMutant, withPayments } from './named-mutant.ts'
import { type Mutant, WEBHOOK_SECRET } from './rig/simulation.ts'

/** Jobs that look after what others have lost: with them the loss heals, or a person is told, and both are as promised. */
const HEALERS = ['meeting.revive', 'payment.revive-refunds', 'statement.make']

/** A queue that loses what `loses` says. */
const queueWithout = (loses: (name: string, startAfter: Date | undefined) => boolean): Mutant => ({
  replace: ({ jobs }) => ({
    jobs: {
      ...jobs,
      enqueue: async (job, payload, options) => (loses(job.name, options.startAfter) ? undefined : jobs.enqueue(job, payload, options)),
    },
  }),
})

/** The same, and whoever would make up for it. */
const losing: typeof queueWithout = (loses) => queueWithout((name, startAfter) => loses(name, startAfter) || HEALERS.includes(name))

const CENTAVOS: readonly number[] = PRICES.map((pesos) => pesos * 100)

/** Whatever was paid counts as the price. */
function asPriced(payment: ProviderPayment): ProviderPayment {
  const { amount } = payment
  if (amount === null || CENTAVOS.includes(amount)) return payment
  return { ...payment, amount: CENTAVOS.find((price) => price === amount * 2) ?? amount - 50_000 }
}

/** Nothing of it went back. */
const asKept = (payment: ProviderPayment): ProviderPayment =>
  payment.status === 'refunded' ? { ...payment, status: 'approved', refundedAmount: 0 } : payment

const PROTECTIONS: readonly NamedMutant[] = [
  {
    name: 'the exclusion constraint is dropped',
    shows: ['overlap'],
    bend: bends.crowdedSlots,
    mutant: {
      drop: ['ALTER TABLE virtual_class DROP CONSTRAINT virtual_class_no_overlap'],
    },
  },
  {
    name: 'one person may have two classes in one hour',
    shows: ['own-hour'],
    bend: bends.sameHourTwice,
    mutant: {
      drop: ['ALTER TABLE virtual_class DROP CONSTRAINT virtual_class_own_hour'],
    },
  },
  {
    name: 'any amount counts as the price',
    shows: ['price'],
    bend: bends.paidWith('half', 'too-much'),
    mutant: withPayments(({ payments }) => ({
      async findPayments(orderId) {
        const found = await payments.findPayments(orderId)
        return found.ok ? succeed(found.value.map(asPriced)) : found
      },
      async getPayment(paymentId) {
        const found = await payments.getPayment(paymentId)
        return found.ok ? succeed(asPriced(found.value)) : found
      },
    })),
  },
  {
    name: 'jobs are queued after the commit instead of inside',
    shows: ['silent', 'work', 'event', 'hold'],
    bend: bends.dyingAfterCommits,
    mutant: {
      replace: ({ jobs, db }) => ({
        jobs: {
          ...jobs,
          enqueue: async (...job) =>
            HEALERS.includes(job[0].name) ? undefined : db.afterCommit(() => void jobs.enqueue(...job).catch(() => {})),
        },
      }),
    },
  },
  {
    name: 'each attempt at a refund has a key of its own',
    shows: ['refund-key'],
    bend: bends.refundsAtTheSecondTry,
    mutant: withPayments(({ payments, ids }) => ({ refund: (request) => payments.refund({ ...request, key: ids.uuid() }) })),
  },
  {
    name: 'nobody asks before a hold is released',
    shows: ['release'],
    bend: bends.withoutNotifications,
    mutant: withPayments(({ payments, db }) => ({
      async findPayments(orderId) {
        const order = await findOrder(db.handle, orderId)
        return order?.status === 'pending' ? succeed([]) : payments.findPayments(orderId)
      },
    })),
  },
  {
    name: 'nobody asks before a hold is released whose payment was rejected',
    shows: ['release'],
    bend: bends.unheardAfterRejected,
    mutant: withPayments(({ payments, db }) => ({
      async findPayments(orderId) {
        const order = await findOrder(db.handle, orderId)
        return order?.status === 'approved' ? payments.findPayments(orderId) : succeed([])
      },
    })),
  },
  {
    name: 'an order counts as paid from its beginning',
    shows: ['price'],
    bend: bends.bookedWithAnOrder,
    mutant: {
      drop: [
        `CREATE FUNCTION free() RETURNS trigger LANGUAGE plpgsql AS $$
         BEGIN NEW.status := 'approved'; NEW.approved_at := NEW.created_at; RETURN NEW; END $$`,
        'CREATE TRIGGER free BEFORE INSERT ON payment_order FOR EACH ROW EXECUTE FUNCTION free()',
      ],
    },
  },
  {
    name: 'what went back at the provider is not seen',
    shows: ['returned'],
    bend: bends.givenBack,
    mutant: withPayments(({ payments }) => ({
      async findPayments(orderId) {
        const found = await payments.findPayments(orderId)
        return found.ok ? succeed(found.value.map(asKept)) : found
      },
      async getPayment(paymentId) {
        const found = await payments.getPayment(paymentId)
        return found.ok ? succeed(asKept(found.value)) : found
      },
    })),
  },
  {
    name: 'whoever cancels too late gets everything back all the same',
    shows: ['gift'],
    bend: bends.cancelledTooLate,
    mutant: { replace: ({ config }) => ({ config: { ...config, fullRefundHours: 0 } }) },
  },
  {
    name: 'whoever cancels in time gets nothing back',
    shows: ['silent'],
    bend: bends.cancelledClass,
    mutant: { replace: ({ config }) => ({ config: { ...config, fullRefundHours: 1_000 } }) },
  },
  {
    name: 'money for a hold that was given up does not go back',
    shows: ['silent'],
    bend: bends.paidAfterGivenUp,
    mutant: losing((name) => name === 'payment.refund'),
  },
  {
    name: 'what was paid twice does not go back, and the class has a case about something else',
    shows: ['silent'],
    bend: bends.paidTwiceInConflict,
    // A case about the calendar ends with its class; here it stays, and would answer for the money if any case did.
    mutant: {
      ...losing((name) => name === 'payment.refund'),
      rewrite: (text) => text.replace(/^(update "attention_case" set .*?) where /, '$1 where false and '),
    },
  },
  {
    name: 'the event of a class that was moved stays where it was, under a name that a hand gave it',
    shows: ['event'],
    bend: bends.renamedAndMoved,
    // Without the mirror of the calendar, too, which would put it right.
    mutant: losing((name) => name === 'meeting.move' || name === 'mirror.sync'),
  },
  {
    name: 'no code is ever retired',
    shows: ['code'],
    bend: bends.cancelledClass,
    mutant: { rewrite: (text) => text.replace(/^(update "access_code" set "retired_at".*?) where /, '$1 where false and ') },
  },
  {
    name: 'a notice is written as often as its cause is met',
    shows: ['notice'],
    bend: bends.rejectedPayment,
    mutant: {
      drop: ['ALTER TABLE notice DROP CONSTRAINT notice_dedupe'],
      rewrite: (text) => text.replace(' on conflict ("dedupe_key") do nothing', ''),
    },
  },
  {
    name: 'orders are never looked at again',
    shows: ['hold', 'silent'],
    bend: bends.unpaidHold,
    mutant: { rewrite: (text) => text.replace('WHERE next_check_at <= ', 'WHERE false AND next_check_at <= ') },
  },
  {
    name: 'every signature is good',
    shows: ['attack'],
    bend: bends.forgedNotifications,
    mutant: withPayments(() => ({ verifyNotification: () => (WEBHOOK_SECRET ? 'valid' : 'invalid') })),
  },
  {
    name: 'a way back from Google is good more than once',
    shows: ['attack'],
    bend: bends.replayedCallback,
    mutant: {
      rewrite: (text) =>
        text.replace(/^delete from "sign_in_attempt" where (.*) returning (.*)$/, 'select $2 from "sign_in_attempt" where $1'),
    },
  },
  {
    name: 'payments of nobody and somebody else count as ours',
    shows: ['price', 'silent'],
    bend: bends.paidWith('dollars', 'other-collector'),
    mutant: withPayments(({ payments, config }) => ({
      async findPayments(orderId) {
        const found = await payments.findPayments(orderId)
        if (!found.ok) return found
        return succeed(found.value.map((payment) => ({ ...payment, currency: 'ARS', collectorId: config.mercadoPago.collectorId })))
      },
      async getPayment(paymentId) {
        const found = await payments.getPayment(paymentId)
        return found.ok ? succeed({ ...found.value, currency: 'ARS', collectorId: config.mercadoPago.collectorId }) : found
      },
    })),
  },
  {
    name: 'an event gets any id instead of that of its class',
    shows: ['event'],
    bend: bends.eventsWithLostAnswers,
    mutant: {
      replace: ({ calendar, ids }) => ({
        calendar: {
          ...calendar,
          insertEvent: (access, event) => calendar.insertEvent(access, { ...event, eventId: ids.uuid().replaceAll('-', '') }),
        },
      }),
    },
  },
  {
    name: 'a refund that failed is not tried again',
    shows: ['silent'],
    bend: bends.refundsAtTheSecondTry,
    // Without whoever revives it hours later, too: the promise is that a job waits as long as money is owed.
    mutant: losing((name, startAfter) => name === 'payment.refund' && startAfter !== undefined),
  },
  {
    name: 'a meeting that could not be made is not tried again',
    shows: ['silent'],
    bend: bends.eventsAtTheSecondTry,
    mutant: losing((name, startAfter) => name === 'meeting.create' && startAfter !== undefined),
  },
  {
    name: 'the event of a cancelled class stays',
    shows: ['event'],
    bend: bends.cancelledClass,
    // Without the mirror of the calendar, too, which takes such an event away when it sees it.
    mutant: losing((name) => name === 'meeting.remove' || name === 'mirror.sync'),
  },
  {
    name: 'a released hold keeps its slot',
    shows: ['hold'],
    bend: bends.unpaidHold,
    mutant: {
      rewrite: (text) =>
        /^update "virtual_class" set "status" = .*"hold_expires_at"/.test(text) ? text.replace(' where ', ' where false and ') : text,
    },
  },
  {
    name: 'the statement of a day knows nothing of money that names no order',
    shows: ['silent'],
    bend: bends.unheardMoney,
    mutant: withPayments(({ payments }) => ({
      async listPayments(...range) {
        const listed = await payments.listPayments(...range)
        return listed.ok ? succeed(listed.value.filter(({ externalReference }) => externalReference !== null)) : listed
      },
    })),
  },
  {
    name: 'no statement is ever made',
    shows: ['statement'],
    bend: bends.paidWith('approved'),
    mutant: losing((name) => name === 'statement.make'),
  },
  {
    name: 'nobody is told where the statement of a day differs',
    shows: ['statement'],
    bend: bends.unheardMoney,
    // Without the look that would cure the difference.
    mutant: {
      ...queueWithout((name) => name === 'payment.look-at-notification'),
      rewrite: (text) => (text.includes('INSERT INTO attention_case') ? text.replace('WHERE NOT (', 'WHERE false AND NOT (') : text),
    },
  },
  {
    name: 'the statement of a day counts what went back as a class',
    shows: ['statement'],
    bend: bends.cancelledClass,
    mutant: {
      rewrite: (text) =>
        text.startsWith('insert into "daily_statement"')
          ? text.replace(
              '"classes_centavos", "credits_centavos", "refunds_centavos"',
              '"refunds_centavos", "credits_centavos", "classes_centavos"',
            )
          : text,
    },
  },
]

/** Each protection taken away alone; the simulation has to notice. */
export const MUTANTS: readonly NamedMutant[] = [...PROTECTIONS, ...LAPSES]

/**
 * Protections that only matter between two connections at the same moment. Here transactions run one after the other over one connection, so
 * taking these away changes nothing; the races on a real PostgreSQL have them as controls.
 */
export const LEFT_TO_RACES: readonly { name: string; file: string; removal: string; shows?: Kind }[] = [
  { name: 'row locks', file: 'expiry.test.ts', removal: 'rowLocks' },
  { name: 'lock and constraints of seats', file: 'seats.test.ts', removal: 'unlockedAndUnconstrained', shows: 'seats' },
  // Nobody can hold more hours than a history has.
  { name: 'the lock on the person, for the limit of holds', file: 'slots.test.ts', removal: 'rowLocks', shows: 'holds' },
  { name: 'one refund per payment', file: 'refunds.test.ts', removal: 'refundOnce', shows: 'refund' },
  { name: 'one row per payment', file: 'refunds.test.ts', removal: 'paymentKey' },
  { name: 'one waiting job per key', file: 'notifications.test.ts', removal: 'jobKeys' },
  { name: 'one code, one class', file: 'codes.test.ts', removal: 'codeKey' },
  { name: 'one who migrates', file: 'start-up.test.ts', removal: 'migrationLock' },
]
