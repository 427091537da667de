import { randomUUID } from 'node:crypto'
import { Hono } from 'hono'
import { z } from 'zod'
import { controlError, readControlBody } from '../../kernel/body.ts'
import { accountByEmail } from '../accounts.ts'
import type { GoogleWorld } from '../world.ts'

const Instant = z.iso.datetime({ offset: true })
const MeetingInput = z.strictObject({
  /** The event whose room it was. */
  eventId: z.string().max(1_024),
  start: Instant,
  /** Absent: it still goes on. */
  end: Instant.optional(),
  participants: z
    .array(
      z.strictObject({
        /** Of an account; without it, somebody who typed a name. */
        email: z.string().max(254).optional(),
        name: z.string().max(100).optional(),
        sessions: z
          .array(z.strictObject({ start: Instant, end: Instant.optional() }))
          .min(1)
          .max(20),
      }),
    )
    .max(50),
})
const MEETINGS_MAX = 1_000

/** Meetings that took place in the room of an event, with everybody who was there. */
export function meetingControl(world: GoogleWorld): Hono {
  const app = new Hono()

  app.get('/meetings', (c) => c.json({ meetings: world.state.meetings }))

  app.post('/meetings', async (c) => {
    const input = await readControlBody(c, MeetingInput)
    const code = Object.values(world.state.calendars)
      .map(({ events }) => (Object.hasOwn(events, input.eventId) ? events[input.eventId]?.conference?.code : undefined))
      .find((found) => found !== undefined)
    if (code === undefined) throw controlError(404, 'There is no event with a room and that id.')
    const meeting = {
      id: randomUUID(),
      code,
      startAt: Date.parse(input.start),
      endAt: input.end === undefined ? null : Date.parse(input.end),
      participants: input.participants.map(({ email, name, sessions }) => {
        const account = email === undefined ? undefined : accountByEmail(world, email)
        return {
          id: randomUUID(),
          sub: account?.sub ?? null,
          name: name ?? account?.name ?? 'Invitado',
          sessions: sessions.map(({ start, end }) => ({ startAt: Date.parse(start), endAt: end === undefined ? null : Date.parse(end) })),
        }
      }),
    }
    world.state.meetings = [...world.state.meetings, meeting].slice(-MEETINGS_MAX)
    world.context.changed()
    return c.json(meeting, 201)
  })

  return app
}
