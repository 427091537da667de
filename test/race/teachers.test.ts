import { setTeacherActive } from '../../src/features/academy/teachers.ts'
import { CALENDAR_SCOPES } from '../../src/features/identity/provider.ts'
import { disconnectCalendar } from '../../src/features/meeting/connection.ts'
import { connectInvited } from '../../src/features/meeting/invited.ts'
import { reconcileOrder } from '../../src/features/payment/reconcile.ts'
import { MINUTE_MS } from '../../src/kernel/clock.ts'
import { countOf, overlappingPairs } from '../support/books.ts'
import { payAtProvider } from './rig/classes.ts'
import { expectCount, tally, unexpected } from './rig/ledger.ts'
import { describeRace } from './rig/race.ts'
import { noOverlap, noOwnHour, rowLocks, together } from './rig/removals.ts'
import type { Answer, Removal, Rig, Slot } from './rig/rig.ts'
import { closeRow } from './rig/steering.ts'

const SECOND_ID = '00000000-0000-4000-8000-00000000000b'

/** A second teacher with the hours of the first. */
const SECOND = [
  `INSERT INTO teacher (id, email, display_name, created_at, updated_at)
   SELECT '00000000-0000-4000-8000-00000000000b', 'ana@academia.test', 'Ana', created_at + interval '1 second', updated_at FROM teacher`,
  `INSERT INTO opening_interval (teacher_id, weekday, opens, closes)
   SELECT '00000000-0000-4000-8000-00000000000b', weekday, opens, closes FROM opening_interval`,
]
/** With a grant like that of the first. */
const SECOND_CONNECTED = `
  INSERT INTO google_connection (id, teacher_id, subject, email, scopes, sealed_refresh_token, status, connected_at, updated_at)
  SELECT gen_random_uuid(), '${SECOND_ID}', 'ana', 'ana@academia.test', scopes, sealed_refresh_token, status, connected_at, updated_at
  FROM google_connection WHERE teacher_id <> '${SECOND_ID}'`

/** Whoever decides about teachers does not wait for the others who do. */
const teacherTable: Removal = { rewrite: (text) => text.replace(/^LOCK TABLE teacher IN .* MODE$/, 'SELECT 1') }

describeRace('60 people ask for one slot with anybody, and two teachers are free (decision 025)', {
  calendar: false,
  prepare: SECOND,
  async round(rig) {
    const people = await rig.people(60)
    const [slot] = rig.slots(1)
    const answers = await Promise.all(people.map((person) => rig.send(person, 'POST', '/api/checkout', slot)))
    return [
      ...unexpected(answers, [200, 409]),
      ...expectCount('winner', 'answers 200', tally(answers)[200] ?? 0, 2),
      ...(await booked(rig, slot, 2)),
    ]
  },
  controls: { 'the exclusion constraint': { without: noOverlap, shows: 'overlap' } },
})

describeRace('one person asks for one slot with anybody 20 times at the same moment (4.8, double click)', {
  calendar: false,
  prepare: SECOND,
  async round(rig) {
    const [person] = await rig.people(1)
    const [slot] = rig.slots(1)
    if (!person) throw new Error('Nobody is there')
    const answers = await Promise.all(Array.from({ length: 20 }, () => rig.send(person, 'POST', '/api/checkout', slot)))
    return [
      ...unexpected(answers, [200]),
      ...expectCount('answers', 'different answers', new Set(answers.map(({ body }) => body.classId)).size, 1),
      ...(await booked(rig, slot, 1)),
    ]
  },
  controls: { "the constraint on a person's hour": { without: noOwnHour, shows: 'classes' } },
})

describeRace('one person asks for one slot with two teachers at the same moment', {
  calendar: false,
  prepare: SECOND,
  async round(rig) {
    const [person] = await rig.people(1)
    const [slot] = rig.slots(1)
    if (!person) throw new Error('Nobody is there')
    const teachers = await rig.world.rows<{ id: string }>('SELECT id FROM teacher ORDER BY id')
    const asked = [...teachers, ...teachers, ...teachers].map(({ id }) => ({ ...slot, teacherId: id }))
    const answers = await Promise.all(asked.map((body) => rig.send(person, 'POST', '/api/checkout', body)))
    return [...unexpected(answers, [200, 409]), ...(await booked(rig, slot, 1))]
  },
  controls: { "the constraint on a person's hour": { without: noOwnHour, shows: 'classes' } },
})

