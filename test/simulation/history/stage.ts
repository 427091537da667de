import { defaultTeacher } from '../../../src/features/academy/store.ts'
import { CALENDAR_SCOPES } from '../../../src/features/identity/provider.ts'
import { adoptCalendarGrant } from '../../../src/features/meeting/adopt.ts'
import { fingerprint } from '../../../src/kernel/secret-box.ts'
import { type Random, randomFrom, seededIds } from '../../support/random.ts'
import { type FaultPlan, faultPlan } from '../rig/faults.ts'
import { crashPlan } from '../rig/process.ts'
import { ADMIN_SUBJECT } from '../rig/sign-in.ts'
import { ADMIN_EMAIL, BASE_URL, type Process, SECOND_SECRET, type Simulation, START } from '../rig/simulation.ts'
import { type History, STUDENTS, type Student } from './plan.ts'

export interface Answer {
  /** 0: the connection broke, or nobody listened. */
  status: number
  body: Record<string, unknown>
  text: string
  /** Null: there was no answer. */
  headers: Headers | null
}

export interface KnownOrder {
  preferenceId: string
  host: Student
  people: number
}

export interface KnownClass {
  classId: string
  host: Student
}

/** What the people of a history know, and how they act. */
export interface Stage {
  sim: Simulation
  /** There are two teachers. */
  isShared: boolean
  random: Random
  faults: FaultPlan
  orders: KnownOrder[]
  classes: KnownClass[]
  /** Events that the teacher deleted by hand. */
  deletedByHand: Set<string>
  /** What went wrong in the sense of the contract, one line each, beginning with its kind. */
  violations: string[]
  /** A request of this person to one of the living processes. */
  ask(who: Who, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>
  control(path: string, body?: unknown, method?: string): Promise<Record<string, unknown>>
  /** A process that is alive, by chance; null when there is none. */
  anyProcess(): Process | null
}

export type Who = Student | 'admin' | 'nobody'

const ADMIN_ID = '00000000-0000-4000-8000-0000000000aa'
const SIGNED_IN_UNTIL = '2027-11-23T00:00:00Z'

const idOf = (who: Student | 'admin') => (who === 'admin' ? ADMIN_ID : `00000000-0000-4000-8000-00000000000${STUDENTS.indexOf(who) + 1}`)
const emailOf = (who: Student) => `${who}@correo.test`
const tokenOf = (who: Student | 'admin') => `simulated-login-of-${who}`
/** With which a request is somebody's. */
export const cookieOf = (who: Student | 'admin') => `hiy-session=${tokenOf(who)}`

const NO_ANSWER: Answer = { status: 0, body: {}, text: '', headers: null }

/** People, teacher and opening hours: what an academy has before anything happens in it. Every other table is empty when a history begins. */
const KEPT = new Set(['app_user', 'user_identity', 'teacher', 'opening_interval', 'migration'])

/** Once per simulation: people, and watchers of what may never happen to a row (invariant 11). */
export async function populate(sim: Simulation): Promise<void> {
  await sim.execute(`
    CREATE TABLE simulated_breach (what text NOT NULL);
    CREATE FUNCTION watch_class() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF OLD.status = 'completed' AND NEW.status <> 'completed'
        OR OLD.status = 'cancelled' AND NEW.status <> 'cancelled' AND NOT (
          NEW.status = 'pending' AND NEW.paid_at IS NOT NULL AND OLD.cancel_reason IN ('hold_expired', 'payment_rejected'))
        OR OLD.status = 'scheduled' AND NEW.status = 'pending' THEN
        INSERT INTO simulated_breach VALUES ('state: class ' || OLD.id || ' went from ' || OLD.status || ' to ' || NEW.status);
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER watch_class AFTER UPDATE ON virtual_class FOR EACH ROW EXECUTE FUNCTION watch_class();
    CREATE FUNCTION watch_order() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
      IF OLD.status IN ('approved', 'refunded') AND NEW.status IN ('pending', 'rejected') THEN
        INSERT INTO simulated_breach VALUES ('state: order ' || OLD.id || ' went from ' || OLD.status || ' to ' || NEW.status);
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER watch_order AFTER UPDATE ON payment_order FOR EACH ROW EXECUTE FUNCTION watch_order();`)
  const people = [...STUDENTS, 'admin' as const].map((who) => {
    const email = who === 'admin' ? ADMIN_EMAIL : emailOf(who)
    return `('${idOf(who)}', '${email}', '${who}', '${who === 'admin' ? 'ADMIN' : 'USER'}', '${START}', '${START}')`
  })
  await sim.execute(`INSERT INTO app_user (id, email, name, role, created_at, updated_at) VALUES ${people.join(', ')};
    INSERT INTO user_identity (provider, subject, user_id, created_at) VALUES ('google', '${ADMIN_SUBJECT}', '${ADMIN_ID}', '${START}');
    UPDATE teacher SET user_id = '${ADMIN_ID}'`)
}

/**
 * Tables of a hundred rows need no index to be found in, and what is written costs once more for each: the queue's table has twelve. Those that no rule
 * hangs on go, and those of kinds of queues that there are none of.
 */
export async function dropSpareIndexes(sim: Simulation): Promise<void> {
  const rows = await sim.execute(
    `SELECT i.indexrelid::regclass::text AS name FROM pg_index i JOIN pg_class t ON t.oid = i.indrelid
     WHERE t.relnamespace IN ('public'::regnamespace, 'pgboss'::regnamespace) AND t.relkind = 'r'
       AND NOT EXISTS (SELECT FROM pg_inherits WHERE inhrelid = i.indexrelid)
       AND (NOT i.indisunique AND NOT i.indisexclusion
         OR substring(pg_get_expr(i.indpred, i.indrelid) FROM $1) NOT IN (SELECT policy FROM pgboss.queue))`,
    ["policy = '([a-z_]+)'"],
  )
  await sim.execute(`DROP INDEX ${rows.map(({ name }) => String(name)).join(', ')}`)
}

/** Every table without its rows, but for people, teacher and opening hours; everybody is signed in, and the teacher's calendar connected. */
export async function beginAnew(sim: Simulation): Promise<void> {
  sim.clock.set(new Date(START))
  sim.sandboxes.google.reset()
  const logins = [...STUDENTS, 'admin' as const].map(
    (who) =>
      `('${fingerprint(sim.config.authSecret, tokenOf(who))}', '${idOf(who)}', '${idOf(who)}', '${START}', '${START}', '${SIGNED_IN_UNTIL}')`,
  )
  await sim.execute(`TRUNCATE ${await tablesToEmpty(sim)}`)
  await sim.execute(`INSERT INTO session (token_hash, public_id, user_id, created_at, renewed_at, expires_at) VALUES ${logins.join(', ')}`)
  await connect(sim)
  // The queue spreads its repetitions with the database's own chance.
  await sim.execute('SELECT setseed(0.5)')
}

async function tablesToEmpty(sim: Simulation): Promise<string> {
  const rows = await sim.execute(`SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1`)
  return [...rows.map(({ tablename }) => String(tablename)).filter((name) => !KEPT.has(name)), 'pgboss.job'].join(', ')
}

/** An empty academy on Monday morning, both processes fresh. */
export async function setStage(sim: Simulation, history: History): Promise<Stage> {
  sim.clock.set(new Date(START))
  sim.scheduler.reset(randomFrom(history.seed ^ 0x51ed))
  sim.trace.length = 0
  sim.errors.length = 0
  sim.sandboxes.mp.reset()
  sim.sandboxes.google.reset()
  const faults = faultPlan(history.faults, history.outages, () => (sim.clock.milliseconds - Date.parse(START)) / 60_000)
  sim.network.reset(faults, randomFrom(history.seed ^ 0x7a11))
  sim.useIds(seededIds(randomFrom(history.seed ^ 0x1d5)))
  sim.useCrashes(crashPlan(history.crashes, ({ process, point, nth }) => sim.trace.push(`  ${process} dies at ${point} ${nth}`)))
  await sim.rewind()
  for (const process of sim.processes) sim.restart(process)
  const random = randomFrom(history.seed ^ 0x57a6e)
  await sim.books.control('/mercado-pago/settings', { notificationDelayMs: random.pick([0, 500]), secondSecret: SECOND_SECRET }, 'PATCH')
  if (history.isShared) await takeOnSecond(sim)

  const stage: Stage = {
    sim,
    isShared: history.isShared === true,
    random,
    faults,
    orders: [],
    classes: [],
    deletedByHand: new Set(),
    violations: [],
    anyProcess() {
      const alive = sim.processes.filter(({ life }) => life.alive)
      return alive.length === 0 ? null : random.pick(alive)
    },
    async ask(who, method, path, body, headers = {}) {
      const process = stage.anyProcess()
      if (!process) return NO_ANSWER
      const request = new Request(`${BASE_URL}${path}`, {
        method,
        headers: {
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(who === 'nobody' ? {} : { cookie: cookieOf(who) }),
          ...headers,
        },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      })
      return send(sim, process, request)
    },
    control: (path, body, method) => sim.scheduler.during(sim.books.control(path, body, method)),
  }
  sim.useDelivery((request) => deliver(stage, request))
  return stage
}

async function send(sim: Simulation, process: Process, request: Request): Promise<Answer> {
  const { life } = process
  const answered = sim.as(process, async () => {
    await life.park(`request ${request.method} ${new URL(request.url).pathname}`)
    const answer = await process.app.fetch(request)
    return { status: answer.status, headers: answer.headers, text: await answer.text() }
  })
  const answer = await Promise.race([answered.catch(() => 'died' as const), life.died])
  if (answer === 'died' || !life.alive) return NO_ANSWER
  sim.trace.push(`  ${process.name} answers ${answer.status} to ${request.method} ${new URL(request.url).pathname}`)
  return { ...answer, body: answer.text.startsWith('{') ? (JSON.parse(answer.text) as Record<string, unknown>) : {} }
}

/** A notification reaches one of the processes, or nobody. */
async function deliver(stage: Stage, request: Request): Promise<Response> {
  const process = stage.anyProcess()
  if (!process) throw new TypeError('nobody listens')
  const answer = await send(stage.sim, process, request)
  if (answer.status === 0) throw new TypeError('the connection broke')
  return new Response(answer.text, { status: answer.status })
}

/** The teacher's calendar is connected, as it is after the consent. */
async function connect(sim: Simulation): Promise<void> {
  const { deps } = sim.processes[0] as Process
  const teacher = await defaultTeacher(deps.db.handle)
  if (!teacher) throw new Error('No teacher was made')
  await adoptCalendarGrant(deps, teacher.id, async (scopes) => {
    const grant = sim.sandboxes.google.grant({ email: ADMIN_EMAIL, scopes: ['openid', 'email', 'profile', ...scopes] })
    return { refreshToken: grant.refresh_token ?? '', subject: grant.sub, email: grant.email }
  })
}

/** The second teacher: whoever asks for anybody may get her. */
export const SECOND = { id: '00000000-0000-4000-8000-0000000000bb', email: 'bea@hablainglesya.test' }

async function takeOnSecond(sim: Simulation): Promise<void> {
  await sim.execute(`
    INSERT INTO teacher (id, email, display_name, created_at, updated_at)
      SELECT '${SECOND.id}', '${SECOND.email}', 'Bea', created_at + interval '1 second', updated_at FROM teacher;
    INSERT INTO opening_interval (teacher_id, weekday, opens, closes)
      SELECT '${SECOND.id}', weekday, opens, closes FROM opening_interval`)
  await connectSecond(sim, (sim.processes[0] as Process).deps)
}

/** Her calendar is connected, in place of whatever was. */
export async function connectSecond(sim: Simulation, deps: Process['deps']): Promise<void> {
  await sim.execute(`DELETE FROM google_connection WHERE teacher_id = '${SECOND.id}'`)
  await adoptCalendarGrant(deps, SECOND.id, async (scopes) => {
    const grant = sim.sandboxes.google.grant({ email: SECOND.email, scopes: ['openid', 'email', 'profile', ...scopes] })
    return { refreshToken: grant.refresh_token ?? '', subject: grant.sub, email: grant.email }
  })
}

/** What is left of a consent after Google's pages: a new grant of the teacher. */
export function newGrant(sim: Simulation) {
  const grant = sim.sandboxes.google.grant({ email: ADMIN_EMAIL, scopes: ['openid', 'email', 'profile', ...CALENDAR_SCOPES] })
  return {
    adminId: ADMIN_ID,
    identity: {
      subject: grant.sub,
      email: grant.email,
      emailVerified: true,
      name: 'profe',
      image: null,
      grant: { refreshToken: grant.refresh_token ?? null, scopes: [...CALENDAR_SCOPES] },
    },
  }
}

/** The contract knows these answers to that; 0: there was none. */
export function expectOneOf(stage: Stage, what: string, status: number, allowed: readonly number[]): void {
  if (!allowed.includes(status)) stage.violations.push(`answer: ${what} answered ${status}`)
}
