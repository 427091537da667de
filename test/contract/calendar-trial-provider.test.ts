import { randomUUID } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { DAY_MS, plus } from '../../src/kernel/clock.ts'
import { access, calendar, conference, fault, rig, stored, useCalendarBench } from './calendar-bench.ts'

useCalendarBench()

const newId = () => `${randomUUID().replaceAll('-', '')}t`
const tryOut = (eventId: string) => calendar.tryOut(access, eventId, plus(rig.clock.now(), DAY_MS))
const WORKS = { ok: true, value: null }

describe('the trial of everything that a class needs (behaviour 7)', () => {
  it('leaves nothing behind, and can be done as often as one likes', async () => {
    for (const eventId of [newId(), newId()]) {
      expect(await tryOut(eventId)).toEqual(WORKS)
      expect(await stored(eventId)).toMatchObject({ status: 'cancelled' })
    }
  })

  it('of an account that makes events without a link is refused each time', async () => {
    await conference('failure')
    const noLink = { ok: false, reason: 'refused', detail: { cause: 'Meet link not generated' } }
    expect(await tryOut(newId())).toMatchObject(noLink)
    expect(await tryOut(newId())).toMatchObject(noLink)
  })

  it('an id that was used before proves nothing', async () => {
    const eventId = newId()
    await tryOut(eventId)
    expect(await tryOut(eventId)).toMatchObject({ ok: false })
  })

  it('takes away what one that was cut short has left, and nothing else', async () => {
    const [left, own] = [newId(), newId()]
    await fault('events.insert', { kind: 'commit-then-500' })
    await fault('events.delete', { status: 503 })
    expect(await tryOut(left)).toMatchObject({ ok: false, reason: 'unavailable' })
    expect(await stored(left)).toMatchObject({ status: 'confirmed' })
    const times = { start: { dateTime: '2031-03-01T10:00:00Z' }, end: { dateTime: '2031-03-01T11:00:00Z' } }
    await rig.control('google/events', { id: own, summary: 'Prueba diaria del calendario', ...times })
    expect(await tryOut(newId())).toEqual(WORKS)
    expect(await stored(left)).toMatchObject({ status: 'cancelled' })
    expect(await stored(own)).toMatchObject({ status: 'confirmed' })
  })
})
