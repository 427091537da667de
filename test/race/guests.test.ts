import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Deps } from '../../src/deps.ts'
import { joinByCode } from '../../src/features/enrollment/commands.ts'
import { atGoogle } from '../support/books.ts'
import { type ConfirmedClass, confirmedClass, openDoors } from './rig/classes.ts'
import type { Person } from './rig/people.ts'
import { openRig, type Process, type Rig } from './rig/rig.ts'
import { createStop } from './rig/steering.ts'

describe('every guest ends up on the event (R12, 4.7)', () => {
  let rig: Rig
  beforeAll(async () => {
    rig = await openRig()
  })
  afterAll(() => rig.close())

  it('also one whose request met a waiting job that another worker took before the join was committed', async () => {
    const { theClass, guests, first, second } = await scene()
    await joinByCode(first.deps, guests[0].id, theClass.code, 'address')
    const enqueue: Deps['jobs']['enqueue'] = async (...request) => {
      await second.jobs.enqueue(...request)
      // Another worker looks for work now: this transaction is still open.
      await first.jobs.drain(first.deps)
    }
    await joinByCode({ ...second.deps, jobs: { enqueue } }, guests[1].id, theClass.code, 'address')
    await rig.settle()
    expect(await attendees(theClass)).toEqual([theClass.host.email, ...guests.map(({ email }) => email)].sort())
  })

  it('also when an older list reaches Google after a newer one', async () => {
    const { theClass, guests, first, second } = await scene()
    await joinByCode(first.deps, guests[0].id, theClass.code, 'address')
    const stop = createStop()
    const { calendar } = first.deps
    const slow: Deps = {
      ...first.deps,
      calendar: {
        ...calendar,
        async updateEvent(...call) {
          await stop.wait()
          return calendar.updateEvent(...call)
        },
      },
    }
    const older = first.jobs.drain(slow)
    await stop.arrived
    await joinByCode(second.deps, guests[1].id, theClass.code, 'address')
    const newer = second.jobs.drain(second.deps)
    await newer
    stop.release()
    await older
    await rig.settle()
    expect(await attendees(theClass)).toEqual([theClass.host.email, ...guests.map(({ email }) => email)].sort())
  })

  async function scene(): Promise<{ theClass: ConfirmedClass; guests: [Person, Person]; first: Process; second: Process }> {
    const theClass = await confirmedClass(rig, 5)
    openDoors(rig, theClass)
    const guests = (await rig.people(2)) as [Person, Person]
    const [first, second] = rig.processes
    if (!first || !second) throw new Error('The rig has too few processes')
    return { theClass, guests, first, second }
  }

  async function attendees({ classId }: ConfirmedClass): Promise<string[] | undefined> {
    return (await atGoogle(rig.world)).find((event) => event.classId === classId)?.attendees
  }
})
