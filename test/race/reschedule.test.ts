import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Deps } from '../../src/deps.ts'
import { moveMeetingJob } from '../../src/features/meeting/move.ts'
import { HOUR_MS } from '../../src/kernel/clock.ts'
import { countOf, overlappingPairs } from '../support/books.ts'
import { breaches } from '../support/invariants.ts'
import { type ConfirmedClass, confirmedClass, heldClass, openDoors, payAtProvider } from './rig/classes.ts'
import { expectCount, tally, unexpected } from './rig/ledger.ts'
import { describeRace } from './rig/race.ts'
import { noOverlap, rowLocks, seatConstraints, together } from './rig/removals.ts'
import { type Answer, openRig, type Process, type Rig, type Slot } from './rig/rig.ts'
import { closeGate, createStop, PARTICIPATION_GATE } from './rig/steering.ts'

const TAKEN = 'El horario ya no está disponible'
const USED_UP = 'La clase ya se reprogramó dos veces'
const EXPIRED = 'El código expiró: la clase fue cancelada o reprogramada.'

/** The host may move a class until 12 hours before: slots that are nearer are of no use here. */
function skipNearSlots(rig: Rig): void {
  const near = rig.world.clock.now().getTime() + 13 * HOUR_MS
  while (Date.parse(rig.slots(1)[0]?.start ?? '') < near);
}

function move(rig: Rig, { classId, host }: ConfirmedClass, to: Slot | undefined): Promise<Answer> {
  return rig.send(host, 'POST', `/api/classes/${classId}/reschedule`, to)
}

async function classesFarAhead(rig: Rig, count: number): Promise<ConfirmedClass[]> {
  skipNearSlots(rig)
  const classes: ConfirmedClass[] = []
  for (let i = 0; i < count; i++) classes.push(await confirmedClass(rig, 1))
  return classes
}

async function overlaps(rig: Rig): Promise<string[]> {
  return expectCount('overlap', 'pairs of live classes share time', await overlappingPairs(rig.world), 0)
}

async function atStart(rig: Rig, { start }: Slot): Promise<number> {
  return countOf(rig.world, `virtual_class WHERE starts_at = $1 AND status IN ('pending', 'scheduled')`, [start])
}

describeRace('four hosts move their classes into one slot at the same moment (4.10 row 9, invariant 1)', {
  async round(rig) {
    const classes = await classesFarAhead(rig, 4)
    const [to] = rig.slots(1)
    if (!to) throw new Error('There is no slot')
    const answers = await Promise.all(classes.map((theClass) => move(rig, theClass, to)))
    const losers = answers.filter(({ status }) => status === 409)
    await rig.settle()
    return [
      ...unexpected(answers, [200, 409]),
      ...expectCount('winner', 'answers 200', tally(answers)[200] ?? 0, 1),
      ...losers.filter(({ body }) => body.error !== TAKEN).map(({ body }) => `answer: ${JSON.stringify(body)}`),
      ...(await overlaps(rig)),
      ...expectCount('winner', 'classes in the slot', await atStart(rig, to), 1),
      // Whoever lost stands where it stood, with the code it had.
      ...expectCount(
        'loser',
        'classes were changed',
        await countOf(rig.world, 'virtual_class WHERE id = ANY ($1) AND version > 0 AND move_count > 0', [
          classes.map(({ classId }) => classId),
        ]),
        1,
      ),
      ...(await breaches(rig.world)),
    ]
  },
  controls: { 'the exclusion constraint': { without: noOverlap, shows: 'overlap' } },
})

describeRace('a class is moved into a slot while three people book it (4.10 row 9, 4.2 row 24)', {
  rounds: 5,
  async round(rig) {
    const [theClass] = (await classesFarAhead(rig, 1)) as [ConfirmedClass]
    const buyers = await rig.people(3)
    const [to] = rig.slots(1)
    if (!to) throw new Error('There is no slot')
    const [moving, ...booking] = await Promise.all([
      move(rig, theClass, to),
      ...buyers.map((buyer) => rig.send(buyer, 'POST', '/api/checkout', to)),
    ])
    const answers = [moving, ...booking]
    return [
      ...unexpected(answers, [200, 409]),
      ...expectCount('winner', 'answers 200', tally(answers)[200] ?? 0, 1),
      ...(await overlaps(rig)),
      ...expectCount('winner', 'classes in the slot', await atStart(rig, to), 1),
    ]
  },
  controls: { 'the exclusion constraint': { without: noOverlap, shows: 'overlap' } },
})

