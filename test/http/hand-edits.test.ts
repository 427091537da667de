import { describe, expect, it } from 'vitest'
import { takeMove } from '../../src/features/hand-edit/moved.ts'
import { findClass } from '../../src/features/virtual-class/store.ts'
import { HOUR_MS, MINUTE_MS } from '../../src/kernel/clock.ts'
import { checkout, classStatus, slot } from '../support/booking.ts'
import { askedOfGoogle, later, newcomer, type Slot } from '../support/scene.ts'
import {
  appointment,
  cases,
  change,
  classAt,
  eventAt,
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

const mails = async (classId: string) =>
  (await world.rows<{ kind: string }>(`SELECT kind FROM notice WHERE class_id = $1 AND kind = 'class-rescheduled'`, [classId])).length
const editOf = async (classId: string) =>
  (await world.rows<{ id: string }>('SELECT id FROM calendar_edit WHERE class_id = $1 AND settled_at IS NULL', [classId]))[0]?.id ?? ''

describe('an event that the teacher moves (behaviour 4.18)', () => {
  it('to a free slot takes its class along: new code, mails, not counted against the host, told in its story', async () => {
    const { classId, code, eventId } = await scene(3)
    const to = targetOf()
    await move(eventId, to)
    await read()
    expect(await classAt(classId)).toEqual({ start: to.start, count: 0, state: 'synced' })
    const codes = await world.rows<{ code: string; retired: boolean }>(
      'SELECT code, retired_at IS NOT NULL AS retired FROM access_code WHERE class_id = $1 ORDER BY issued_at',
      [classId],
    )
    expect(codes.map(({ retired }) => retired)).toEqual([true, false])
    expect(codes[0]?.code).toBe(code)
    expect(await mails(classId)).toBe(1)
    expect(await cases(classId)).toEqual([])
    expect(await story(classId)).toEqual(['moved by calendar'])
    expect(await (await (await world.admin()).get(`/admin/clases/${classId}`)).text()).toContain('desde el calendario del profesor')
  })

  it('and puts something else at its old hour meanwhile: the class follows, and nothing is told of an overlap', async () => {
    const { classId, start, end, eventId } = await scene()
    await appointment({ start, end })
    await move(eventId, targetOf())
    await read()
    expect(await cases(classId)).toEqual([])
    expect(await story(classId)).toEqual(['moved by calendar'])
  })

  it('is met once, however often the calendar is read, and nothing is sent back', async () => {
    const { classId, eventId } = await scene()
    await move(eventId, targetOf())
    await world.control('/log', undefined, 'DELETE')
    await read(3)
    expect(await mails(classId)).toBe(1)
    expect(await story(classId)).toEqual(['moved by calendar'])
    expect(await askedOfGoogle(world, 'PATCH', eventId)).toEqual([])
  })

  it('our own moves, and their echoes, are not taken for somebody else’s hand', async () => {
    const { classId, host, eventId } = await scene()
    const to = targetOf()
    expect((await host.post(`/api/classes/${classId}/reschedule`, to)).status).toBe(200)
    await read(3)
    expect(await startAt(eventId)).toBe(to.start)
    expect(await classAt(classId)).toEqual({ start: to.start, count: 1, state: 'synced' })
    expect(await story(classId)).toEqual(['moved by host'])
    expect(await cases(classId)).toEqual([])
  })

  const doubtful: [what: string, to: () => Slot, says: string][] = [
    ['outside the opening hours', () => slot('2026-12-27', '10:00'), 'fuera de los de atención'],
    ['between two slots', () => slot('2026-12-28', '10:30'), 'no coincide con un turno'],
    ['made longer', () => ({ start: slot('2026-12-28', '12:00').start, end: slot('2026-12-28', '13:30').end }), 'dura distinto'],
  ]
  it.each(doubtful)('%s waits for an answer, and the class stays', async (_what, to, says) => {
    const { classId, eventId, start } = await scene()
    await move(eventId, to())
    await read(2)
    expect((await classAt(classId)).start).toBe(start)
    expect(await cases(classId)).toMatchObject([{ reason: 'calendar_changed', detail: expect.stringContaining(says) }])
    expect(await story(classId)).toEqual(['moved'])
    expect(await startAt(eventId)).toBe(to().start)
    await press(`/admin/calendario/${await editOf(classId)}/deshacer`)
    await read(2)
    expect(await startAt(eventId)).toBe(start)
    expect(await cases(classId)).toEqual([])
    expect(await story(classId)).toEqual(['moved', 'put-back'])
  })

  it('outside the rules can be accepted with one click', async () => {
    const { classId, eventId } = await scene()
    const to = slot('2026-12-27', '15:00')
    await move(eventId, to)
    await read()
    const edit = await editOf(classId)
    expect(await panel()).toContain(`action="/admin/calendario/${edit}/aceptar"`)
    expect(await press(`/admin/calendario/${edit}/aceptar`)).toBe('/admin?ok=aceptada')
    expect(await press(`/admin/calendario/${edit}/aceptar`)).toBe('/admin?ok=sin-cambio')
    await read(2)
    expect(await classAt(classId)).toEqual({ start: to.start, count: 0, state: 'synced' })
    expect(await mails(classId)).toBe(1)
    expect(await cases(classId)).toEqual([])
    expect(await story(classId)).toEqual(['moved', 'moved by calendar'])
  })

  it('onto another class is only told, and cannot be accepted', async () => {
    const other = await scene()
    const { classId, eventId, start } = await scene()
    await move(eventId, other)
    await read()
    expect((await classAt(classId)).start).toBe(start)
    expect(await cases(classId)).toMatchObject([{ reason: 'calendar_changed', detail: expect.stringContaining('otra clase') }])
    expect(await press(`/admin/calendario/${await editOf(classId)}/aceptar`)).toBe('/admin?ok=horario-ocupado')
    await move(eventId, { start, end: later(start, HOUR_MS) })
    await read()
    expect(await cases(classId)).toEqual([])
  })

  it('onto a hold that has run out takes its class along, though nobody has asked about that hold yet', async () => {
    const { classId, eventId } = await scene()
    const to = targetOf()
    const held = await checkout(await newcomer(world), to)
    await move(eventId, to)
    world.clock.advance(21 * MINUTE_MS)
    const seen = await findClass(world.deps.db.handle, classId)
    if (seen) await takeMove(world.deps, seen, { startsAt: new Date(to.start), endsAt: new Date(to.end) })
    expect((await classAt(classId)).start).toBe(to.start)
    expect(await classStatus(world, held.classId)).toBe('cancelled')
    expect(await cases(classId)).toEqual([])
  })

  it('onto a hold that runs out later can be accepted from then on', async () => {
    const { classId, eventId } = await scene()
    const to = targetOf()
    await checkout(await newcomer(world), to)
    await move(eventId, to)
    await read()
    const path = `/admin/calendario/${await editOf(classId)}/aceptar`
    expect(await press(path)).toBe('/admin?ok=horario-ocupado')
    world.clock.advance(21 * MINUTE_MS)
    expect(await press(path)).toBe('/admin?ok=aceptada')
    expect((await classAt(classId)).start).toBe(to.start)
  })

  it('onto an appointment of the teacher’s own is only told; moved on to a free slot the class follows', async () => {
    const { classId, eventId, start } = await scene()
    const busy = targetOf()
    await appointment(busy)
    await read()
    await move(eventId, busy)
    await read()
    expect((await classAt(classId)).start).toBe(start)
    expect(await cases(classId)).toMatchObject([{ reason: 'calendar_changed' }])
    const free = targetOf()
    await move(eventId, free)
    await read()
    expect((await classAt(classId)).start).toBe(free.start)
    expect(await cases(classId)).toEqual([])
  })
})

describe('an event that the teacher deletes (behaviour 4.18)', () => {
  it('never costs anybody the class or the money: a person is told, and makes it again with one click', async () => {
    const { classId, eventId, preferenceId } = await scene(2)
    await remove(eventId)
    await read(3)
    expect(await classStatus(world, classId)).toBe('scheduled')
    expect(
      await world.rows('SELECT 1 FROM refund r JOIN payment_order o ON o.id = r.order_id WHERE o.preference_id = $1', [preferenceId]),
    ).toEqual([])
    expect(await cases(classId)).toMatchObject([{ reason: 'calendar_changed' }])
    expect(await story(classId)).toEqual(['deleted'])
    const shown = await panel()
    expect(shown).toContain(`action="/admin/clases/${classId}/recrear"`)
    await press(`/admin/clases/${classId}/recrear`)
    await read(2)
    const [row] = await world.rows<{ event: string; state: string; url: string }>(
      'SELECT google_event_id AS event, calendar_state AS state, meet_url AS url FROM virtual_class WHERE id = $1',
      [classId],
    )
    expect(row?.event).toBe(eventId.replace(/g0$/, 'g1'))
    expect(row?.state).toBe('synced')
    expect(JSON.stringify(await eventAt(row?.event ?? ''))).toContain(row?.url)
    expect(await cases(classId)).toEqual([])
    expect(await story(classId)).toEqual(['deleted', 'restored'])
  })
})

describe('title, text and guests', () => {
  it('that somebody changed say again what they said, with the link as it was and without mail to anybody', async () => {
    const { classId, eventId } = await scene(2, 'Entrevistas <de> trabajo')
    const before = await eventAt(eventId)
    await change(eventId, {
      summary: 'Clase de Ana',
      description: 'otra cosa',
      attendees: [{ email: 'curioso@correo.test' }],
      transparency: 'transparent',
    })
    await world.control('/google/invitations', undefined, 'DELETE')
    await read(2)
    const after = await eventAt(eventId)
    expect({ ...after, attendees: after.attendees?.map(({ email }) => email) }).toMatchObject({
      summary: before.summary,
      description: before.description,
      attendees: before.attendees?.map(({ email }) => email),
    })
    expect(after).not.toHaveProperty('transparency')
    expect(await world.control(`/google/invitations?eventId=${eventId}`)).toEqual({ invitations: [] })
    expect(await story(classId)).toEqual(['repaired'])
    expect(await cases(classId)).toEqual([])
  })
})

describe('an appointment over a class', () => {
  it('is told once, without its title, and goes from the list when it goes from the calendar', async () => {
    const { classId, start, end } = await scene()
    const { id } = await appointment({ start: later(start, 30 * MINUTE_MS), end: later(end, 30 * MINUTE_MS) })
    await read(3)
    expect(await cases(classId)).toMatchObject([{ reason: 'calendar_conflict' }])
    expect((await cases(classId))[0]?.detail).not.toContain('Dentista')
    expect(await story(classId)).toEqual(['conflict'])
    expect((await classAt(classId)).start).toBe(start)
    await remove(id)
    await read()
    expect(await cases(classId)).toEqual([])
  })

  it('that a person has set aside is not told again while it stays as it is', async () => {
    const { classId, start, end } = await scene()
    await appointment({ start, end })
    await read()
    const [open] = await world.rows<{ id: string }>('SELECT id FROM attention_case WHERE subject_id = $1 AND resolved_at IS NULL', [
      classId,
    ])
    await press(`/admin/casos/${open?.id}/resolver`)
    await read(2)
    expect(await cases(classId)).toEqual([])
  })
})

describe('at night', () => {
  it('a second event of a class is found by its private property and removed; a copy made by hand stays', async () => {
    const { classId, eventId, start, end } = await scene()
    const at = { start: { dateTime: later(start, 4 * HOUR_MS) }, end: { dateTime: later(end, 4 * HOUR_MS) } }
    const ours = { extendedProperties: { private: { bookingId: classId } } }
    const stray = eventId.replace(/g0$/, 'g7')
    await world.control('/google/events', { id: stray, ...at, ...ours })
    const copy = (await world.control('/google/events', { ...at, ...ours })) as { id: string }
    await read()
    expect((await eventAt(stray)).status).toBe('confirmed')
    world.clock.advance(24 * HOUR_MS)
    await read()
    expect((await eventAt(stray)).status).toBe('cancelled')
    expect([(await eventAt(copy.id)).status, (await eventAt(eventId)).status]).toEqual(['confirmed', 'confirmed'])
    expect(await story(classId)).toEqual(['double'])
    expect((await classAt(classId)).start).toBe(start)
  })
})
