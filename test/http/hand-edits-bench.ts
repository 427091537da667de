import { afterAll, afterEach, beforeAll } from 'vitest'
import { MINUTE_MS } from '../../src/kernel/clock.ts'
import { atGoogle, comeBack, cookiesSet } from '../support/google-pages.ts'
import { classFor, freshSlots, type Scene, type Slot } from '../support/scene.ts'
import { openWorld, type World } from '../support/world.ts'

export const TEACHER = 'profe@hablainglesya.test'
/** Another calendar of the same teacher. */
export const OTHER = 'clases@group.calendar.test'

/** The product with a connected calendar, opened for the file by `useHandEditsBench`. */
export let world: World
export const slotOf = freshSlots('2026-11-30')
/** Where things are moved to: hours that `slotOf` never reaches. */
export const targetOf = freshSlots('2026-12-21')

export function useHandEditsBench(): void {
  beforeAll(async () => {
    world = await openWorld()
  })
  afterAll(() => world.close())
  afterEach(() => world.control('/google/faults', undefined, 'DELETE'))
}

/** A minute later the calendar has been read. */
export async function read(times = 1): Promise<void> {
  for (let i = 0; i < times; i++) {
    world.clock.advance(MINUTE_MS)
    await world.settle()
  }
}

export interface SceneWithEvent extends Scene {
  eventId: string
}

export async function scene(people = 1, text?: string): Promise<SceneWithEvent> {
  const made = await classFor(world, people, slotOf(), text)
  await read()
  return { ...made, eventId: await eventIdOf(made.classId) }
}

export async function eventIdOf(classId: string): Promise<string> {
  const [row] = await world.rows<{ event: string }>('SELECT google_event_id AS event FROM virtual_class WHERE id = $1', [classId])
  return row?.event ?? ''
}

export interface EventAtGoogle {
  id: string
  status: string
  summary: string
  description: string
  start: { dateTime: string }
  attendees?: { email: string }[]
}
/** `calendar`: its id, when it is not the teacher's own one. */
const at = (id: string, calendar?: string) => `/google/events/${id}${calendar ? `?calendar=${calendar}` : ''}`
export const eventAt = async (id: string, calendar?: string) => (await world.control(at(id, calendar))) as unknown as EventAtGoogle
export const startAt = async (id: string, calendar?: string) => new Date((await eventAt(id, calendar)).start.dateTime).toISOString()
export const change = (id: string, body: object, calendar?: string) => world.control(at(id, calendar), body, 'PATCH')
export const remove = (id: string, calendar?: string) => world.control(at(id, calendar), undefined, 'DELETE')
export const move = (id: string, { start, end }: Slot, calendar?: string) =>
  change(id, { start: { dateTime: start }, end: { dateTime: end } }, calendar)
export const appointment = async ({ start, end }: Slot) =>
  (await world.control('/google/events', { summary: 'Dentista', start: { dateTime: start }, end: { dateTime: end } })) as { id: string }

export async function classAt(classId: string) {
  const [row] = await world.rows<{ starts_at: Date; reschedule_count: number; calendar_state: string }>(
    'SELECT starts_at, reschedule_count, calendar_state FROM virtual_class WHERE id = $1',
    [classId],
  )
  return { start: row?.starts_at.toISOString(), count: row?.reschedule_count, state: row?.calendar_state }
}

/** What is open about a class. */
export const cases = (classId: string) =>
  world.rows<{ id: string; reason: string; detail: string }>(
    'SELECT id, reason, detail FROM attention_case WHERE subject_id = $1 AND resolved_at IS NULL ORDER BY reason',
    [classId],
  )
export const story = async (classId: string) =>
  (
    await world.rows<{ action: string; detail: { what?: string; by?: string } }>(
      `SELECT action, detail FROM audit_log WHERE subject_id = $1 AND action IN ('calendar.edit', 'class.reschedule') ORDER BY at`,
      [classId],
    )
  ).map(({ action, detail }) => (action === 'class.reschedule' ? `moved by ${detail.by}` : detail.what))
export const panel = async () => (await (await world.admin()).get('/admin')).text()
export const press = async (path: string) => (await (await world.admin()).submit(path, {})).headers.get('location')

/** The configuration names another calendar, and the admin connects again. */
export async function connectTo(calendarId: string): Promise<void> {
  const { config } = world.deps
  world.deps.config = { ...config, google: { ...config.google, calendarId } }
  const admin = await world.admin()
  const begun = await admin.submit('/api/admin/google/connect', {})
  const callback = await atGoogle(begun.headers.get('location') ?? '', { email: TEACHER })
  await comeBack(world, callback, `${admin.cookie}; ${cookiesSet(begun)}`)
  await read()
}
