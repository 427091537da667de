import { describe, expect, it } from 'vitest'
import type { SyncedEvent, SyncFrom } from '../../src/features/meeting/provider.ts'
import { DAY_MS, plus } from '../../src/kernel/clock.ts'
import { access, byHand, calendar, classEvent, fault, grant, inserted, rig, TEACHER, useCalendarBench } from './calendar-bench.ts'

useCalendarBench()

const window = () => ({ from: plus(rig.clock.now(), -DAY_MS), to: plus(rig.clock.now(), 30 * DAY_MS) })

async function page(from: SyncFrom, pageToken: string | null = null) {
  const answer = await calendar.syncEvents(access, from, pageToken)
  if (!answer.ok) throw new Error(`${answer.reason}: ${answer.detail?.cause}`)
  return answer.value
}

async function everything(from: SyncFrom): Promise<{ events: SyncedEvent[]; pages: number; syncToken: string }> {
  const events: SyncedEvent[] = []
  let pageToken: string | null = null
  for (let pages = 1; pages < 20; pages++) {
    const { events: more, nextPageToken, syncToken } = await page(from, pageToken)
    events.push(...more)
    if (!nextPageToken) return { events, pages, syncToken: syncToken ?? '' }
    pageToken = nextPageToken
  }
  throw new Error('The pages do not end')
}

const setting = (change: object) => rig.control('google/settings', change, 'PATCH')

describe('syncEvents (google.md 2.4)', () => {
  it('tells of our own events what there is to compare, and of others only their time', async () => {
    const { event } = await inserted()
    const day = rig.clock.now().toISOString().slice(0, 10)
    await byHand({
      start: { date: day },
      end: { date: plus(rig.clock.now(), DAY_MS).toISOString().slice(0, 10) },
      transparency: 'transparent',
    })
    const { events } = await everything(window())
    expect(events.find(({ eventId }) => eventId === event.eventId)).toMatchObject({
      cancelled: false,
      classId: event.classId,
      startsAt: event.startsAt,
      endsAt: event.endsAt,
      allDay: false,
      blocks: true,
      summary: event.summary,
      description: event.description,
      attendees: event.attendees,
      etag: expect.stringMatching(/./),
    })
    expect(events.find(({ allDay }) => allDay)).toMatchObject({ blocks: false, classId: null })
  })

  it('goes on from a token with what changed and what was deleted, page after page, however short', async () => {
    const first = await inserted()
    const { syncToken } = await everything(window())
    await setting({ listPageSizeMax: 1 })
    const second = await inserted(classEvent({}, 2))
    await calendar.deleteEvent(access, first.event.eventId)
    const { events, pages, syncToken: next } = await everything({ syncToken })
    expect(pages).toBe(2)
    expect(events.map(({ eventId, cancelled }) => [eventId, cancelled]).toSorted()).toEqual(
      [
        [first.event.eventId, true],
        [second.event.eventId, false],
      ].toSorted(),
    )
    expect((await everything({ syncToken: next })).events).toEqual([])
  })

  it('starts over when the token or the page is no longer good; other refusals are told apart', async () => {
    await inserted()
    const { syncToken } = await everything(window())
    await rig.control(`google/calendars/${TEACHER}/expire-sync-tokens`, {})
    expect(await calendar.syncEvents(access, { syncToken }, null)).toMatchObject({ ok: false, reason: 'start-over' })
    expect(await calendar.syncEvents(access, window(), 'zzz')).toMatchObject({ ok: false, reason: 'start-over' })
    await fault('events.list', { kind: 'error', status: 503, count: 1 })
    expect(await calendar.syncEvents(access, window(), null)).toMatchObject({ ok: false, reason: 'unavailable' })
    await fault('events.list', { kind: 'error', status: 403, reason: 'quotaExceeded', count: 1 })
    expect(await calendar.syncEvents(access, window(), null)).toMatchObject({ reason: 'rate-limited', detail: { retryAfterMs: 3_600_000 } })
  })

  it('a calendar that is gone is not an empty one', async () => {
    const secondary = await grant(undefined, 'clases@group.calendar.test')
    expect(await calendar.syncEvents(secondary, window(), null)).toMatchObject({ ok: false, reason: 'calendar-gone' })
  })
})

describe('eventsOfClass', () => {
  it('finds by the private property whatever stands, and nothing that was deleted', async () => {
    const { event } = await inserted()
    const copy = await byHand({
      start: { dateTime: event.startsAt.toISOString() },
      end: { dateTime: event.endsAt.toISOString() },
      extendedProperties: { private: { bookingId: event.classId } },
    })
    const found = await calendar.eventsOfClass(access, event.classId)
    expect(found.ok && found.value.toSorted()).toEqual([copy.id, event.eventId].toSorted())
    await calendar.deleteEvent(access, event.eventId)
    expect(await calendar.eventsOfClass(access, event.classId)).toEqual({ ok: true, value: [copy.id] })
  })
})

describe('updateEvent with a text', () => {
  it('puts title, description and guests right, makes it block again, keeps the conference and mails nobody', async () => {
    const { event, value } = await inserted()
    await rig.control(
      `google/events/${event.eventId}`,
      { summary: 'x', description: 'y', attendees: [], transparency: 'transparent' },
      'PATCH',
    )
    const { summary, description, attendees } = event
    const mended = await calendar.updateEvent(access, event.eventId, { text: { summary, description }, attendees })
    expect(mended).toMatchObject({ ok: true, value: { summary, description, attendees, transparent: false, meetUrl: value.meetUrl } })
    expect(await rig.control(`google/invitations?eventId=${event.eventId}`, undefined, 'GET')).toEqual({ invitations: [] })
  })
})

describe('watch and stopChannel (google.md 2.6)', () => {
  const channel = (change: object = {}) => ({ id: 'c-1', token: 'secreto', address: 'http://127.0.0.1:3000/api/google-webhook', ...change })

  it('opens a channel with the life that Google gives it, and closes it; one that is unknown counts as closed', async () => {
    await setting({ allowLoopbackWebhooks: true })
    const before = rig.clock.now()
    const opened = await calendar.watch(access, channel())
    if (!opened.ok) throw new Error(opened.reason)
    expect(opened.value.expiresAt >= plus(before, 7 * DAY_MS) && opened.value.expiresAt <= plus(rig.clock.now(), 7 * DAY_MS)).toBe(true)
    const { resourceId } = opened.value
    for (let times = 0; times < 2; times++)
      expect(await calendar.stopChannel(access, { id: 'c-1', resourceId })).toEqual({ ok: true, value: null })
  })

  it('an address without https, and an id that is taken, are refused for good', async () => {
    await setting({ allowLoopbackWebhooks: false })
    expect(await calendar.watch(access, channel())).toMatchObject({ ok: false, reason: 'refused' })
    await setting({ allowLoopbackWebhooks: true })
    await calendar.watch(access, channel())
    expect(await calendar.watch(access, channel())).toMatchObject({ ok: false, reason: 'refused' })
  })
})