describeRace('a class is moved while it is cancelled (4.10: one of the two comes first, the other sees it)', {
  rounds: 8,
  async round(rig, round) {
    const [theClass] = (await classesFarAhead(rig, 1)) as [ConfirmedClass]
    const { classId, host } = theClass
    const [to] = rig.slots(1)
    const cancel = () => rig.send(host, 'POST', `/api/classes/${classId}/cancel`)
    const moving = move(rig, theClass, to)
    // A few trips to the database later or earlier, so that every step of the one meets every step of the other.
    for (let trips = 0; trips < round % 8; trips++) await rig.world.rows('SELECT 1')
    const [moved, cancelled] = await Promise.all([moving, cancel()])
    await rig.settle()
    const live = await countOf(rig.world, 'access_code WHERE class_id = $1 AND retired_at IS NULL', [classId])
    const [row] = await rig.world.rows<{ status: string; moves: number }>(
      'SELECT status, move_count AS moves FROM virtual_class WHERE id = $1',
      [classId],
    )
    return [
      ...unexpected([cancelled], [200]),
      ...unexpected([moved], [200, 409]),
      ...(row?.status === 'cancelled' ? [] : [`state: the class is ${row?.status}`]),
      ...expectCount('code', 'codes of a cancelled class still live', live, 0),
      ...expectCount('moves', 'moves', row?.moves ?? -1, moved.status === 200 ? 1 : 0),
      ...(await breaches(rig.world)),
    ]
  },
  controls: { 'the lock on the class': { without: rowLocks, shows: 'code' } },
})

describeRace('a host moves one class to five slots at the same moment (D14: at most twice)', {
  async round(rig) {
    const [theClass] = (await classesFarAhead(rig, 1)) as [ConfirmedClass]
    const slots = rig.slots(5)
    const answers = await Promise.all(slots.map((to) => move(rig, theClass, to)))
    const refused = answers.filter(({ status }) => status === 409)
    await rig.settle()
    const [row] = await rig.world.rows<{ used: number; moves: number }>(
      'SELECT reschedule_count AS used, move_count AS moves FROM virtual_class WHERE id = $1',
      [theClass.classId],
    )
    const codes = answers.filter(({ status }) => status === 200).map(({ body }) => body.accessCode)
    return [
      ...unexpected(answers, [200, 409]),
      ...refused.filter(({ body }) => body.error !== USED_UP).map(({ body }) => `answer: ${JSON.stringify(body)}`),
      ...expectCount('twice', 'answers 200', tally(answers)[200] ?? 0, 2),
      ...expectCount('twice', 'moves counted', row?.used ?? -1, 2),
      ...expectCount('twice', 'moves', row?.moves ?? -1, 2),
      ...expectCount('codes', 'different codes', new Set(codes).size, codes.length),
      ...expectCount(
        'codes',
        'live codes',
        await countOf(rig.world, 'access_code WHERE class_id = $1 AND retired_at IS NULL', [theClass.classId]),
        1,
      ),
      ...(await breaches(rig.world)),
    ]
  },
  controls: { 'the lock on the class': { without: rowLocks, shows: 'twice' } },
})

/** Whoever is written into a class that has moved by then is written down: seen by the database itself, whatever was answered. */
const WITNESS = [
  'CREATE TABLE stale_join (class_id uuid, user_id uuid)',
  `CREATE FUNCTION note_stale_join() RETURNS trigger LANGUAGE plpgsql AS $$
   BEGIN
     INSERT INTO stale_join SELECT NEW.class_id, NEW.user_id FROM virtual_class WHERE id = NEW.class_id AND move_count > 0;
     RETURN NULL;
   END $$`,
  'CREATE TRIGGER zz_note_stale_join AFTER INSERT ON participation FOR EACH ROW EXECUTE FUNCTION note_stale_join()',
]

