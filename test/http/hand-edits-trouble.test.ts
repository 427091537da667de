import { describe, expect, it } from 'vitest'
import { DELETED_TEXT } from '../../src/features/hand-edit/text.es.ts'
import { wakeMeetings } from '../../src/features/meeting/revive.ts'
import { syncCalendar } from '../../src/features/mirror/sync.ts'
import { MINUTE_MS } from '../../src/kernel/clock.ts'
import { classStatus, slot } from '../support/booking.ts'
import { askedOfGoogle, classFor, later, newcomer } from '../support/scene.ts'
import {
  appointment,
  cases,
  change,
  classAt,
  eventAt,
  eventIdOf,
  move,
  panel,
  press,
  read,
  remove,
  scene,
  startAt,
  story,
  targetOf,
  useHandEditsBench,
  world,
} from './hand-edits-bench.ts'

useHandEditsBench()

const teacherId = async () => (await world.rows<{ id: string }>('SELECT id FROM teacher'))[0]?.id ?? ''
const googlePage = async () => (await (await world.admin()).get('/admin/google')).text()
const eventRoute = (eventId: string) => `/calendar/v3/calendars/*/events/${eventId}`

async function setAside(classId: string): Promise<void> {
  for (const { id } of await cases(classId)) await press(`/admin/casos/${id}/resolver`)
}

describe('what a hand did is not lost', () => {
  it('when the process that compares dies in the middle of it', async () => {
    const { classId, eventId } = await scene()
    const to = targetOf()
    await move(eventId, to)
    world.clock.advance(MINUTE_MS)
    const reached = Promise.withResolvers<void>()
    const getEvent = () => {
      reached.resolve()
      return new Promise<never>(() => undefined)
    }
    void syncCalendar({ ...world.deps, calendar: { ...world.deps.calendar, getEvent } }, await teacherId())
    await reached.promise
    // Whoever died cannot give its right back: it runs out.
    await read()
    expect((await classAt(classId)).start).not.toBe(to.start)
    await read(2)
    expect((await classAt(classId)).start).toBe(to.start)
  })

  it('and one comparison that brings news while another is under way is followed by the next at once', async () => {
    const { classId, eventId } = await scene()
    const [first, last] = [targetOf(), targetOf()]
    await move(eventId, first)
    world.clock.advance(MINUTE_MS)
    const { calendar } = world.deps
    let meanwhile: Promise<void> | null = null
    const getEvent: typeof calendar.getEvent = async (...question) => {
      const found = await calendar.getEvent(...question)
      meanwhile ??= move(eventId, last).then(async () => syncCalendar(world.deps, await teacherId()))
      await meanwhile
      return found
    }
    await syncCalendar({ ...world.deps, calendar: { ...calendar, getEvent } }, await teacherId())
    await world.settle()
    expect((await classAt(classId)).start).toBe(last.start)
  })

  it('because Google does not tell one event: the others are looked after, and the admin reads how many are missing', async () => {
    const silent = await scene()
    const other = await scene()
    const [to, next] = [targetOf(), targetOf()]
    await world.control('/google/faults', { route: eventRoute(silent.eventId), method: 'GET', kind: 'error', status: 503, count: 100 })
    await move(silent.eventId, to)
    await move(other.eventId, next)
    await read()
    expect((await classAt(silent.classId)).start).toBe(silent.start)
    expect((await classAt(other.classId)).start).toBe(next.start)
    expect(await googlePage()).toContain('Google no dejó leer el evento de una clase.')
    await world.control('/google/faults', undefined, 'DELETE')
    await read()
    expect((await classAt(silent.classId)).start).toBe(to.start)
    expect(await googlePage()).not.toContain('no dejó leer')
  })
})

describe('a case that a process was about to close when it died', () => {
  /** A reading that ends where a case should be closed, and those after it. */
  async function readThroughDeath(): Promise<void> {
    await world.rows('ALTER TABLE attention_case ADD CONSTRAINT dies CHECK (resolved_at IS NULL) NOT VALID')
    await read()
    await world.rows('ALTER TABLE attention_case DROP CONSTRAINT dies')
    await read(3)
  }

  it('of an appointment over a class, which has gone, is closed by the next', async () => {
    const { classId, start, end } = await scene()
    const { id } = await appointment({ start, end })
    await read()
    expect(await cases(classId)).toMatchObject([{ reason: 'calendar_conflict' }])
    await remove(id)
    await readThroughDeath()
    expect(await cases(classId)).toEqual([])
  })

  it('of a class that is over is closed by the next', async () => {
    const { classId, eventId, end } = await scene()
    await remove(eventId)
    await read()
    const before = world.clock.now()
    world.clock.set(later(end, MINUTE_MS))
    await appointment(targetOf())
    await readThroughDeath()
    world.clock.set(before)
    expect((await cases(classId)).filter(({ reason }) => reason === 'calendar_changed')).toEqual([])
  })
})

