import { describe, expect, it } from 'vitest'
import { checkLinksJob } from '../../src/features/meeting/links.ts'
import { HOUR_MS, MINUTE_MS } from '../../src/kernel/clock.ts'
import { classFor, later } from '../support/scene.ts'
import { cases, eventIdOf, slotOf, useMeetingBench, world } from './meeting-bench.ts'

useMeetingBench()

const linkOf = async (classId: string) =>
  (await world.rows<{ link_broken_at: Date | null; conference_attempt: number }>('SELECT * FROM virtual_class WHERE id = $1', [classId]))[0]
const loseConference = (eventId: string) => world.control(`/google/events/${eventId}`, { conferenceData: null }, 'PATCH')

describe('the look at the links of the next day (google.md 6, row 1)', () => {
  it('a conference that Google never finishes is told after ten minutes, and asked for anew', async () => {
    const { classId, start } = await classFor(world, 1, slotOf())
    await world.control('/google/conference', { mode: 'pending', ms: 86_400_000 })
    await loseConference(eventIdOf(classId))
    world.clock.set(later(start, -23 * HOUR_MS))
    await world.settle()
    expect(await cases(classId)).toEqual([])
    for (let looks = 0; looks < 3; looks++) {
      world.clock.advance(5 * MINUTE_MS)
      await world.settle()
    }
    expect(await cases(classId)).toEqual([{ reason: 'link_missing', open: true }])
    expect((await linkOf(classId))?.conference_attempt).toBeGreaterThan(1)
    await world.control('/google/conference', { mode: 'success' })
    world.clock.advance(10 * MINUTE_MS)
    await world.settle()
    expect(await cases(classId)).toEqual([{ reason: 'link_missing', open: false }])
    expect(await linkOf(classId)).toMatchObject({ link_broken_at: null, conference_asked_at: null })
  })

  it.each(['deleted', 'without a link'])(
    'what it finds about an event that the class has no more (%s) says nothing of the new one',
    async (how) => {
      const { classId, start } = await classFor(world, 1, slotOf())
      world.clock.set(later(start, -23 * HOUR_MS))
      const { calendar } = world.deps
      const getEvent: typeof calendar.getEvent = async (...question) => {
        const found = await calendar.getEvent(...question)
        await world.rows('UPDATE virtual_class SET google_event_id = $2 WHERE id = $1', [classId, eventIdOf(classId).replace(/g0$/, 'g1')])
        if (!found.ok) return found
        return { ok: true, value: { ...found.value, cancelled: how === 'deleted', conference: 'failed', meetUrl: null } }
      }
      await checkLinksJob.run({ ...world.deps, calendar: { ...calendar, getEvent } }, {})
      expect(await linkOf(classId)).toMatchObject({ link_broken_at: null, conference_attempt: 0 })
      expect(await cases(classId)).toEqual([])
    },
  )

  it('ends within its time however slow Google is, and goes on with the next one', async () => {
    const start = slotOf()
    const made = [await classFor(world, 1, start), await classFor(world, 1, slotOf()), await classFor(world, 1, slotOf())]
    world.clock.set(later(start.start, -20 * HOUR_MS))
    const { calendar } = world.deps
    let asked = 0
    const getEvent: typeof calendar.getEvent = async (...question) => {
      asked += 1
      world.clock.advance(40_000)
      return calendar.getEvent(...question)
    }
    const slow = { ...world.deps, calendar: { ...calendar, getEvent } }
    await checkLinksJob.run(slow, {})
    expect(asked).toBe(2)
    await checkLinksJob.run(slow, {})
    expect(asked).toBeGreaterThanOrEqual(made.length)
  })
})