describeRace('guests join while the admin moves the class (4.7: either joined before or row 6, never with the old code afterwards)', {
  prepare: [...WITNESS, ...PARTICIPATION_GATE],
  rounds: 4,
  async round(rig, round) {
    const theClass = await confirmedClass(rig, 5)
    const admin = await adminOf(rig)
    openDoors(rig, theClass)
    const [to] = rig.slots(1)
    const people = await rig.people(8)
    const join = (person: { cookie: string }) => rig.send(person, 'POST', '/api/access-code', { accessCode: theClass.code })
    const moveIt = () => rig.send(admin, 'POST', `/api/classes/${theClass.classId}/reschedule`, to)
    const joining: Promise<Answer>[] = []
    let moving: Promise<Answer>
    if (round === 0) {
      // The first guest is held up right before being written down; the move overtakes if nothing stops it.
      const gate = await closeGate(rig)
      joining.push(...people.slice(0, 1).map(join))
      await gate.waiting(1)
      let through = false
      moving = moveIt().finally(() => {
        through = true
      })
      await gate.waiting(2, () => through)
      await gate.open()
      joining.push(...people.slice(1).map(join))
    } else {
      moving = moveIt()
      for (const person of people) {
        joining.push(join(person))
        await rig.world.rows('SELECT 1')
      }
    }
    const answers = await Promise.all(joining)
    const moved = await moving
    await rig.settle()
    const joined = people.filter((_, i) => answers[i]?.status === 200).map(({ id }) => id)
    const members = await rig.world.rows<{ user_id: string }>(
      `SELECT user_id FROM participation WHERE class_id = $1 AND rol = 'participante' ORDER BY user_id`,
      [theClass.classId],
    )
    const expired = answers.filter(({ status }) => status === 410).map(({ body }) => (body.response as { message: string }).message)
    return [
      ...unexpected([moved], [200]),
      ...unexpected(answers, [200, 409, 410]),
      ...expired.filter((message) => message !== EXPIRED).map((message) => `answer: ${message}`),
      ...(String(joined.sort()) === String(members.map((row) => row.user_id)) ? [] : ['rows: answers and participations differ']),
      ...expectCount(
        'stale',
        'guests joined with a code that had expired',
        await countOf(rig.world, 'stale_join WHERE class_id = $1', [theClass.classId]),
        0,
      ),
      ...(await breaches(rig.world)),
    ]
  },
  controls: { 'lock and constraints': { without: together(rowLocks, seatConstraints), shows: 'stale' } },
})