describeRace('one person moves two classes into one hour, books it and pays for it late, at the same moment (decision 029)', {
  calendar: false,
  prepare: SECOND,
  async round(rig) {
    const [person] = await rig.people(1)
    const [hour, one, other] = rig.slots(3)
    if (!person || !hour || !one || !other) throw new Error('There is nothing to book')
    const [first] = await rig.world.rows<{ id: string }>('SELECT id FROM teacher WHERE id <> $1', [SECOND_ID])
    const hold = async (slot: Slot, teacherId: string | undefined) =>
      (await rig.send(person, 'POST', '/api/checkout', { ...slot, teacherId })).body as { classId: string; preferenceId: string }
    const late = await hold(hour, first?.id)
    rig.world.clock.advance(21 * MINUTE_MS)
    await rig.settle()
    const order = await lateOrder(rig, late)
    const moving = [await hold(one, first?.id), await hold(other, SECOND_ID)]
    for (const { classId } of moving) await rig.world.rows(SCHEDULED, [classId, rig.world.clock.now()])
    const [pays, ...processes] = rig.processes
    if (!pays || processes.length === 0) throw new Error('The rig has too few processes')
    const answers: Answer[] = []
    await Promise.all([
      ...moving.map(async ({ classId }) => answers.push(await rig.send(person, 'POST', `/api/classes/${classId}/reschedule`, hour))),
      rig.send(person, 'POST', '/api/checkout', { ...hour, teacherId: SECOND_ID }).then((answer) => answers.push(answer)),
      reconcileOrder(pays.deps, order),
    ])
    const live = `virtual_class WHERE booked_by_id = $1 AND starts_at = $2 AND status IN ('pending', 'scheduled')`
    return [
      ...unexpected(answers, [200, 409]),
      ...expectCount('overlap', 'pairs of live classes share time', await overlappingPairs(rig.world), 0),
      ...expectCount('classes', 'classes of one person in one hour', await countOf(rig.world, live, [person.id, hour.start]), 1),
      // What was paid late is a class, or goes back.
      ...expectCount(
        'money',
        'homes of the late money',
        (await countOf(rig.world, `virtual_class WHERE id = $1 AND status = 'pending' AND paid_at IS NOT NULL`, [late.classId])) +
          (await countOf(rig.world, 'refund WHERE order_id = $1', [order])),
        1,
      ),
    ]
  },
  controls: { "the constraint on a person's hour": { without: noOwnHour, shows: 'classes' } },
})

/** The buyer pays for a hold that has ended. Returns its order. */
async function lateOrder(rig: Rig, late: { classId: string; preferenceId: string }): Promise<string> {
  await payAtProvider(rig, late, { force: true })
  const [order] = await rig.world.rows<{ id: string }>('SELECT id FROM payment_order WHERE class_id = $1', [late.classId])
  return order?.id ?? ''
}

/** A hold as the class it becomes. */
const SCHEDULED = `UPDATE virtual_class SET status = 'scheduled', paid_at = $2, hold_expires_at = NULL,
  google_event_id = id::text, meet_url = 'https://meet.google.com/abc-defg-hij', calendar_state = 'synced' WHERE id = $1`

describeRace('a teacher is to take bookings while their calendar is disconnected (decision 025)', {
  prepare: [...SECOND, SECOND_CONNECTED],
  async round(rig) {
    const admin = await rig.world.admin()
    const [me] = await rig.world.rows<{ id: string }>(`SELECT id FROM app_user WHERE role = 'ADMIN'`)
    const [one, other] = rig.processes
    if (!me || !one || !other || !admin) throw new Error('The rig has too few processes')
    await rig.world.rows('DELETE FROM google_connection WHERE teacher_id = $1', [SECOND_ID])
    await rig.world.rows(SECOND_CONNECTED)
    await rig.world.rows('UPDATE teacher SET active = false WHERE id = $1', [SECOND_ID])
    // The calendar goes first. What it changed is not there for others yet when they look.
    const gate = await closeRow(rig, 'teacher', SECOND_ID)
    const disconnecting = disconnectCalendar(other.deps, SECOND_ID, me.id)
    await gate.waiting(1)
    const activating = setTeacherActive(one.deps, SECOND_ID, true, me.id)
    await gate.waiting(2)
    await gate.open()
    await Promise.all([disconnecting, activating])
    const harm = await countOf(rig.world, 'teacher WHERE id = $1 AND active', [SECOND_ID])
    return expectCount('active', 'teachers take bookings without a calendar', harm, 0)
  },
  controls: { 'the locks on the teacher and on the table': { without: together(rowLocks, teacherTable), shows: 'active' } },
})

describeRace('a teacher who was invited consents twice at the same moment (decision 025)', {
  calendar: false,
  prepare: SECOND,
  async round(rig, round) {
    const email = `ana.${round}@academia.test`
    await rig.world.rows('UPDATE teacher SET email = $2, user_id = NULL WHERE id = $1', [SECOND_ID, email])
    const grant = { refreshToken: 'r', scopes: [...CALENDAR_SCOPES] }
    const identity = { subject: `90${round}`, email, emailVerified: true, name: 'Ana', image: null, grant }
    const outcomes = await Promise.all(
      rig.processes.map(({ deps }) => connectInvited(deps, SECOND_ID, identity).catch((error: Error) => error)),
    )
    return [
      ...outcomes
        .filter((outcome) => !('ok' in outcome && outcome.ok))
        .map((outcome) => `answer: ${JSON.stringify(outcome)} ${String(outcome)}`),
      ...expectCount('accounts', 'accounts', await countOf(rig.world, 'app_user WHERE email = $1', [email]), 1),
    ]
  },
  controls: {
    'the address of an account': {
      without: {
        drop: [
          'ALTER TABLE app_user DROP CONSTRAINT app_user_email_unique',
          'ALTER TABLE user_identity DROP CONSTRAINT user_identity_pkey',
        ],
      },
      shows: 'accounts',
    },
  },
})

/** So many classes at that hour, each with another teacher. */
async function booked(rig: Rig, slot: Slot | undefined, classes: number): Promise<string[]> {
  const [row] = await rig.world.rows<{ teachers: number }>(
    'SELECT count(DISTINCT teacher_id)::int AS teachers FROM virtual_class WHERE starts_at = $1',
    [slot?.start],
  )
  return [
    ...expectCount('overlap', 'pairs of live classes share time', await overlappingPairs(rig.world), 0),
    ...expectCount('classes', 'classes', await countOf(rig.world, 'virtual_class WHERE starts_at = $1', [slot?.start]), classes),
    ...expectCount('teachers', 'teachers who give them', row?.teachers ?? 0, classes),
  ]
}
