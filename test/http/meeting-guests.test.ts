import { describe, expect, it } from 'vitest'
import { HOUR_MS } from '../../src/kernel/clock.ts'
import { askedOfGoogle, classFor, expectCleanLog, later, meetUrlOf, newcomer } from '../support/scene.ts'
import { cases, eventsOf, runNext, type StoredEvent, slotOf, useMeetingBench, world } from './meeting-bench.ts'

useMeetingBench()

describe('everybody who joins is on the event (behaviour R12)', () => {
  it('all guests of a class come with one patch that keeps the conference, hides them from each other and mails nobody (R12)', async () => {
    const { code, classId, start } = await classFor(world, 5, slotOf())
    const [row] = await world.rows<{ event: string }>('SELECT google_event_id AS event FROM virtual_class WHERE id = $1', [classId])
    const link = await meetUrlOf(world, classId)
    const before = (await askedOfGoogle(world, 'PATCH', row?.event ?? '')).length
    world.clock.set(later(start, -HOUR_MS))
    for (let guests = 0; guests < 4; guests++) await (await newcomer(world)).post('/api/access-code', { accessCode: code })
    await world.settle()
    const patches = (await askedOfGoogle(world, 'PATCH', row?.event ?? '')).slice(before).filter(({ status }) => status === 200)
    expect(patches).toHaveLength(1)
    expect(patches[0]?.path).toContain('conferenceDataVersion=1')
    expect(patches[0]?.path).toContain('sendUpdates=none')
    const [event] = (await eventsOf(classId)) as (StoredEvent & { guestsCanSeeOtherGuests: boolean; guestsCanInviteOthers: boolean })[]
    expect(event?.attendees).toHaveLength(5)
    expect(event).toMatchObject({ guestsCanSeeOtherGuests: false, guestsCanInviteOthers: false })
    expect(event?.conferenceData?.entryPoints?.some(({ uri }) => uri === link)).toBe(true)
    expect(await world.control(`/google/invitations?eventId=${row?.event}`)).toEqual({ invitations: [] })
  })

  it('guests that cannot be added are tried again; after 8 failures the admin is told, and the case closes by itself', async () => {
    const { code, classId, start } = await classFor(world, 2, slotOf())
    const route = `/calendar/v3/calendars/*/events/${classId.replaceAll('-', '')}g0`
    await world.control('/google/faults', { route, method: 'PATCH', kind: 'error', status: 503, count: 8 })
    world.clock.set(later(start, -HOUR_MS))
    expect((await (await newcomer(world)).post('/api/access-code', { accessCode: code })).status).toBe(200)
    await world.settle()
    for (let failures = 2; failures <= 8; failures++) await runNext('meeting.sync-guests', classId)
    expect(await cases(classId)).toEqual([{ reason: 'calendar_failed', open: true }])
    await runNext('meeting.sync-guests', classId)
    expect(await cases(classId)).toEqual([{ reason: 'calendar_failed', open: false }])
    expect((await eventsOf(classId))[0]?.attendees).toHaveLength(2)
  })

  it('an event that is gone when guests are added is a case for the admin, and the guest is in all the same', async () => {
    const { code, classId, start } = await classFor(world, 2, slotOf())
    const [row] = await world.rows<{ event: string }>('SELECT google_event_id AS event FROM virtual_class WHERE id = $1', [classId])
    await world.control(`/google/events/${row?.event}`, undefined, 'DELETE')
    world.clock.set(start)
    expect((await (await newcomer(world)).post('/api/access-code', { accessCode: code })).status).toBe(200)
    await world.settle()
    expect(await cases(classId)).toEqual([{ reason: 'calendar_changed', open: true }])
  })

  it('nothing of it is logged', () => expectCleanLog(world))
})
