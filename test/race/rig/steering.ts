import type { Rig } from './rig.ts'

/** A place where somebody waits until he is let go, so that a test can say who comes first. */
export interface Stop {
  /** Resolves when somebody has arrived. */
  arrived: Promise<void>
  /** Whoever calls this waits for `release`. */
  wait(): Promise<void>
  release(): void
}

export function createStop(): Stop {
  const arrival = Promise.withResolvers<void>()
  const departure = Promise.withResolvers<void>()
  return {
    arrived: arrival.promise,
    wait() {
      arrival.resolve()
      return departure.promise
    },
    release: departure.resolve,
  }
}

/** A place inside the database where every transaction that writes a participation waits, so that it can be overtaken there. */
export interface Gate {
  /** Resolves when as many transactions as given wait for something another one holds, this gate included. */
  waiting(count: number, until?: () => boolean): Promise<void>
  open(): Promise<void>
}

const GATE_KEY = 7_301
const LOOKS_MAX = 5_000

/** Statements for `prepare` of a race whose rounds close this gate. An open gate stops nobody. */
export const PARTICIPATION_GATE = [
  `CREATE FUNCTION pass_gate() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     PERFORM pg_advisory_xact_lock_shared(${GATE_KEY});
     RETURN NEW;
   END $$`,
  'CREATE TRIGGER aa_pass_gate BEFORE INSERT ON participation FOR EACH ROW EXECUTE FUNCTION pass_gate()',
]

/** The same for a hold that was given up, once that is written and before anything else is. */
export const GIVEN_UP_GATE = [
  ...PARTICIPATION_GATE,
  `CREATE TRIGGER aa_pass_gate AFTER UPDATE OF status ON virtual_class FOR EACH ROW
   WHEN (OLD.status = 'pending' AND NEW.status = 'cancelled') EXECUTE FUNCTION pass_gate()`,
]

export function closeGate(rig: Rig): Promise<Gate> {
  return hold(rig, `SELECT pg_advisory_xact_lock(${GATE_KEY})`)
}

/** Nobody gets to a table until it is opened: whoever wants to read it waits there, with everything he has locked on the way. */
export function closeTable(rig: Rig, table: string): Promise<Gate> {
  return hold(rig, `LOCK TABLE ${table} IN ACCESS EXCLUSIVE MODE`)
}

/** Nobody changes anything in a table until it is opened; whoever reads it goes by. */
export function closeTableToWriters(rig: Rig, table: string): Promise<Gate> {
  return hold(rig, `LOCK TABLE ${table} IN SHARE MODE`)
}

/** Nobody changes one row until it is opened; whoever came first is first then. */
export function closeRow(rig: Rig, table: string, id: string): Promise<Gate> {
  return hold(rig, `SELECT FROM ${table} WHERE id = '${id}' FOR UPDATE`)
}

async function hold(rig: Rig, statement: string): Promise<Gate> {
  const closed = Promise.withResolvers<void>()
  const leave = Promise.withResolvers<void>()
  const keeper = rig.world.deps.db.transaction(async (tx) => {
    await tx.execute(statement)
    closed.resolve()
    await leave.promise
  })
  await Promise.race([closed.promise, keeper])
  return {
    async waiting(count, until = () => false) {
      for (let look = 0; look < LOOKS_MAX; look++) {
        const [row] = await rig.world.rows<{ waiting: number }>(
          `SELECT count(DISTINCT l.pid)::int AS waiting FROM pg_locks l JOIN pg_stat_activity a USING (pid)
            WHERE NOT l.granted AND a.datname = current_database()`,
        )
        if ((row?.waiting ?? 0) >= count || until()) return
      }
      throw new Error(`${count} transactions were to wait for another`)
    },
    async open() {
      leave.resolve()
      await keeper
    },
  }
}
