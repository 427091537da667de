import { closeAccount } from '../../src/features/account/close.ts'
import { HOUR_MS } from '../../src/kernel/clock.ts'
import { confirmedClass, openDoors } from './rig/classes.ts'
import { unexpected } from './rig/ledger.ts'
import { describeRace } from './rig/race.ts'
import { rowLocks } from './rig/removals.ts'

/** Somebody's account and something new of theirs, at the same moment: one of the two comes first, and the other one sees it. */
describeRace('people end their accounts while they book and join (behaviour Z16)', {
  rounds: 3,
  async round(rig, round) {
    const bookers = await rig.people(8)
    const slots = rig.slots(bookers.length)
    const theClass = await confirmedClass(rig, 5)
    openDoors(rig, theClass)
    const guests = await rig.people(4)
    const end = ({ id, email }: { id: string; email: string }, i: number) => {
      const process = rig.processes[i % rig.processes.length]
      if (!process) throw new Error('A rig has at least one process')
      return closeAccount(process.deps, id, email)
    }
    // Slots of the rounds before may lie behind the opened doors.
    const bookable = bookers.filter((_, i) => Date.parse(slots[i]?.start ?? '') > rig.world.clock.now().getTime() + 2 * HOUR_MS)
    const [answers, joined] = await Promise.all([
      Promise.all(
        bookable.map(async (person, i) => {
          const booking = rig.send(person, 'POST', '/api/checkout', slots[bookers.indexOf(person)])
          // Later by a few trips to the database, other ones in each round.
          for (let trip = 0; trip < i + round; trip++) await rig.world.rows('SELECT 1')
          const [answer] = await Promise.all([booking, end(person, i)])
          return answer
        }),
      ),
      Promise.all(
        guests.map(async (person, i) => {
          const joining = rig.send(person, 'POST', '/api/access-code', { accessCode: theClass.code })
          for (let trip = 0; trip < i + round; trip++) await rig.world.rows('SELECT 1')
          const [answer] = await Promise.all([joining, end(person, i)])
          return answer
        }),
      ),
    ])
    const held = await rig.world.rows(
      `SELECT c.id FROM virtual_class c JOIN app_user u ON u.id = c.booked_by_id WHERE c.status = 'pending' AND u.deleted_at IS NOT NULL`,
    )
    const seated = await rig.world.rows(
      `SELECT p.id FROM participation p JOIN app_user u ON u.id = p.user_id JOIN virtual_class c ON c.id = p.class_id
       WHERE c.status = 'scheduled' AND u.deleted_at IS NOT NULL`,
    )
    return [
      ...unexpected(answers, [200, 401]),
      ...unexpected(joined, [200, 401]),
      ...held.map(({ id }) => `orphan: class ${String(id)} of an account that has ended`),
      ...seated.map(({ id }) => `orphan: seat ${String(id)} of an account that has ended`),
    ]
  },
  controls: { 'the lock of the person': { without: rowLocks, shows: 'orphan' } },
})
