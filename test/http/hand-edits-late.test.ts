import { describe, expect, it } from 'vitest'
import { syncCalendar } from '../../src/features/mirror/sync.ts'
import { MINUTE_MS, SECOND_MS } from '../../src/kernel/clock.ts'
import { checkout, classStatus } from '../support/booking.ts'
import { classFor, newcomer } from '../support/scene.ts'
import {
  appointment,
  cases,
  classAt,
  eventIdOf,
  move,
  panel,
  press,
  read,
  remove,
  scene,
  slotOf,
  targetOf,
  useHandEditsBench,
  world,
} from './hand-edits-bench.ts'

useHandEditsBench()

const teacherId = async () => (await world.rows<{ id: string }>('SELECT id FROM teacher'))[0]?.id ?? ''
const untilScheduled = async (classId: string) => {
  for (let looks = 0; looks < 10 && (await classStatus(world, classId)) !== 'scheduled'; looks++) await read()
}

/** What Google told was read, and compared, before the class was there to be compared with it: nothing is told again. */
describe('what a hand did before a class could be compared with its event is found when it can', () => {
  it('an appointment over a class whose event Google had made, though its answer was lost', async () => {
    const when = slotOf()
    const { classId, preferenceId } = await checkout(await newcomer(world), when)
    await world.control('/google/faults', { route: 'events.insert', kind: 'commit-then-500', count: 1 })
    await world.control('/google/faults', { route: 'events.insert', kind: 'error', status: 503, count: 2 })
    await world.control('/mercado-pago/pay', { preferenceId })
    await world.settle()
    await appointment(when)
    await syncCalendar(world.deps, await teacherId())
    expect(await classStatus(world, classId)).toBe('pending')
    await untilScheduled(classId)
    await read()
    expect(await cases(classId)).toMatchObject([{ reason: 'calendar_conflict' }])
  })

  it.each(['moved', 'deleted'])('an event that was made, and %s, while the calendar was being read', async (what) => {
    await scene()
    const to = targetOf()
    const { calendar } = world.deps
    let classId = ''
    const syncEvents: typeof calendar.syncEvents = async (...question) => {
      ;({ classId } = await classFor(world, 1, slotOf()))
      const eventId = await eventIdOf(classId)
      await (what === 'moved' ? move(eventId, to) : remove(eventId))
      world.clock.advance(SECOND_MS)
      return calendar.syncEvents(...question)
    }
    await syncCalendar({ ...world.deps, calendar: { ...calendar, syncEvents } }, await teacherId())
    world.clock.advance(MINUTE_MS)
    await world.settle()
    if (what === 'moved') expect((await classAt(classId)).start).toBe(to.start)
    else expect(await cases(classId)).toMatchObject([{ reason: 'calendar_changed' }])
  })

  it('an event that was moved on right after it had followed its class, before that was written down', async () => {
    const { classId, eventId, host } = await scene()
    const [first, last] = [targetOf(), targetOf()]
    expect((await host.post(`/api/classes/${classId}/reschedule`, first)).status).toBe(200)
    const { calendar } = world.deps
    world.deps.calendar = {
      ...calendar,
      freeBusy: async (...question) => {
        world.deps.calendar = calendar
        await move(eventId, last)
        await syncCalendar(world.deps, await teacherId())
        return calendar.freeBusy(...question)
      },
    }
    await world.settle()
    expect(await classAt(classId)).toEqual({ start: first.start, count: 1, state: 'synced' })
    await read()
    expect((await classAt(classId)).start).toBe(last.start)
  })

  it('an event that was moved on right after it had been made again, before that was written down', async () => {
    const { classId, eventId } = await scene()
    await remove(eventId)
    await read()
    const to = targetOf()
    const { calendar } = world.deps
    world.deps.calendar = {
      ...calendar,
      insertEvent: async (access, event) => {
        world.deps.calendar = calendar
        const made = await calendar.insertEvent(access, event)
        // What we write into it would be news.
        await world.control('/google/faults', { route: 'events.patch', kind: 'error', status: 503, count: 100 })
        await move(event.eventId, to)
        await syncCalendar(world.deps, await teacherId())
        return made
      },
    }
    await press(`/admin/clases/${classId}/recrear`)
    await world.settle()
    await read()
    expect((await classAt(classId)).start).toBe(to.start)
  })

  it('an appointment under the hour that an event was put to, and its class with it by the teacher’s own word', async () => {
    const { classId, eventId } = await scene()
    const to = targetOf()
    await appointment(to)
    await move(eventId, to)
    await read()
    const [, edit] = /\/admin\/calendario\/([\w-]+)\/aceptar/.exec(await panel()) ?? []
    await press(`/admin/calendario/${edit}/aceptar`)
    expect((await classAt(classId)).start).toBe(to.start)
    await read()
    expect(await cases(classId)).toMatchObject([{ reason: 'calendar_conflict' }])
  })
})
