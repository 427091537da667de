import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest'
import { checkout, classStatus } from '../support/booking.ts'
import { freshSlots, newcomer, type Slot } from '../support/scene.ts'
import { type Client, MONDAY_9H, openWorld, type World } from '../support/world.ts'

export const TEACHER = 'profe@hablainglesya.test'

/** The product with a connected calendar: opened for the file by `useMeetingBench`. */
export let world: World
export const slotOf = freshSlots()

/** Every test begins on Monday at nine, with a Google that works. */
export function useMeetingBench(): void {
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())
  beforeEach(() => world.clock.set(MONDAY_9H))
  afterEach(async () => {
    await world.control('/google/faults', undefined, 'DELETE')
    await world.control('/google/conference', { mode: 'success' })
  })
}

export interface StoredEvent {
  id: string
  status: string
  start?: { dateTime?: string }
  attendees?: { email: string }[]
  conferenceData?: { entryPoints?: { entryPointType: string; uri: string }[]; createRequest?: { requestId: string } }
  extendedProperties?: { private?: { bookingId?: string } }
}

export interface Paid extends Slot {
  host: Client
  classId: string
  preferenceId: string
  eventId: string
}

export const eventIdOf = (classId: string) => `${classId.replaceAll('-', '')}g0`

/** A class whose money has come; its event is made in the next `settle`. */
export async function paidClass(people = 1, when = slotOf()): Promise<Paid> {
  const host = await newcomer(world)
  const held = await checkout(host, when, people === 1 ? {} : { isGroupClass: true, studentsCount: people })
  await world.control('/mercado-pago/pay', { preferenceId: held.preferenceId })
  return { host, ...when, ...held, eventId: eventIdOf(held.classId) }
}

export async function eventsOf(classId: string): Promise<StoredEvent[]> {
  const { events } = (await world.control('/google/events')) as unknown as { events: StoredEvent[] }
  return events.filter((event) => event.extendedProperties?.private?.bookingId === classId)
}

export const stored = async (eventId: string) => (await world.control(`/google/events/${eventId}`)) as unknown as StoredEvent
export const live = (events: StoredEvent[]) => events.filter(({ status }) => status !== 'cancelled')

/** Moves the clock to the instant at which that job of the class is due next, and runs it. Returns how long that was. */
export async function runNext(job: string, classId: string): Promise<number> {
  const [next] = await world.rows<{ at: Date }>(
    `SELECT min(start_after) AS at FROM pgboss.job WHERE name = $1 AND state < 'active' AND data->>'classId' = $2`,
    [job, classId],
  )
  if (!next?.at) throw new Error(`${job} does not wait`)
  const pause = new Date(next.at).getTime() - world.clock.now().getTime()
  world.clock.set(new Date(next.at))
  await world.settle()
  return pause
}

export async function cases(subjectId: string): Promise<{ reason: string; open: boolean }[]> {
  return world.rows('SELECT reason, resolved_at IS NULL AS open FROM attention_case WHERE subject_id = $1 ORDER BY opened_at, reason', [
    subjectId,
  ])
}

export async function teacherId(): Promise<string> {
  const [row] = await world.rows<{ id: string }>('SELECT id FROM teacher')
  return row?.id ?? ''
}

export async function expectScheduledOnce({ classId, eventId }: Paid): Promise<void> {
  expect(await classStatus(world, classId)).toBe('scheduled')
  expect(live(await eventsOf(classId)).map(({ id }) => id)).toEqual([eventId])
  expect(await world.rows('SELECT code FROM access_code WHERE class_id = $1', [classId])).toHaveLength(1)
  expect(await world.rows('SELECT rol FROM participation WHERE class_id = $1', [classId])).toEqual([{ rol: 'anfitrion' }])
}
