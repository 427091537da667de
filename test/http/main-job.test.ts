import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { checkout, classStatus, confirmedClass, json, payAndConfirm, slot } from '../support/booking.ts'
import { openWorld, type World } from '../support/world.ts'

describe('the main job', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())

  it('books, pays, confirms and lets a guest in with the code', async () => {
    const host = await world.student(0)
    const guest = await world.student(1)
    const held = await checkout(host, slot('2026-11-24', '18:00'), { isGroupClass: true, studentsCount: 3, text: 'Entrevista de trabajo' })
    expect(held.price).toBe(36000)
    expect(await classStatus(world, held.classId)).toBe('pending')
    await payAndConfirm(world, held.preferenceId)
    expect(await classStatus(world, held.classId)).toBe('scheduled')

    const mine = (await json(host.get('/api/my-classes'))) as {
      response: { id: string; accessCode: string; currentParticipants: number }[]
    }
    expect(mine.response).toHaveLength(1)
    const code = mine.response[0]?.accessCode ?? ''
    expect(code).toMatch(/^[A-Z0-9]{8}$/)

    world.clock.set('2026-11-24T20:30:00Z')
    const joined = await guest.post('/api/access-code', { accessCode: code.toLowerCase() })
    expect(joined.status).toBe(200)
    expect(await json(joined)).toMatchObject({ response: { id: held.classId, currentParticipants: 2, maxParticipants: 3 } })
    await world.settle()
    const { events } = (await world.control('/google/events')) as { events?: { attendees?: { email: string }[] }[] }
    expect(events?.[0]?.attendees?.map((attendee) => attendee.email)).toHaveLength(2)
  })

  it('sends the host a mail with the code and without the link', async () => {
    const host = await world.student(2)
    const { code } = await confirmedClass(world, host, slot('2026-11-26', '10:00'), { isGroupClass: true, studentsCount: 2 })
    const mails = JSON.stringify(await world.control('/mail?to=valentina.ledesma@correo.test'))
    expect(mails).toContain(code)
    expect(mails).not.toContain('/meet/')
  })
})
