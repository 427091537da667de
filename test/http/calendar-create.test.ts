import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../src/kernel/clock.ts'
import { checkout, classStatus, json } from '../support/booking.ts'
import { askedOfGoogle, classFor, expectCleanLog, freshSlots, newcomer, userIdOf } from '../support/scene.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'

const ZONE = 'America/Argentina/Buenos_Aires'
const slotOf = freshSlots()

describe('POST /api/calendar (behaviour 4.5)', () => {
  let world: World
  let admin: Client
  beforeAll(async () => {
    world = await openWorld()
    admin = await world.admin()
  })
  afterAll(() => world.close())
  beforeEach(() => world.clock.set(MONDAY_9H))
  afterEach(() => world.control('/google/faults', undefined, 'DELETE'))

  const CREATED = { status: 200, body: { success: true, message: 'Event created successfully' } }
  const FAILED = { status: 500, body: { error: 'Failed to create calendar event' } }

  async function create(client: Client, body: unknown): Promise<{ status: number; body: unknown }> {
    const answer = await client.post('/api/calendar', body)
    return { status: answer.status, body: await answer.json() }
  }

  /** Paid, with an event that could not be made. */
  async function waitingClass(more: Record<string, unknown> = {}): Promise<{ host: Client; classId: string; preferenceId: string }> {
    const host = await newcomer(world)
    const held = await checkout(host, slotOf(), more)
    await world.control('/google/faults', { route: 'events.insert', kind: 'error', status: 503 })
    await world.control('/mercado-pago/pay', { preferenceId: held.preferenceId })
    await world.settle()
    expect(await classStatus(world, held.classId)).toBe('pending')
    return { host, ...held }
  }

  async function insertions(): Promise<Record<string, unknown>[]> {
    const asked = await askedOfGoogle(world, 'POST', '/events?')
    const made = asked.filter(({ status }) => status === 200).map(({ body }) => JSON.parse(body) as Record<string, unknown>)
    // The daily trial of the connection makes an event that is no class's.
    return made.filter(({ extendedProperties }) => JSON.stringify(extendedProperties).includes('bookingId'))
  }

  it('rows 1 and 2: 401 anonymously, 403 for a student, also with the own preference (scenario I)', async () => {
    const student = await newcomer(world)
    const { preferenceId, classId } = await checkout(student, slotOf())
    expect(await create(world.anonymous, { preferenceId })).toEqual({ status: 401, body: { error: 'Unauthorized' } })
    expect(await create(student, { preferenceId })).toEqual({
      status: 403,
      body: { error: 'No tienes los permisos necesarios para acceder a esta ruta' },
    })
    expect(await classStatus(world, classId)).toBe('pending')
  })

  it.each(['{}', 'null', '[]', '""', '{"preferenceId":""}', '{"preferenceId":"  "}', '{"preferenceId":null}', '{"preferenceId":7}'])(
    'row 3: %s lacks the preference',
    async (body) => {
      expect(await create(admin, body)).toEqual({ status: 400, body: { error: 'Missing preferenceId' } })
    },
  )

  it('a body that is no JSON, and a page of another site', async () => {
    expect(await create(admin, '{')).toEqual({ status: 400, body: { error: 'El cuerpo de la solicitud no es JSON válido' } })
    const foreign = await admin.post('/api/calendar', { preferenceId: 'x' }, { origin: 'https://otro.example' })
    expect(foreign.status).toBe(403)
  })

  it('row 4: unknown preference, and one that no class has', async () => {
    const NOT_FOUND = { status: 404, body: { error: 'Virtual class not found' } }
    expect(await create(admin, { preferenceId: 'nadie' })).toEqual(NOT_FOUND)
    expect(await create(admin, { preferenceId: 'x'.repeat(5_000) })).toEqual(NOT_FOUND)
    const student = await newcomer(world)
    const { preferenceId } = await json(student.post('/api/mercado-pago/create-preference', { type: 'individual', studentsCount: 1 }))
    expect(await create(admin, { preferenceId })).toEqual(NOT_FOUND)
  })

  it('row 5: a scheduled or completed class keeps its event and its code', async () => {
    const { preferenceId, classId, code, host, end } = await classFor(world, 3, slotOf())
    const before = (await insertions()).length
    expect(await create(admin, { preferenceId })).toEqual(CREATED)
    await world.settle()
    const mine = (await json(host.get('/api/my-classes'))) as { response: { accessCode: string }[] }
    expect(mine.response[0]?.accessCode).toBe(code)
    world.clock.set(end)
    await world.settle()
    expect(await classStatus(world, classId)).toBe('completed')
    expect(await create(admin, { preferenceId })).toEqual(CREATED)
    expect(await insertions()).toHaveLength(before)
  })

  it('row 6: a cancelled class', async () => {
    const { preferenceId, classId, host } = await classFor(world, 3, slotOf())
    await host.post(`/api/classes/${classId}/cancel`)
    expect(await create(admin, { preferenceId })).toEqual({ status: 409, body: { error: 'La clase está cancelada' } })
    const unpaid = await checkout(host, slotOf())
    await host.post(`/api/classes/${unpaid.classId}/cancel`)
    expect(await create(admin, { preferenceId: unpaid.preferenceId })).toEqual({ status: 409, body: { error: 'La clase está cancelada' } })
  })

  it('row 7: not paid', async () => {
    const { preferenceId, classId } = await checkout(await newcomer(world), slotOf())
    expect(await create(admin, { preferenceId })).toEqual({ status: 409, body: { error: 'El pago no está aprobado' } })
    expect(await classStatus(world, classId)).toBe('pending')
  })

  it('row 8: Google fails; the class waits and the next try works', async () => {
    const { preferenceId, classId } = await waitingClass()
    await world.control('/google/faults', { route: 'events.insert', kind: 'error', status: 500 })
    expect(await create(admin, { preferenceId })).toEqual(FAILED)
    expect(await classStatus(world, classId)).toBe('pending')
    expect(await create(admin, { preferenceId })).toEqual(CREATED)
    expect(await classStatus(world, classId)).toBe('scheduled')
  })

  it('row 8: the store fails after Google has made the event: 500, and the next try adopts it', async () => {
    const { preferenceId, classId } = await waitingClass()
    await world.rows('ALTER TABLE participation RENAME TO participation_away')
    const failed = await create(admin, { preferenceId })
    await world.rows('ALTER TABLE participation_away RENAME TO participation')
    expect(failed).toEqual(FAILED)
    expect(world.logged.some(({ message }) => message === 'Failed to save google event in database')).toBe(true)
    const before = (await insertions()).length
    expect(await create(admin, { preferenceId })).toEqual(CREATED)
    expect(await classStatus(world, classId)).toBe('scheduled')
    expect(await insertions()).toHaveLength(before)
  })

  it('row 9: what Google is sent and what is stored', async () => {
    const { preferenceId, classId, host } = await waitingClass({ isGroupClass: true, studentsCount: 3, text: '<b>Viajes</b> & más' })
    const [booked] = await world.rows<{ starts_at: Date; ends_at: Date }>('SELECT starts_at, ends_at FROM virtual_class WHERE id = $1', [
      classId,
    ])
    const before = (await insertions()).length
    expect(await create(admin, { preferenceId })).toEqual(CREATED)

    const [sent] = (await insertions()).slice(before)
    const eventId = `${classId.replaceAll('-', '')}g0`
    const start = new Date(booked!.starts_at)
    expect(sent).toMatchObject({
      id: eventId,
      summary: 'Clase de Inglés',
      description: 'La clase sera grupal con x3 participantes\nObjetivo: &lt;b&gt;Viajes&lt;/b&gt; &amp; más',
      start: { timeZone: ZONE },
      end: { timeZone: ZONE },
      transparency: 'opaque',
      guestsCanSeeOtherGuests: false,
      guestsCanInviteOthers: false,
      conferenceData: { createRequest: { requestId: `${eventId}-0`, conferenceSolutionKey: { type: 'hangoutsMeet' } } },
    })
    const times = sent as { start: { dateTime: string }; attendees: { email: string }[] }
    expect(times.start.dateTime).toMatch(/-03:00$/)
    expect(Date.parse(times.start.dateTime)).toBe(start.getTime())
    const { user } = (await json(host.get('/api/auth/session'))) as { user: { email: string } }
    expect(times.attendees.map(({ email }) => email)).toEqual([user.email])
    const [request] = (await askedOfGoogle(world, 'POST', '/events?')).slice(-1)
    expect(request?.path).toContain('conferenceDataVersion=1')
    expect(request?.path).toContain('sendUpdates=none')

    const event = (await world.control(`/google/events/${eventId}`)) as {
      htmlLink: string
      conferenceData: { entryPoints: { entryPointType: string; uri: string }[] }
    }
    const video = event.conferenceData.entryPoints.find((entry) => entry.entryPointType === 'video')?.uri
    const [row] = await world.rows('SELECT * FROM virtual_class WHERE id = $1', [classId])
    expect(row).toMatchObject({
      status: 'scheduled',
      google_event_id: eventId,
      meet_url: video,
      calendar_page_url: event.htmlLink,
      starts_at: booked?.starts_at,
      ends_at: booked?.ends_at,
      summary: 'Clase de Inglés. La clase sera grupal con x3 participantes\nObjetivo: <b>Viajes</b> & más',
      description: 'La clase sera grupal con x3 participantes\nObjetivo: <b>Viajes</b> & más',
      host_type: 'anfitrion',
      max_participants: 3,
      class_type: 'grupal',
      learning_focus: '<b>Viajes</b> & más',
    })
    expect(Number(row?.price_centavos)).toBe(3_600_000)
    const codes = await world.rows<{ code: string }>('SELECT code FROM access_code WHERE class_id = $1', [classId])
    expect(codes.map(({ code }) => /^[A-Z0-9]{8}$/.test(code))).toEqual([true])
    expect(await world.rows('SELECT user_id, rol, completed, task_id FROM participation WHERE class_id = $1', [classId])).toEqual([
      { user_id: await userIdOf(world, user.email), rol: 'anfitrion', completed: false, task_id: null },
    ])
    const audited = await world.rows<{ action: string }>(`SELECT action FROM audit_log WHERE subject_id = $1`, [classId])
    expect(audited.map(({ action }) => action)).toContain('meeting.retry')
  })

  it('an individual class without objective: the sentence alone, no line break', async () => {
    const { preferenceId } = await waitingClass()
    expect(await create(admin, { preferenceId })).toEqual(CREATED)
    expect((await insertions()).at(-1)?.description).toBe('La clase sera individual con x1 participantes')
  })

  it('several admins at once make one event and one code', async () => {
    const { preferenceId, classId } = await waitingClass()
    const before = (await insertions()).length
    const answers = await Promise.all(Array.from({ length: 5 }, () => create(admin, { preferenceId })))
    expect(answers).toEqual(Array.from({ length: 5 }, () => CREATED))
    expect(await insertions()).toHaveLength(before + 1)
    expect(await world.rows('SELECT code FROM access_code WHERE class_id = $1', [classId])).toHaveLength(1)
  })

  it('after the start it is too late: the class is cancelled with a full refund', async () => {
    const { preferenceId, classId } = await waitingClass()
    const [booked] = await world.rows<{ starts_at: Date }>('SELECT starts_at FROM virtual_class WHERE id = $1', [classId])
    world.clock.set(booked!.starts_at)
    expect(await create(admin, { preferenceId })).toEqual({ status: 409, body: { error: 'La clase está cancelada' } })
    await world.settle()
    const [row] = await world.rows('SELECT cancel_reason FROM virtual_class WHERE id = $1', [classId])
    expect(row).toEqual({ cancel_reason: 'event_failed' })
  })

  it('row 8: invalid_grant disconnects the calendar and tells the admin; afterwards the log says that the token is missing', async () => {
    const { preferenceId, classId, host } = await waitingClass()
    await world.control('/google/grants/profe@hablainglesya.test', undefined, 'DELETE')
    world.clock.advance(2 * HOUR_MS + MINUTE_MS)
    world.logged.length = 0
    expect(await create(admin, { preferenceId })).toEqual(FAILED)
    expect(JSON.stringify(world.logged)).toContain('invalid_grant')
    expect(await json(admin.get('/api/admin/google'))).toMatchObject({ status: 'disconnected' })
    await world.settle()
    const mails = (await world.control('/mail?to=profe@hablainglesya.test')) as { mails: { subject: string }[] }
    expect(mails.mails.map(({ subject }) => subject)).toEqual(['Hay que volver a conectar tu calendario de Google'])

    world.logged.length = 0
    expect(await create(admin, { preferenceId })).toEqual(FAILED)
    expect(JSON.stringify(world.logged)).toContain('Refresh token not found')
    expect(await classStatus(world, classId)).toBe('pending')
    expect((await json(host.get('/api/my-classes'))).preparing).toBe(1)
    await expectCleanLog(world)
  })
})