describe('a text that Google does not let us put right', () => {
  it('is told, and tried again only when it says something else', async () => {
    const { classId, eventId } = await scene()
    const refused = { route: eventRoute(eventId), method: 'PATCH', kind: 'error', status: 400, reason: 'invalid', count: 100 }
    await world.control('/google/faults', refused)
    await change(eventId, { summary: 'Otra cosa' })
    await world.control('/log', undefined, 'DELETE')
    await read(3)
    expect(await askedOfGoogle(world, 'PATCH', eventId)).toHaveLength(1)
    expect(await cases(classId)).toMatchObject([{ reason: 'calendar_changed', detail: expect.stringContaining('no deja corregir') }])
    await world.control('/google/faults', undefined, 'DELETE')
    await change(eventId, { summary: 'Algo más' })
    await read(2)
    expect((await eventAt(eventId)).summary).toBe('Clase de Inglés')
    expect(await cases(classId)).toEqual([])
  })
})

describe('the case of a deleted event', () => {
  it('closes by itself when the event comes back from the bin of the calendar', async () => {
    const { classId, eventId } = await scene()
    await remove(eventId)
    await read()
    expect(await cases(classId)).toMatchObject([{ reason: 'calendar_changed' }])
    await change(eventId, { status: 'confirmed' })
    await read(2)
    expect(await cases(classId)).toEqual([])
    expect((await classAt(classId)).state).toBe('synced')
  })

  it('closes although a guest came while it was in the bin, who is on it then', async () => {
    const { classId, eventId, code, start } = await scene(2)
    await remove(eventId)
    await read()
    const before = world.clock.now()
    world.clock.set(later(start, -30 * MINUTE_MS))
    expect((await (await newcomer(world)).post('/api/access-code', { accessCode: code })).status).toBe(200)
    await world.settle()
    await change(eventId, { status: 'confirmed' })
    await read(2)
    world.clock.set(before)
    expect((await cases(classId)).filter(({ reason }) => reason === 'calendar_changed')).toEqual([])
    expect((await classAt(classId)).state).toBe('synced')
    expect((await eventAt(eventId)).attendees).toHaveLength(2)
  })

  it('becomes a question when the event comes back at another hour than its class, which may have moved meanwhile', async () => {
    const { classId, eventId, host } = await scene()
    await remove(eventId)
    await read()
    const to = targetOf()
    expect((await host.post(`/api/classes/${classId}/reschedule`, to)).status).toBe(200)
    await world.settle()
    await change(eventId, { status: 'confirmed' })
    await read(2)
    expect((await classAt(classId)).start).toBe(to.start)
    expect(await cases(classId)).toMatchObject([{ reason: 'calendar_changed', detail: expect.stringContaining('Falta que lo aceptes') }])
    const [edit] = await world.rows<{ id: string }>('SELECT id FROM calendar_edit WHERE class_id = $1 AND settled_at IS NULL', [classId])
    await press(`/admin/calendario/${edit?.id}/deshacer`)
    await read(2)
    expect(await startAt(eventId)).toBe(to.start)
    expect(await cases(classId)).toEqual([])
  })

  it('of a moved one closes when the host moves the class, whose event follows', async () => {
    const { classId, eventId, host, end } = await scene()
    await move(eventId, { start: later(end, 30 * MINUTE_MS), end: later(end, 90 * MINUTE_MS) })
    await read()
    expect(await cases(classId)).toMatchObject([{ reason: 'calendar_changed' }])
    const to = targetOf()
    expect((await host.post(`/api/classes/${classId}/reschedule`, to)).status).toBe(200)
    await world.settle()
    expect(await cases(classId)).toEqual([])
    await read(2)
    expect((await classAt(classId)).start).toBe(to.start)
  })

  it('of a moved one gives way to that of a deleted one: it can be made again, not put back', async () => {
    const { classId, eventId } = await scene()
    await move(eventId, slot('2026-12-27', '10:00'))
    await read()
    await remove(eventId)
    await read(2)
    expect(await cases(classId)).toMatchObject([{ reason: 'calendar_changed', detail: DELETED_TEXT }])
    expect(await panel()).toContain(`action="/admin/clases/${classId}/recrear"`)
    await press(`/admin/clases/${classId}/recrear`)
    await read()
    expect(await cases(classId)).toEqual([])
    expect(await startAt(await eventIdOf(classId))).toBe((await classAt(classId)).start)
  })

  it('that a person has set aside stays set aside when the calendar is connected again, and when a guest comes', async () => {
    const { classId, eventId, code, start } = await scene(3)
    await remove(eventId)
    await read()
    await setAside(classId)
    await wakeMeetings(world.deps, await teacherId())
    await world.settle()
    expect(await cases(classId)).toEqual([])
    const before = world.clock.now()
    world.clock.set(later(start, -30 * MINUTE_MS))
    expect((await (await newcomer(world)).post('/api/access-code', { accessCode: code })).status).toBe(200)
    await world.settle()
    await wakeMeetings(world.deps, await teacherId())
    await read(2)
    expect((await cases(classId)).filter(({ reason }) => reason === 'calendar_changed')).toEqual([])
    expect(await story(classId)).toEqual(['deleted'])
    world.clock.set(before)
  })

  it('closes with the end of the class', async () => {
    const { classId, eventId, end } = await scene()
    const other = await classFor(world, 1, targetOf())
    await remove(eventId)
    await read()
    expect(await cases(classId)).not.toEqual([])
    world.clock.set(later(end, MINUTE_MS))
    await change(await eventIdOf(other.classId), { summary: 'Algo que se lee' })
    await read(2)
    expect(await classStatus(world, classId)).toBe('completed')
    expect((await cases(classId)).filter(({ reason }) => reason === 'calendar_changed')).toEqual([])
  })
})
