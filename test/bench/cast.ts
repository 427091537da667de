import { fingerprint } from '../../src/kernel/secret-box.ts'
import type { VolumeConnection } from '../support/volume.ts'

/** What the configuration falls back to outside production: with it a login can be written straight into the database. */
const AUTH_SECRET = 'only-for-local-development-not-a-secret'
const SESSION_COOKIE = 'hiy-session'
const AT_ONCE = 5_000

/** The id of person, class or order number `n`. */
export function numbered(n: number): string {
  return `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
}

/** The cookie of person number `n`. */
export function cookieOf(n: number): string {
  return `${SESSION_COOKIE}=${tokenOf(n)}`
}

function tokenOf(n: number): string {
  return `bench-session-${n}`
}

/** People 1 to `count`, signed in. */
export async function enrol(connection: VolumeConnection, count: number, now: Date): Promise<void> {
  await connection.query(
    `INSERT INTO app_user (id, email, name, google_name, created_at, updated_at)
     SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, 'persona.' || n || '@bench.test', 'Persona ' || n, '', $1, $1
     FROM generate_series(1, $2::int) AS n`,
    [now.toISOString(), count],
  )
  for (let first = 1; first <= count; first += AT_ONCE) {
    const numbers = Array.from({ length: Math.min(AT_ONCE, count - first + 1) }, (_, index) => first + index)
    await signIn(
      connection,
      numbers.map((n) => ({ n, userId: numbered(n) })),
      now,
    )
  }
}

/** Makes `cookieOf(n)` the cookie of that person. */
export async function signIn(connection: VolumeConnection, who: readonly { n: number; userId: string }[], now: Date): Promise<void> {
  await connection.query(
    `INSERT INTO session (token_hash, public_id, user_id, created_at, renewed_at, used_at, expires_at)
     SELECT hash, gen_random_uuid(), id, $3::timestamptz, $3::timestamptz, $3::timestamptz, $3::timestamptz + interval '30 days'
     FROM unnest($1::text[], $2::uuid[]) AS login (hash, id)`,
    [who.map(({ n }) => fingerprint(AUTH_SECRET, tokenOf(n))), who.map(({ userId }) => userId), now.toISOString()],
  )
}

const QUARTER_MS = 15 * 60_000

/** A teacher who is there day and night, in quarters of an hour, so that nobody who wants to book finds nothing left; for a year, or `days`. */
export async function openDayAndNight(connection: VolumeConnection, days = 365): Promise<void> {
  await connection.query('UPDATE teacher SET slot_minutes = 15, min_notice_minutes = 0, horizon_days = $1', [days])
  await connection.query('DELETE FROM opening_interval')
  await connection.query(
    `INSERT INTO opening_interval (teacher_id, weekday, opens, closes) SELECT id, day, '00:00', '24:00' FROM teacher, generate_series(1, 7) AS day`,
  )
}

/** How many quarters of an hour `openDayAndNight` has to give. */
export const QUARTERS = 34_000

/** Quarter number `n` from now on. */
export function quarter(n: number, now: Date): { start: string; end: string } {
  const start = (Math.ceil(now.getTime() / QUARTER_MS) + 8 + n) * QUARTER_MS
  return { start: new Date(start).toISOString(), end: new Date(start + QUARTER_MS).toISOString() }
}

/** Preference `bench-n` for person n, for each of `count`: what they need to book. */
export async function givePreferences(connection: VolumeConnection, count: number, centavos: number, now: Date): Promise<void> {
  await connection.query(
    `INSERT INTO payment_order (id, user_id, preference_id, init_point, preference_at, amount_centavos, class_type, max_participants, expires_at,
       created_at, updated_at)
     SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid,
       'bench-' || n, 'http://127.0.0.1/pay', $1::timestamptz, $2, 'individual', 1, $1::timestamptz + interval '1 day', $1, $1
     FROM generate_series(1, $3::int) AS n`,
    [now.toISOString(), centavos, count],
  )
}

/** An address of their own for everybody, as a proxy tells it: limits are counted by address. */
export function addressOf(n: number): Record<string, string> {
  return { 'x-forwarded-for': `10.${(n >> 16) & 255}.${(n >> 8) & 255}.${n & 255}` }
}

/** An academy with that many teachers, who are there from Monday to Saturday. */
export async function hire(connection: VolumeConnection, now: Date, teachers = 1): Promise<void> {
  await connection.query(
    `INSERT INTO teacher (id, email, display_name, created_at, updated_at)
     SELECT md5('teacher:' || t)::uuid, 'profe.' || t || '@volumen.test', 'Profe ' || t, $1::timestamptz + t * interval '1 second', $1
     FROM generate_series(0, $2::int - 1) AS t`,
    [now.toISOString(), teachers],
  )
  await connection.query(
    `INSERT INTO opening_interval (teacher_id, weekday, opens, closes) SELECT id, day, '09:00', '21:00' FROM teacher, generate_series(1, 6) AS day`,
  )
}

const JOIN_TEACHERS = 10
/** The people after the hosts. */
export const FIRST_GUEST = JOIN_TEACHERS + 1

/** That many short group classes within a day, each with a code, a host (one of the first ten people) and four free seats; at most 13,000. */
export async function holdClassesToJoin(connection: VolumeConnection, classes: number, now: Date): Promise<void> {
  await hire(connection, now, JOIN_TEACHERS)
  await connection.query(
    `INSERT INTO virtual_class (id, teacher_id, booked_by_id, starts_at, ends_at, class_type, max_participants, price_centavos, status, paid_at,
       google_event_id, meet_url, calendar_state, created_at, updated_at)
     SELECT ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, md5('teacher:' || n % $3)::uuid,
       ('00000000-0000-4000-8000-' || lpad((1 + n % $3)::text, 12, '0'))::uuid,
       starts_at, starts_at + interval '1 minute', 'grupal', 5, 3000000, 'scheduled', $1, 'bench' || n, 'https://meet.google.com/bench-' || n,
       'synced', $1, $1
     FROM generate_series(0, $2::int - 1) AS n, LATERAL (SELECT $1::timestamptz + (60 + n / $3) * interval '1 minute' AS starts_at) AS place`,
    [now.toISOString(), classes, JOIN_TEACHERS],
  )
  await connection.query(
    `INSERT INTO participation (id, user_id, class_id, rol, seat, seats, created_at, updated_at)
     SELECT gen_random_uuid(), booked_by_id, id, 'anfitrion', 1, 5, $1, $1 FROM virtual_class`,
    [now.toISOString()],
  )
  await connection.query(
    `INSERT INTO access_code (code, class_id, issued_at)
     SELECT 'B' || lpad(n::text, 7, '0'), ('00000000-0000-4000-8000-' || lpad(n::text, 12, '0'))::uuid, $1 FROM generate_series(0, $2::int - 1) AS n`,
    [now.toISOString(), classes],
  )
}

/** The code of class number `n` of those. */
export function codeOf(n: number): string {
  return `B${String(n).padStart(7, '0')}`
}
