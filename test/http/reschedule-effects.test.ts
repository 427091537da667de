import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { HOUR_MS } from '../../src/kernel/clock.ts'
import { checkout, classStatus, json, orderStatus, slot } from '../support/booking.ts'
import { classFor, expectCleanLog, freshSlots, later, meetUrlOf, newcomer, type Slot } from '../support/scene.ts'
import { MONDAY_9H, openWorld, type World } from '../support/world.ts'
import { eventOf, move, moved, rowOf, shownAt } from './reschedule-bench.ts'

const slotOf = freshSlots('2026-11-25')
const targetOf = freshSlots('2026-12-14')
const EXPIRED = { response: { message: 'El código expiró: la clase fue cancelada o reprogramada.' } }

describe('what a move brings about (behaviour 4.10, D14)', () => {
  let world: World
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())
  beforeEach(() => world.clock.set(MONDAY_9H))

  it('effects: times and code change, the link, the event, money, objective and guests stay', async () => {
    const when = slotOf()
    const { host, classId, code, preferenceId } = await classFor(world, 3, when, 'Una entrevista')
    const guest = await world.signIn('invitada.reprogramada@correo.test')
    world.clock.set(later(when.start, -HOUR_MS))
    expect((await guest.post('/api/access-code', { accessCode: code })).status).toBe(200)
    world.clock.set(later(when.start, -13 * HOUR_MS))
    await world.settle()
    const before = await rowOf(world, classId)
    const eventBefore = await eventOf(world, classId)
    const to = targetOf()

    const answer = await move(host, classId, to)
    const body = await json(answer)
    expect(body).toEqual({
      success: true,
      startTime: to.start,
      endTime: to.end,
      accessCode: expect.stringMatching(/^[A-Z0-9]{8}$/),
      reschedulesLeft: 1,
    })
    expect(body.accessCode).not.toBe(code)
    expect(answer.headers.get('cache-control')).toBe('no-store')
    // The old slot is free at once, before the calendar has followed.
    expect(await shownAt(world, classId)).toEqual(when)
    const [free] = (
      (await json(world.anonymous.get(`/api/availability?from=${day(when)}&to=${day(when)}`))).slots as { start: string; state: string }[]
    ).filter(({ start }) => start === when.start)
    expect(free?.state).toBe('free')
    expect((await checkout(await newcomer(world), when)).classId).not.toBe(classId)
    const shown = (await (await world.anonymous.get('/api/calendar')).json()) as { start: { dateTime: string } }[]
    const shownStarts = shown.map(({ start }) => new Date(start.dateTime).toISOString())
    expect(shownStarts).toContain(to.start)
    expect(shownStarts).not.toContain(when.start)

    await world.settle()
    expect(await rowOf(world, classId)).toMatchObject({
      starts_at: new Date(to.start),
      previous_starts_at: new Date(when.start),
      status: 'scheduled',
      reschedule_count: 1,
      calendar_state: 'synced',
      meet_url: before.meet_url,
      google_event_id: before.google_event_id,
    })
    const event = await eventOf(world, classId)
    expect(await shownAt(world, classId)).toEqual(to)
    expect(event.conferenceData?.entryPoints).toEqual(eventBefore.conferenceData?.entryPoints)
    expect(event.attendees?.map(({ email }) => email)).toEqual(eventBefore.attendees?.map(({ email }) => email))
    expect(event.sequence).toBe(eventBefore.sequence + 1)
    expect(await orderStatus(world, preferenceId)).toBe('approved')
    expect(await world.rows('SELECT 1 FROM vacated_interval')).toEqual([])

    const [mine] = (await json(host.get('/api/my-classes'))).response as Record<string, unknown>[]
    expect(mine).toMatchObject({
      id: classId,
      startTime: to.start,
      accessCode: body.accessCode,
      learningFocus: 'Una entrevista',
      currentParticipants: 2,
      canReschedule: true,
      reschedulesLeft: 1,
    })
    const theirs = ((await json(guest.get('/api/my-classes'))).response as Record<string, unknown>[])[0]
    expect(theirs).toMatchObject({ id: classId, startTime: to.start, rol: 'participante' })
    expect(theirs).not.toHaveProperty('reschedulesLeft')
    expect(theirs).not.toHaveProperty('canReschedule')

    // Whoever had joined is in without a code; the old code is of no use to anybody, the new one opens at the new time.
    const late = await newcomer(world)
    for (const who of [guest, late]) {
      const refused = await who.post('/api/access-code', { accessCode: code })
      expect({ status: refused.status, body: await json(refused) }).toEqual({ status: 410, body: EXPIRED })
    }
    expect((await late.post('/api/access-code', { accessCode: body.accessCode })).status).toBe(403)
    world.clock.set(later(to.start, -HOUR_MS))
    expect((await late.post('/api/access-code', { accessCode: body.accessCode })).status).toBe(200)
    expect((await guest.get(`/api/classes/${classId}/join`)).status).toBe(302)
    world.clock.set(when.end)
    await world.settle()
    expect(await classStatus(world, classId)).toBe('scheduled')
    world.clock.set(to.end)
    await world.settle()
    expect(await classStatus(world, classId)).toBe('completed')
  })

  it('the .ics keeps its UID, and its SEQUENCE grows with every move, also the admin’s', async () => {
    const { host, classId } = await classFor(world, 1, slotOf())
    const read = async () => {
      const text = await (await host.get(`/api/classes/${classId}/calendar.ics`)).text()
      return { uid: /UID:(.*)/.exec(text)?.[1], sequence: Number(/SEQUENCE:(\d+)/.exec(text)?.[1]) }
    }
    const first = await read()
    expect(first.sequence).toBe(0)
    for (const [i, who] of [host, await world.admin(), host].entries()) {
      await moved(who, classId, targetOf())
      expect(await read()).toEqual({ uid: first.uid, sequence: i + 1 })
    }
  })

  it('mails: the host reads the new code, guests read the new time, nobody the link, and only the last word is sent', async () => {
    const hostMail = 'anfitriona.mudanza@correo.test'
    const guestMail = 'invitado.mudanza@correo.test'
    const host = await world.signIn(hostMail, 'Ana Ruiz')
    const guest = await world.signIn(guestMail, 'Beto Paz')
    const when = slot('2026-12-11', '20:00')
    const held = await checkout(host, when, { isGroupClass: true, studentsCount: 2 })
    await world.control('/mercado-pago/pay', { preferenceId: held.preferenceId })
    await world.settle()
    const [issued] = await world.rows<{ code: string }>('SELECT code FROM access_code WHERE class_id = $1', [held.classId])
    world.clock.set(later(when.start, -HOUR_MS))
    await guest.post('/api/access-code', { accessCode: issued?.code })
    await world.settle()
    const mails = async (to: string) =>
      ((await world.control(`/mail?to=${to}`)).mails as { subject: string; text: string; html: string }[]).filter(({ subject }) =>
        subject.startsWith('Clase reprogramada'),
      )

    await moved(await world.admin(), held.classId, slot('2026-12-12', '09:00'))
    const code = await moved(await world.admin(), held.classId, slot('2026-12-12', '20:00'))
    await world.settle()
    const [toHost, ...more] = await mails(hostMail)
    expect(more).toEqual([])
    expect(toHost?.subject).toBe('Clase reprogramada: sábado 12 de diciembre, 20:00 a 21:00 hs')
    expect(toHost?.text).toContain('El profesor pasó tu clase de inglés a otro horario.')
    expect(toHost?.text).toContain('Antes era el sábado 12 de diciembre, 09:00 a 10:00 hs.')
    const [toGuest, ...others] = await mails(guestMail)
    expect(others).toEqual([])
    const link = await meetUrlOf(world, held.classId)
    for (const text of [toHost?.text, toHost?.html]) expect(text).toContain(code)
    for (const text of [toGuest?.text, toGuest?.html]) {
      expect(text).toContain('sábado 12 de diciembre, 20:00 a 21:00 hs')
      expect(text).not.toContain(code)
    }
    for (const text of [toHost?.text, toHost?.html, toGuest?.text, toGuest?.html]) {
      expect(text).not.toContain(link)
      expect(text).not.toContain(issued?.code)
    }
  })

  it('audit: who moved it, from where to where', async () => {
    const when = slotOf()
    const { host, classId } = await classFor(world, 1, when)
    const [first, second] = [targetOf(), targetOf()]
    await moved(host, classId, first)
    await moved(await world.admin(), classId, second)
    const rows = await world.rows('SELECT action, detail FROM audit_log WHERE subject_id = $1 ORDER BY at, detail->>$2 DESC', [
      classId,
      'by',
    ])
    expect(rows).toEqual([
      { action: 'class.reschedule', detail: { by: 'host', from: when.start, to: first.start } },
      { action: 'class.reschedule', detail: { by: 'admin', from: first.start, to: second.start } },
    ])
  })

  it('nothing of it is logged', () => expectCleanLog(world))
})

function day({ start }: Slot): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'America/Argentina/Buenos_Aires' }).format(new Date(start))
}
