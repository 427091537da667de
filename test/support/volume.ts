import { createHash } from 'node:crypto'
import { VOLUME_SQL } from './volume-sql.ts'

/** One connection of a database with the product's tables; a superuser's, because large volumes are written without foreign key checks. */
export interface VolumeConnection {
  query(text: string, values?: unknown[]): Promise<unknown>
}

export interface VolumePlan {
  /** Classes in all; at least 1,000. How many of them lie ahead is the same in every size: only history grows. */
  classes: number
  now: Date
  /** Teachers in all (5), and how many of them take bookings (1). History is spread over all, what lies ahead over the active ones. */
  teachers?: number
  active?: number
  /** Called before each table is filled. */
  onStep?(name: string): void
}

/** Who and what can be asked for afterwards; the same in every size. */
export interface Volume {
  /** A student with twenty classes: fifteen given, four booked ahead (two of them with guests), and one ahead as a guest. */
  studentId: string
  /** A person with the role of an admin. */
  adminId: string
  /** The first teacher, who takes bookings. */
  teacherId: string
  /** One of the student's own classes that lie ahead, and its order. */
  classId: string
  orderId: string
}

const VOLUME_CLASSES_MIN = 1_000
/** Up to here every foreign key and trigger is checked; above, rows of the same making are trusted, which takes a fraction of the time. */
const CHECKED_MAX = 20_000
const UPCOMING = 300
const CLASSES_PER_STUDENT = 20

/**
 * Fills an empty, migrated database with an academy that has given that many classes, and lets the database look at what it got (VACUUM, ANALYZE).
 * Everything follows from the plan: the same plan makes the same rows. Half a minute for 100,000 classes, some minutes for a million.
 */
export async function fillVolume(connection: VolumeConnection, plan: VolumePlan): Promise<Volume> {
  if (plan.classes < VOLUME_CLASSES_MIN) throw new Error(`A volume has at least ${VOLUME_CLASSES_MIN} classes`)
  const { classes, now, teachers = 5, active = 1 } = plan
  const trusted = classes > CHECKED_MAX
  await connection.query('SET synchronous_commit = off')
  if (trusted) await connection.query('SET session_replication_role = replica')
  const past = classes - UPCOMING
  const students = Math.max(40, Math.ceil(classes / CLASSES_PER_STUDENT))
  await connection.query(MADE_ID)
  await connection.query('CREATE TEMP TABLE plan (now timestamptz, past int, upcoming int, students int, teachers int, active int)')
  await connection.query('INSERT INTO plan VALUES ($1, $2, $3, $4, $5, $6)', [
    now.toISOString(),
    past,
    UPCOMING,
    students,
    teachers,
    active,
  ])
  for (const [name, text] of VOLUME_SQL) {
    plan.onStep?.(name)
    await connection.query(text)
  }
  await connection.query('DROP TABLE made, plan; DROP FUNCTION made_id')
  if (trusted) await connection.query('SET session_replication_role = origin')
  plan.onStep?.('vacuum')
  await connection.query('VACUUM ANALYZE')
  const ahead = `class:${past + STUDENTS_GROUP_CLASS}`
  return {
    studentId: volumeId('student:0'),
    adminId: volumeId('admin'),
    teacherId: volumeId('teacher:0'),
    classId: volumeId(ahead),
    orderId: volumeId(ahead.replace('class', 'order')),
  }
}

/** Of what lies ahead, a group class of the student (see `volume-sql.ts`). */
const STUDENTS_GROUP_CLASS = 66

/** An id of version 4 by its form, as addresses take no other. */
const MADE_ID = `CREATE FUNCTION made_id(what text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
  SELECT overlay(overlay(md5(what) PLACING '4' FROM 13) PLACING 'a' FROM 17)::uuid $$`

/** The id of something that was made: `student:7`, `teacher:0`, `class:1`, `order:1`. */
function volumeId(what: string): string {
  const md5 = createHash('md5').update(what).digest('hex')
  const hex = `${md5.slice(0, 12)}4${md5.slice(13, 16)}a${md5.slice(17)}`
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}
