import { countOf } from '../support/books.ts'
import { confirmedClass, openDoors } from './rig/classes.ts'
import { expectCount, tally, unexpected } from './rig/ledger.ts'
import type { Person } from './rig/people.ts'
import { describeRace } from './rig/race.ts'
import { rowLocks, seatConstraints, together } from './rig/removals.ts'
import type { Answer } from './rig/rig.ts'
import { closeGate, PARTICIPATION_GATE } from './rig/steering.ts'

const FULL = 'La clase ya alcanzó el número máximo de participantes'
const ALREADY = 'El usuario ya está registrado en la clase'
const EXPIRED = 'El código expiró: la clase fue cancelada o reprogramada.'

const unlockedAndUnconstrained = together(rowLocks, seatConstraints)

describeRace('30 guests for the free seats of a class, whatever its size (4.7 concurrency, invariant 2)', {
  rounds: 2,
  async round(rig) {
    const harm: string[] = []
    for (const size of [2, 3, 4, 5] as const) {
      const theClass = await confirmedClass(rig, size)
      openDoors(rig, theClass)
      const people = await rig.people(30)
      const answers = await Promise.all(people.map((person) => rig.send(person, 'POST', '/api/access-code', { accessCode: theClass.code })))
      const refused = answers.filter(({ status }) => status === 409)
      const counts = answers.filter(({ status }) => status === 200).map(({ body }) => (body.response as Joined).currentParticipants)
      harm.push(
        ...unexpected(answers, [200, 409]),
        ...expectCount('seats', `guests got into a class for ${size}`, tally(answers)[200] ?? 0, size - 1),
        ...expectCount('seats', 'participations', await countOf(rig.world, 'participation WHERE class_id = $1', [theClass.classId]), size),
        ...refused.filter(({ body }) => (body.response as Joined).message !== FULL).map(({ body }) => `answer: ${JSON.stringify(body)}`),
        // Each was told the count after his own join: 2, 3 … size.
        ...expectCount('seats', 'different counts', new Set(counts).size, size - 1),
      )
    }
    return harm
  },
  controls: { 'lock and constraints': { without: unlockedAndUnconstrained, shows: 'seats' } },
})

describeRace('12 guests for 4 free seats, each protection by itself', {
  async round(rig) {
    const theClass = await confirmedClass(rig, 5)
    openDoors(rig, theClass)
    const people = await rig.people(12)
    const answers = await Promise.all(people.map((person) => rig.send(person, 'POST', '/api/access-code', { accessCode: theClass.code })))
    const inside = await countOf(rig.world, 'participation WHERE class_id = $1', [theClass.classId])
    return [
      ...unexpected(answers, [200, 409]),
      ...(inside <= 5 ? [] : [`seats: ${inside} people in a class for 5`]),
      ...(inside === 5 ? [] : [`count: ${inside}`]),
    ]
  },
  controls: { 'lock and constraints': { without: unlockedAndUnconstrained, shows: 'seats' } },
  fallbacks: {
    // The lock decides alone.
    'the constraints': { without: seatConstraints, mayShow: [] },
    // The constraints keep the class from overflowing, at the price of joins that fail.
    'the lock': { without: rowLocks, mayShow: ['answer', 'count', 'failure'] },
  },
})

describeRace('one guest redeems the code 20 times at the same moment (4.7, D16)', {
  async round(rig) {
    const theClass = await confirmedClass(rig, 4)
    openDoors(rig, theClass)
    const [person] = await rig.people(1)
    if (!person) throw new Error('Nobody is there')
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => rig.send(person, 'POST', '/api/access-code', { accessCode: theClass.code })),
    )
    const messages = answers.map(({ body }) => (body.response as Joined | undefined)?.message)
    return [
      ...unexpected(answers, [200]),
      ...expectCount('once', 'plain successes', messages.filter((message) => message === undefined).length, 1),
      ...expectCount('once', 'answers "already"', messages.filter((message) => message === ALREADY).length, 19),
      ...expectCount(
        'participation',
        'participations',
        await countOf(rig.world, 'participation WHERE class_id = $1', [theClass.classId]),
        2,
      ),
    ]
  },
  controls: {
    'lock and constraints': {
      without: together(unlockedAndUnconstrained, { drop: ['ALTER TABLE participation DROP CONSTRAINT participation_once'] }),
      shows: 'participation',
    },
  },
})

/** Whoever is written into a class that is cancelled by then, is written down: seen by the database itself, whatever was answered. */
const WITNESS = [
  'CREATE TABLE late_join (class_id uuid, user_id uuid)',
  `CREATE FUNCTION note_late_join() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     INSERT INTO late_join SELECT NEW.class_id, NEW.user_id FROM virtual_class WHERE id = NEW.class_id AND status = 'cancelled';
     RETURN NULL;
   END $$`,
  // Triggers of one event fire by name: after the foreign key has waited for whoever is changing the class.
  'CREATE TRIGGER zz_note_late_join AFTER INSERT ON participation FOR EACH ROW EXECUTE FUNCTION note_late_join()',
]

describeRace('guests join while the host cancels (4.7: either joined before or row 6, never both)', {
  prepare: [...WITNESS, ...PARTICIPATION_GATE],
  rounds: 7,
  async round(rig, round) {
    const theClass = await confirmedClass(rig, 5)
    openDoors(rig, theClass)
    const people = await rig.people(12)
    const join = (person: Person) => rig.send(person, 'POST', '/api/access-code', { accessCode: theClass.code })
    const joining: Promise<Answer>[] = []
    const cancel = () => rig.send(theClass.host, 'POST', `/api/classes/${theClass.classId}/cancel`)
    let cancelling: Promise<Answer>
    if (round === 0) {
      // The first guest has been found welcome and is held up right before being written down; the cancellation overtakes if nothing stops it.
      const gate = await closeGate(rig)
      joining.push(...people.slice(0, 1).map(join))
      await gate.waiting(1)
      let through = false
      cancelling = cancel().finally(() => {
        through = true
      })
      await gate.waiting(2, () => through)
      await gate.open()
      joining.push(...people.slice(1).map(join))
    } else {
      cancelling = cancel()
      for (const person of people) {
        joining.push(join(person))
        // One trip to the database later, so that every step of a join meets every step of the cancellation.
        await rig.world.rows('SELECT 1')
      }
    }
    const answers = await Promise.all(joining)
    const cancelled = await cancelling
    const joined = people.filter((_, i) => answers[i]?.status === 200)
    const members = await rig.world.rows<{ user_id: string }>(
      `SELECT user_id FROM participation WHERE class_id = $1 AND rol = 'participante' ORDER BY user_id`,
      [theClass.classId],
    )
    const expired = answers.filter(({ status }) => status === 410)
    return [
      ...unexpected([cancelled], [200]),
      ...unexpected(answers, [200, 409, 410]),
      ...expired.filter(({ body }) => (body.response as Joined).message !== EXPIRED).map(({ body }) => `answer: ${JSON.stringify(body)}`),
      ...(String(joined.map(({ id }) => id).sort()) === String(members.map((row) => row.user_id))
        ? []
        : ['rows: answers and participations differ']),
      ...expectCount(
        'both',
        'guests joined a cancelled class',
        await countOf(rig.world, 'late_join WHERE class_id = $1', [theClass.classId]),
        0,
      ),
    ]
  },
  controls: { 'lock and constraints': { without: unlockedAndUnconstrained, shows: 'both' } },
})

interface Joined {
  currentParticipants: number
  message?: string
}
