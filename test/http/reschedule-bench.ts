import { expect } from 'vitest'
import { json } from '../support/booking.ts'
import type { Slot } from '../support/scene.ts'
import type { Client, World } from '../support/world.ts'

export const MOVE_TEXT = {
  unknown: 'No se encontró la clase',
  guest: 'Solo el anfitrión puede reprogramar la clase',
  notScheduled: 'Solo se puede reprogramar una clase reservada',
  tooLate: 'La clase ya no se puede reprogramar',
  usedUp: 'La clase ya se reprogramó dos veces',
  same: 'Elegí un horario distinto del actual',
  taken: 'El horario ya no está disponible',
} as const

export function move(client: Client, classId: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return client.post(`/api/classes/${classId}/reschedule`, body, headers)
}

/** Moves a class and answers its new code; throws when it is refused. */
export async function moved(client: Client, classId: string, to: Slot): Promise<string> {
  const answer = await move(client, classId, to)
  const body = await json(answer)
  if (answer.status !== 200) throw new Error(`Rescheduling answered ${answer.status} ${JSON.stringify(body)}`)
  return String(body.accessCode)
}

export async function expectRefused(answer: Promise<Response>, status: number, error: string): Promise<void> {
  const response = await answer
  expect({ status: response.status, body: await json(response) }).toEqual({ status, body: { error } })
}

export interface EventAtGoogle {
  id: string
  status: string
  start: { dateTime: string }
  end: { dateTime: string }
  sequence: number
  attendees?: { email: string }[]
  conferenceData?: { entryPoints?: { entryPointType: string; uri: string }[] }
}

/** The event of a class as Google has it, also a deleted one. */
export async function eventOf(world: World, classId: string): Promise<EventAtGoogle> {
  const [row] = await world.rows<{ event: string }>('SELECT google_event_id AS event FROM virtual_class WHERE id = $1', [classId])
  return (await world.control(`/google/events/${row?.event}`)) as unknown as EventAtGoogle
}

/** Where Google shows the class. */
export async function shownAt(world: World, classId: string): Promise<Slot> {
  const { start, end } = await eventOf(world, classId)
  return { start: new Date(start.dateTime).toISOString(), end: new Date(end.dateTime).toISOString() }
}

export async function rowOf(world: World, classId: string): Promise<Record<string, unknown>> {
  const [row] = await world.rows(
    `SELECT starts_at, ends_at, status, reschedule_count, move_count, previous_starts_at, refund_lapsed, calendar_state, meet_url, google_event_id
     FROM virtual_class WHERE id = $1`,
    [classId],
  )
  return row ?? {}
}

export async function casesOf(world: World, classId: string): Promise<{ reason: string; open: boolean; detail: string }[]> {
  return world.rows('SELECT reason, resolved_at IS NULL AS open, detail FROM attention_case WHERE subject_id = $1 ORDER BY opened_at', [
    classId,
  ])
}

/** Moves the clock to the instant at which the class's next patch of the event is due, and runs it. Returns how long that was. */
export async function nextPatch(world: World, classId: string): Promise<number> {
  const [next] = await world.rows<{ at: Date }>(
    `SELECT min(start_after) AS at FROM pgboss.job WHERE name = 'meeting.move' AND state < 'active' AND data->>'classId' = $1`,
    [classId],
  )
  if (!next?.at) throw new Error('No patch of the event waits')
  const pause = new Date(next.at).getTime() - world.clock.now().getTime()
  world.clock.set(new Date(next.at))
  await world.settle()
  return pause
}
