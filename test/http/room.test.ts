import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HOUR_MS, MINUTE_MS } from '../../src/kernel/clock.ts'
import { checkout, classStatus, slot } from '../support/booking.ts'
import { classFor, freshSlots, later, meetUrlOf, newcomer } from '../support/scene.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'

const ROOM = 'https://us02web.zoom.us/j/123456789'
const slotOf = freshSlots()

describe('every class has a link that works, or its teacher knows in time (google.md 6, row 1)', () => {
  let world: World
  let admin: Client
  beforeAll(async () => {
    world = await openWorld()
    admin = await world.admin()
  })
  afterAll(() => world.close())
  beforeEach(async () => {
    world.clock.set(MONDAY_9H)
    await world.control('/google/conference', { mode: 'success' })
    await world.control('/google/faults', undefined, 'DELETE')
    await world.control('/mail', undefined, 'DELETE')
  })

  const casesOf = async (classId: string) =>
    (
      await world.rows<{ reason: string }>('SELECT reason FROM attention_case WHERE subject_id = $1 AND resolved_at IS NULL', [classId])
    ).map(({ reason }) => reason)
  const mailsAbout = async (subject: string) => {
    const { mails } = (await world.control(`/mail?subject=${encodeURIComponent(subject)}`)) as {
      mails: { subject: string; text: string; envelope: { to: string[] } }[]
    }
    return mails
  }
  const giveRoom = (classId: string, url: string) => admin.submit(`/admin/clases/${classId}/sala`, { url })
  const eventOf = async (classId: string) => {
    const [row] = await world.rows<{ id: string }>('SELECT google_event_id AS id FROM virtual_class WHERE id = $1', [classId])
    return (await world.control(`/google/events/${row?.id}`)) as { description: string; location?: string }
  }
  const entersAt = async (client: Client, classId: string) => (await client.get(`/api/classes/${classId}/join`)).headers.get('location')

  /** A paid class whose link Google never makes. */
  async function waitingClass(when: { start: string; end: string }) {
    await world.control('/google/conference', { mode: 'pending', ms: 86_400_000 })
    const host = await newcomer(world)
    const held = await checkout(host, when)
    await world.control('/mercado-pago/pay', { preferenceId: held.preferenceId })
    await world.settle()
    return { ...held, ...when, host }
  }

  it('a paid class of the next day without a link is a case and one mail to the teacher, and goes on with the room that is pasted', async () => {
    const { classId, host, start } = await waitingClass(slot('2026-11-23', '18:00'))
    world.clock.advance(11 * MINUTE_MS)
    await world.settle()
    world.clock.advance(6 * MINUTE_MS)
    await world.settle()
    expect(await casesOf(classId)).toContain('link_missing')
    const mails = await mailsAbout('Falta el enlace')
    expect(mails).toHaveLength(1)
    expect(mails[0]?.text).toContain(`/admin/clases/${classId}`)
    expect(await classStatus(world, classId)).toBe('pending')

    expect((await giveRoom(classId, ROOM)).headers.get('location')).toBe(`/admin/clases/${classId}?ok=sala`)
    // Saved again nothing changes, and nobody is told.
    expect((await giveRoom(classId, ROOM)).headers.get('location')).toBe(`/admin/clases/${classId}?ok=sala`)
    expect(await (await admin.get(`/admin/clases/${classId}?ok=sala`)).text()).toContain('Si cambió el enlace, avisamos')
    expect(await classStatus(world, classId)).toBe('scheduled')
    await world.settle()
    expect(await casesOf(classId)).toEqual([])
    world.clock.set(start)
    expect(await entersAt(host, classId)).toBe(ROOM)
  })

  it('with Google away the room alone makes the class, and its event follows with everybody in it', async () => {
    await world.control('/google/faults', { route: 'events.insert', kind: 'error', status: 503, count: 50 })
    const host = await newcomer(world)
    const when = slotOf()
    const { classId, preferenceId } = await checkout(host, when)
    await world.control('/mercado-pago/pay', { preferenceId })
    await world.settle()
    await giveRoom(classId, ROOM)
    expect(await classStatus(world, classId)).toBe('scheduled')
    await world.control('/google/faults', undefined, 'DELETE')
    world.clock.advance(HOUR_MS)
    await world.settle()
    const { events } = (await world.control('/google/events')) as {
      events: { status: string; extendedProperties?: { private?: { bookingId?: string } } }[]
    }
    const own = events.filter((event) => event.extendedProperties?.private?.bookingId === classId && event.status === 'confirmed')
    expect(own).toHaveLength(1)
    const [row] = await world.rows('SELECT calendar_state, meet_url FROM virtual_class WHERE id = $1', [classId])
    expect(row).toMatchObject({ calendar_state: 'synced', meet_url: ROOM })
  })

  it('another room is told to host and guests without the link, and Meet can be returned to', async () => {
    const { classId, host, code, start } = await classFor(world, 2, slotOf())
    const meet = await meetUrlOf(world, classId)
    const guest = await newcomer(world)
    world.clock.set(start)
    await guest.post('/api/access-code', { accessCode: code })
    await giveRoom(classId, ROOM)
    await world.settle()
    await giveRoom(classId, `${ROOM}?pwd=1&x=2`)
    await giveRoom(classId, ROOM)
    await world.settle()
    const mails = await mailsAbout('tiene otro enlace')
    expect(mails).toHaveLength(2)
    expect(await eventOf(classId)).toMatchObject({ location: ROOM, description: expect.stringContaining(`Sala: ${ROOM}`) })
    world.clock.advance(MINUTE_MS)
    await world.settle()
    const edits = await world.rows("SELECT 1 FROM audit_log WHERE subject_id = $1 AND action = 'calendar.edit'", [classId])
    expect(edits).toEqual([])
    expect(mails.map(({ text }) => text).join()).not.toMatch(/zoom|meet\//)
    expect(await entersAt(guest, classId)).toBe(ROOM)
    await admin.submit(`/admin/clases/${classId}/sala/meet`, {})
    expect(await entersAt(host, classId)).toBe(meet)
    await world.settle()
    expect((await eventOf(classId)).description).not.toContain('Sala:')
    expect((await eventOf(classId)).location ?? '').toBe('')
  })

  it('a teacher who is no admin is told of the room, and finds it in her calendar', async () => {
    const { classId } = await classFor(world, 1, slotOf())
    const her = await newcomer(world)
    const [{ user_id: before } = { user_id: null }] = await world.rows<{ user_id: string | null }>('SELECT user_id FROM teacher')
    const { user } = (await (await her.get('/api/auth/session')).json()) as { user: { email: string } }
    await world.rows('UPDATE teacher SET user_id = (SELECT id FROM app_user WHERE email = $1)', [user.email])
    await giveRoom(classId, ROOM)
    await world.settle()
    await world.rows('UPDATE teacher SET user_id = $1', [before])
    const [mail, ...more] = await mailsAbout('Tu clase tiene otra sala')
    expect(more).toEqual([])
    expect(mail?.text).toContain('en «Ubicación»')
    expect(mail?.text).not.toContain('zoom')
    expect(mail?.envelope.to).toEqual([user.email])
  })

  it('refuses what is no room, keeps what was typed and says why beside the field', async () => {
    const { classId } = await classFor(world, 1, slotOf())
    for (const [url, why] of [
      ['http://zoom.us/j/1', 'https://'],
      ['https://example.com/sala', 'Usá una sala de Google Meet'],
      ['https://zoom.us.example.com/j/1', 'Usá una sala de Google Meet'],
      ['https://meet.google.com/', 'no a la página de inicio'],
      ['https://zoom.us/j/1 2', 'https://'],
      ['https://ana:clave@zoom.us/j/1', 'https://'],
    ] as const) {
      const answer = await giveRoom(classId, url)
      const page = await answer.text()
      expect(answer.status).toBe(400)
      expect(page).toContain(why)
      expect(page).toContain(`value="${url}"`)
    }
    const student = await newcomer(world)
    expect((await student.submit(`/admin/clases/${classId}/sala`, { url: ROOM })).status).toBe(403)
  })

  it('a link that was lost in the calendar is found a day ahead, and the class takes the new one', async () => {
    const { classId, host, start } = await classFor(world, 1, slotOf())
    const before = await meetUrlOf(world, classId)
    const [row] = await world.rows<{ id: string }>('SELECT google_event_id AS id FROM virtual_class WHERE id = $1', [classId])
    await world.control(`/google/events/${row?.id}`, { conferenceData: null }, 'PATCH')
    world.clock.set(later(start, -23 * HOUR_MS))
    await world.settle()
    const after = await meetUrlOf(world, classId)
    expect(after).not.toBe(before)
    world.clock.set(start)
    expect(await entersAt(host, classId)).toBe(after)
  })

  it('an event that was deleted by hand is a case; students read that the link is being repaired', async () => {
    const { classId, host, start } = await classFor(world, 1, slotOf())
    const [row] = await world.rows<{ id: string }>('SELECT google_event_id AS id FROM virtual_class WHERE id = $1', [classId])
    await world.control(`/google/events/${row?.id}`, undefined, 'DELETE')
    world.clock.set(later(start, -23 * HOUR_MS))
    await world.settle()
    expect(await casesOf(classId)).toContain('link_missing')
    expect(await (await host.get(`/inicio/clases/${classId}`)).text()).toContain('El enlace está en arreglo')
    expect(await classStatus(world, classId)).toBe('scheduled')
  })

  it('that the teacher went to the room is in the story of the class, and no list holds the link', async () => {
    const { classId, host, start } = await classFor(world, 1, slotOf())
    const link = await meetUrlOf(world, classId)
    world.clock.set(start)
    expect(await entersAt(admin, classId)).toBe(link)
    expect(await (await host.get(`/inicio/clases/${classId}`)).text()).toContain('El profesor entró a la clase')
    for (const page of ['/admin?status=all', `/admin/clases/${classId}`]) expect(await (await admin.get(page)).text()).not.toContain(link)
  })
})