describe('what Google shows in the end', () => {
  let rig: Rig
  beforeAll(async () => {
    rig = await openRig()
  })
  afterAll(() => rig.close())

  /** A process whose patches of events stop right before they leave. */
  function slowly(process: Process): { deps: Deps; stop: ReturnType<typeof createStop> } {
    const stop = createStop()
    const { calendar } = process.deps
    const deps: Deps = {
      ...process.deps,
      calendar: {
        ...calendar,
        async updateEvent(...call) {
          await stop.wait()
          return calendar.updateEvent(...call)
        },
      },
    }
    return { deps, stop }
  }

  async function scene(): Promise<{ theClass: ConfirmedClass; to: [Slot, Slot]; first: Process; second: Process }> {
    const [theClass] = (await classesFarAhead(rig, 1)) as [ConfirmedClass]
    const [first, second] = rig.processes
    if (!first || !second) throw new Error('The rig has too few processes')
    return { theClass, to: rig.slots(2) as [Slot, Slot], first, second }
  }

  async function eventOf(classId: string): Promise<{ status: string; start: string }> {
    const [row] = await rig.world.rows<{ event: string }>('SELECT google_event_id AS event FROM virtual_class WHERE id = $1', [classId])
    const event = (await rig.world.control(`/google/events/${row?.event}`)) as { status: string; start: { dateTime: string } }
    return { status: event.status, start: new Date(event.start.dateTime).toISOString() }
  }

  it('is the last time, also when the patch of an earlier one arrives after it', async () => {
    const { theClass, to, first, second } = await scene()
    expect((await move(rig, theClass, to[0])).status).toBe(200)
    const { deps, stop } = slowly(first)
    const older = first.jobs.drain(deps)
    await stop.arrived
    expect((await move(rig, theClass, to[1])).status).toBe(200)
    await second.jobs.drain(second.deps)
    expect(await eventOf(theClass.classId)).toEqual({ status: 'confirmed', start: to[1].start })
    stop.release()
    await older
    await rig.settle()
    expect(await eventOf(theClass.classId)).toEqual({ status: 'confirmed', start: to[1].start })
    expect(await countOf(rig.world, `virtual_class WHERE id = $1 AND calendar_state = 'synced'`, [theClass.classId])).toBe(1)
    expect(await countOf(rig.world, 'vacated_interval WHERE class_id = $1', [theClass.classId])).toBe(0)
  })

  it('control: without looking again afterwards the earlier time would stay', async () => {
    const { theClass, to, first, second } = await scene()
    expect((await move(rig, theClass, to[0])).status).toBe(200)
    const { deps, stop } = slowly(first)
    // Whoever sent the earlier time dies before it can look whether it was still the wanted one.
    const dying: Deps = {
      ...deps,
      db: {
        ...deps.db,
        transaction: async () => {
          throw new Error('died')
        },
      },
    }
    const older = moveMeetingJob.run(dying, { classId: theClass.classId }).catch((error: Error) => error.message)
    await stop.arrived
    expect((await move(rig, theClass, to[1])).status).toBe(200)
    await second.jobs.drain(second.deps)
    stop.release()
    expect(await older).toBe('died')
    expect(await eventOf(theClass.classId)).toEqual({ status: 'confirmed', start: to[0].start })
    // The queue runs a job again whose process died: that is what repairs it.
    await moveMeetingJob.run(first.deps, { classId: theClass.classId })
    expect(await eventOf(theClass.classId)).toEqual({ status: 'confirmed', start: to[1].start })
  })

  it('is nothing after a cancellation, also when a patch arrives after the removal', async () => {
    const { theClass, to, first, second } = await scene()
    expect((await move(rig, theClass, to[0])).status).toBe(200)
    const { deps, stop } = slowly(first)
    const older = first.jobs.drain(deps)
    await stop.arrived
    expect((await rig.send(theClass.host, 'POST', `/api/classes/${theClass.classId}/cancel`)).status).toBe(200)
    await second.jobs.drain(second.deps)
    expect((await eventOf(theClass.classId)).status).toBe('cancelled')
    stop.release()
    await older
    await rig.settle()
    expect((await eventOf(theClass.classId)).status).toBe('cancelled')
    expect(await countOf(rig.world, 'attention_case WHERE subject_id = $1 AND resolved_at IS NULL', [theClass.classId])).toBe(0)
  })

  it('is the last of many quick moves by workers that are at it all the time', async () => {
    const { theClass } = await scene()
    const admin = await adminOf(rig)
    const slots = rig.slots(6)
    await rig.working(async () => {
      for (const to of slots) {
        const moved = await rig.send(admin, 'POST', `/api/classes/${theClass.classId}/reschedule`, to)
        expect(moved.status).toBe(200)
      }
    })
    await rig.settle()
    expect(await eventOf(theClass.classId)).toEqual({ status: 'confirmed', start: slots.at(-1)?.start })
    expect(await breaches(rig.world)).toEqual([])
  })

  it('is made once when the class is asked to move while its event is still being made', async () => {
    const held = await heldClass(rig)
    await payAtProvider(rig, held)
    await rig.world.sandbox.tick()
    const [to] = rig.slots(1)
    const answers: Answer[] = []
    await rig.working(async () => {
      for (let tries = 0; tries < 200 && answers.at(-1)?.status !== 200; tries++) {
        answers.push(await rig.send(held.host, 'POST', `/api/classes/${held.classId}/reschedule`, to))
      }
    })
    await rig.settle()
    expect(answers.filter(({ status }) => status !== 200 && status !== 409)).toEqual([])
    expect(answers.at(-1)?.status).toBe(200)
    expect(await eventOf(held.classId)).toEqual({ status: 'confirmed', start: to?.start })
    expect(await breaches(rig.world)).toEqual([])
  })
})

async function adminOf(rig: Rig): Promise<{ cookie: string }> {
  const admin = await rig.world.admin()
  return { cookie: admin.cookie }
}
