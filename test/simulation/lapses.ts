import { sql } from 'drizzle-orm'
import * as bends from './bends.ts'
import { type NamedMutant, withPayments } from './named-mutant.ts'
import type { Mutant } from './rig/simulation.ts'

/** The provider's side of us throws where it should answer with a refusal. */
const throwing: Mutant = {
  replace: ({ payments }) => ({
    payments: {
      ...payments,
      async findPayments() {
        throw new Error('nobody thought of this')
      },
    },
  }),
}

/** What no process may do, done all the same; and rules about the life of a row that are not kept. */
export const LAPSES: readonly NamedMutant[] = [
  {
    name: 'whoever books is not enrolled as host',
    shows: ['host'],
    bend: bends.paidWith('approved'),
    mutant: { drop: ['CREATE RULE nobody AS ON INSERT TO participation DO INSTEAD NOTHING'] },
  },
  {
    name: 'with the code of a class all others are retired',
    shows: ['scheduled'],
    bend: bends.oneOfTwoCancelled,
    mutant: {
      rewrite: (text) =>
        text.replace(/^(update "access_code" set "retired_at".*)"access_code"."class_id" = (\$\d+)/, '$1$2::uuid is not null'),
    },
  },
  {
    name: 'a cancelled class is completed when its hour is over',
    shows: ['state'],
    bend: bends.oneOfTwoCancelled,
    mutant: {
      drop: ['ALTER TABLE virtual_class DROP CONSTRAINT virtual_class_cancelled', 'DROP TRIGGER virtual_class_step ON virtual_class'],
      rewrite: (text) => text.replace("status = 'scheduled' AND ends_at <= ", "status IN ('scheduled', 'cancelled') AND ends_at <= "),
    },
  },
  {
    name: 'what was told of a claim stays on the list when it is over',
    shows: ['case'],
    bend: bends.claimThatEnds,
    mutant: { rewrite: (text) => text.replace(/^(update "attention_case" set .*?) where /, '$1 where false and ') },
  },
  {
    name: 'what went back is added up at every look',
    shows: ['replay'],
    bend: bends.givenBackInPart,
    mutant: {
      rewrite: (text) =>
        text.replace(
          'greatest(provider_payment.refunded_centavos, excluded.refunded_centavos)',
          'provider_payment.refunded_centavos + excluded.refunded_centavos',
        ),
    },
  },
  {
    name: 'the provider is asked inside a transaction',
    shows: ['transaction'],
    bend: bends.paidWith('approved'),
    mutant: withPayments(({ payments, db }) => ({
      findPayments: (orderId) =>
        db.transaction(async (tx) => {
          await tx.execute(sql`SELECT 1`)
          return payments.findPayments(orderId)
        }),
    })),
  },
  {
    name: 'the token goes wherever somebody says',
    shows: ['call'],
    bend: bends.paidWith('approved'),
    mutant: withPayments(({ payments, config }) => ({
      async findPayments(orderId) {
        const headers = { authorization: `Bearer ${config.mercadoPago.accessToken}` }
        await fetch(`https://elsewhere.test/v1/payments/search?external_reference=${orderId}`, { headers }).catch(() => {})
        return payments.findPayments(orderId)
      },
    })),
  },
  {
    name: 'one kind of work never has its turn',
    shows: ['work'],
    bend: bends.cancelledClass,
    mutant: {
      rewrite: (text) =>
        text.startsWith('SELECT DISTINCT name FROM pgboss.job') ? text.replace(' WHERE ', " WHERE name <> 'meeting.remove' AND ") : text,
    },
  },
  {
    name: 'a failure of the provider is not foreseen where a person waits',
    shows: ['answer'],
    bend: bends.paidWith('approved'),
    mutant: throwing,
  },
  { name: 'a failure of the provider is not foreseen in a job', shows: ['failure'], bend: bends.unpaidHold, mutant: throwing },
  {
    name: 'whoever looks at the timed jobs falls over',
    shows: ['bug'],
    bend: bends.unpaidHold,
    mutant: { drop: ['ALTER TABLE timed_job RENAME TO elsewhere'] },
  },
  {
    name: 'a call has no end',
    shows: ['stuck'],
    bend: bends.unansweredSearch,
    mutant: withPayments(({ payments }) => ({
      async findPayments(orderId) {
        const found = await payments.findPayments(orderId)
        return found.ok ? found : new Promise<never>(() => {})
      },
    })),
  },
]
