import type { Fault } from './faults.ts'
import type { DatabaseKind } from './options.ts'

export interface Sabotage {
  what: string
  /** Where it can do harm: one connection alone never races. */
  on: readonly DatabaseKind[]
  /** Run on the drill's own database, after the migrations and before anything starts. */
  statements: readonly string[]
  /** What is blanked in each statement of the application on its way to the server. A sabotage that finds nothing to blank is a failure of the drill. */
  blanks?: RegExp
  /** What Google does in any case, so that it does not hang on the weather whether it shows. Harmless while the protection stands. */
  faults?: readonly Fault[]
}

/** Leaves time between looking and writing, so that who looks at the same moment certainly races. Harmless while the protections stand. */
function slowInserts(table: string): string[] {
  return [
    'CREATE FUNCTION take_time() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.4); RETURN NEW; END $$',
    `CREATE TRIGGER take_time BEFORE INSERT ON ${table} FOR EACH ROW EXECUTE FUNCTION take_time()`,
  ]
}

/** Protections taken away from outside, one at a time: proof that the zeros of the table can be something else. */
export const SABOTAGES = {
  'no-exclusion-constraint': {
    what: 'nothing in the database refuses two live classes in one hour',
    on: ['postgres'],
    statements: ['ALTER TABLE virtual_class DROP CONSTRAINT virtual_class_no_overlap', ...slowInserts('virtual_class')],
  },
  'no-row-locks': {
    what: 'rows are read without being locked, and no constraint counts seats',
    on: ['postgres'],
    statements: [
      'ALTER TABLE participation DROP CONSTRAINT participation_seat_once',
      'ALTER TABLE participation DROP CONSTRAINT participation_capacity',
      ...slowInserts('participation'),
    ],
    // The query layer writes its locks in small letters; those of the job queue stay.
    blanks: / for (?:no key )?update\b(?! (?:of|skip))/g,
  },
  'refunds-not-sent': {
    what: 'every refund is called done the moment it is asked for',
    on: ['postgres', 'embedded'],
    statements: [
      // It would not let a refund begin so.
      'DROP TRIGGER refund_step ON refund',
      `CREATE FUNCTION call_it_done() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.state := 'approved'; RETURN NEW; END $$`,
      'CREATE TRIGGER call_it_done BEFORE INSERT ON refund FOR EACH ROW EXECUTE FUNCTION call_it_done()',
    ],
  },
  'payments-forgotten': {
    what: 'what Mercado Pago says of a payment is not kept',
    on: ['postgres', 'embedded'],
    statements: [
      `CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$`,
      'CREATE TRIGGER forget BEFORE INSERT ON provider_payment FOR EACH ROW EXECUTE FUNCTION forget()',
    ],
  },
  'new-event-every-try': {
    what: 'each try to make a calendar event uses another event id',
    on: ['postgres', 'embedded'],
    statements: [
      `CREATE FUNCTION next_generation() RETURNS trigger LANGUAGE plpgsql AS $$
       BEGIN
         IF OLD.google_event_id IS NULL AND NEW.google_event_id IS NULL THEN NEW.event_generation := OLD.event_generation + 1; END IF;
         RETURN NEW;
       END $$`,
      'CREATE TRIGGER next_generation BEFORE UPDATE ON virtual_class FOR EACH ROW EXECUTE FUNCTION next_generation()',
    ],
    // The property that names a class; what the connection is tried with has none.
    faults: [{ route: 'events.insert', kind: 'commit-then-500', bodyIncludes: 'bookingId', count: 6 }],
  },
} as const satisfies Record<string, Sabotage>

export type SabotageName = keyof typeof SABOTAGES

export function sabotageOf(name: SabotageName): Sabotage {
  return SABOTAGES[name]
}
