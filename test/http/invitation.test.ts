import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { checkout, json, slot } from '../support/booking.ts'
import { classFor, freshSlots, later, meetUrlOf, newcomer } from '../support/scene.ts'
import { BASE_URL, type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'

const slotOf = freshSlots('2026-11-30')

async function expectUnknown(answer: Response): Promise<void> {
  expect({ status: answer.status, body: await json(answer) }).toEqual({ status: 404, body: { error: 'No se encontró la clase' } })
}

/** Lines of the file, unfolded as RFC 5545 tells. */
async function linesOf(client: Client, classId: string): Promise<string[]> {
  const answer = await client.get(`/api/classes/${classId}/calendar.ics`)
  expect(answer.status).toBe(200)
  expect(answer.headers.get('content-type')).toBe('text/calendar; charset=utf-8')
  expect(answer.headers.get('content-disposition')).toContain('attachment')
  expect(answer.headers.get('cache-control')).toBe('no-store')
  const text = await answer.text()
  return text.replaceAll('\r\n ', '').split('\r\n')
}

describe('GET /api/classes/{id}/calendar.ics (behaviour 4.10)', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())
  const serverZone = process.env.TZ
  afterEach(() => {
    world.clock.set(MONDAY_9H)
    process.env.TZ = serverZone
  })

  it('is the class, in the Argentine zone', async () => {
    const { host, classId } = await classFor(world, 2, slotOf(), 'Entrevista')
    const lines = await linesOf(host, classId)
    expect(lines).toContain('BEGIN:VEVENT')
    expect(lines).toContain('SUMMARY:Clase de Inglés')
    const event = lines.slice(lines.indexOf('BEGIN:VEVENT'))
    expect(
      event.filter((line) => /^DT(START|END)/.test(line)).every((line) => line.includes(';TZID=America/Argentina/Buenos_Aires:')),
    ).toBe(true)
    const zone = lines.slice(lines.indexOf('BEGIN:VTIMEZONE'), lines.indexOf('END:VTIMEZONE'))
    expect(zone).toEqual(expect.arrayContaining(['TZID:America/Argentina/Buenos_Aires', 'TZOFFSETTO:-0300']))
    expect(lines).toContain(`LOCATION:${BASE_URL}/inicio/mis-clases-virtuales`)
  })

  it.each([
    ['UTC', '2026-11-24'],
    ['Asia/Tokyo', '2026-11-25'],
    ['Europe/Madrid', '2026-11-27'],
  ])('tells the Argentine hour with the server in %s', async (zone, date) => {
    process.env.TZ = zone
    const { host, classId } = await classFor(world, 2, slot(date, '20:00'))
    const day = date.replaceAll('-', '')
    const lines = await linesOf(host, classId)
    expect(lines).toContain(`DTSTART;TZID=America/Argentina/Buenos_Aires:${day}T200000`)
    expect(lines).toContain(`DTEND;TZID=America/Argentina/Buenos_Aires:${day}T210000`)
  })

  it('says nothing of link, code, objective or other people; its UID is stable and its sequence grows with each reschedule', async () => {
    const { host, code, classId, start } = await classFor(world, 2, slotOf(), 'Entrevista secreta')
    const guest = await newcomer(world, 'Persona Invitada')
    world.clock.set(start)
    await guest.post('/api/access-code', { accessCode: code })
    const link = await meetUrlOf(world, classId)
    for (const client of [host, guest]) {
      const text = (await linesOf(client, classId)).join('\n')
      for (const secret of [code, link, new URL(link).pathname, 'Entrevista secreta', '@correo.test', 'Invitada', 'ATTENDEE', 'ORGANIZER'])
        expect(text).not.toContain(secret)
    }
    const before = await linesOf(host, classId)
    expect(before).toContain('SEQUENCE:0')
    await world.rows('UPDATE virtual_class SET move_count = 1 WHERE id = $1', [classId])
    const afterwards = await linesOf(host, classId)
    expect(afterwards).toContain('SEQUENCE:1')
    const uid = (lines: string[]) => lines.find((line) => line.startsWith('UID:'))
    expect(uid(before)).toMatch(/^UID:.+/)
    expect(uid(afterwards)).toBe(uid(before))
  })

  it('401 without login; 404 for strangers, unknown classes and classes that are not scheduled', async () => {
    const scheduled = await classFor(world, 2, slotOf())
    const anonymous = await world.anonymous.get(`/api/classes/${scheduled.classId}/calendar.ics`)
    expect({ status: anonymous.status, body: await json(anonymous) }).toEqual({ status: 401, body: { error: 'Unauthorized' } })
    const stranger = await newcomer(world)
    for (const id of [scheduled.classId, crypto.randomUUID(), 'x'])
      await expectUnknown(await stranger.get(`/api/classes/${id}/calendar.ics`))

    const unpaid = await checkout(stranger, slotOf())
    await expectUnknown(await stranger.get(`/api/classes/${unpaid.classId}/calendar.ics`))
    await scheduled.host.post(`/api/classes/${scheduled.classId}/cancel`)
    await expectUnknown(await scheduled.host.get(`/api/classes/${scheduled.classId}/calendar.ics`))

    const over = await classFor(world, 2, slotOf())
    world.clock.set(later(over.end, 0))
    await world.settle()
    await expectUnknown(await over.host.get(`/api/classes/${over.classId}/calendar.ics`))
  })
})
