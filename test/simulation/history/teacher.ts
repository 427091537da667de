import { calendarConnected } from '../../../src/features/meeting/connect.ts'
import { connectCalendar } from '../../../src/features/meeting/connection.ts'
import { HOUR_MS } from '../../../src/kernel/clock.ts'
import { ADMIN_EMAIL } from '../rig/simulation.ts'
import { type Deed, nth, slotAt } from './plan.ts'
import { connectSecond, expectOneOf, newGrant, SECOND, type Stage } from './stage.ts'

/** What the teacher does in her calendar, and with her consent. */
export async function teacherActs(stage: Stage, deed: Extract<Deed, { do: 'teacher' }>): Promise<void> {
  const { start, end } = slotAt(deed.slot)
  const events = async () => (await stage.control('/google/events')).events as { id: string; status: string }[]
  switch (deed.change) {
    case 'busy':
      return void (await stage.control('/google/events', { summary: 'Dentista', start: { dateTime: start }, end: { dateTime: end } }))
    case 'delete-event':
    case 'drag-event':
    case 'drag-aside':
    case 'rename-event': {
      const event = nth(
        (await events()).filter(({ status }) => status !== 'cancelled'),
        deed.class,
      )
      if (!event) return
      // Only what is gone is excused: wherever and under whatever name an event stands afterwards, class and event agree, or a person has been told.
      if (deed.change === 'delete-event') stage.deletedByHand.add(event.id)
      // Aside: to half past, where nobody could have booked.
      const later = (instant: string) =>
        deed.change === 'drag-aside' ? new Date(Date.parse(instant) + HOUR_MS / 2).toISOString() : instant
      const dragged = { start: { dateTime: later(start) }, end: { dateTime: later(end) } }
      const [change, method] =
        deed.change === 'delete-event'
          ? [undefined, 'DELETE']
          : [deed.change === 'rename-event' ? { summary: 'Cambiado a mano' } : dragged, 'PATCH']
      // Another hand, or the product, may have taken the event away since it was looked at.
      await stage.control(`/google/events/${event.id}`, change, method).catch(() => {})
      return
    }
    case 'revoke':
      return void (await stage.control(`/google/grants/${ADMIN_EMAIL}`, undefined, 'DELETE'))
    case 'reconnect':
      return reconnect(stage)
    case 'blackout':
      return void (await stage.ask('admin', 'POST', '/api/admin/blackouts', { from: start, to: end }))
  }
}

/** One that nobody answers ends with its class. */
export async function answerProposal(stage: Stage, answer: 'accept' | 'put-back'): Promise<void> {
  const [edit] = await stage.sim.scheduler.during(
    stage.sim.execute(`SELECT id FROM calendar_edit WHERE kind = 'moved' AND settled_at IS NULL ORDER BY found_at, id LIMIT 1`),
  )
  if (!edit) return
  const { status } = await stage.ask('admin', 'POST', `/admin/calendario/${edit.id}/${answer === 'accept' ? 'aceptar' : 'deshacer'}`)
  expectOneOf(stage, 'proposal', status, [0, 303])
}

/** The second teacher gives her consent again. */
export async function reconnectSecond(stage: Stage): Promise<void> {
  const process = stage.anyProcess()
  if (!process) return
  const done = stage.sim.as(process, async () => {
    await connectSecond(stage.sim, process.deps)
    await calendarConnected(process.deps, SECOND.id)
  })
  await Promise.race([done.catch(() => 'died'), process.life.died])
}

/** The teacher goes through the consent again; what Google's pages do is left out, what the product does with it is not. */
export async function reconnect(stage: Stage): Promise<void> {
  const process = stage.anyProcess()
  if (!process) return
  const { adminId, identity } = newGrant(stage.sim)
  const done = stage.sim.as(process, async () => {
    const connected = await connectCalendar(process.deps, adminId, identity)
    if (connected.ok) await calendarConnected(process.deps, connected.value.teacherId)
    else stage.violations.push(`answer: the calendar cannot be connected: ${connected.reason}`)
  })
  await Promise.race([done.catch(() => 'died'), process.life.died])
}
