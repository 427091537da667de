import { expect } from 'vitest'
import { MINUTE_MS, plus } from '../../src/kernel/clock.ts'
import { addDays, instantAt, weekdayOf } from '../../src/kernel/zoned-time.ts'
import { json, slot } from '../support/booking.ts'
import type { Client, World } from '../support/world.ts'

/** What every conflict says (behaviour 4.2 row 24). */
export const TAKEN = 'El horario ya no está disponible'
export const UNCONFIRMED_CALENDAR = 'No podemos confirmar la agenda en este momento. Probá de nuevo en unos minutos.'

export interface Answer {
  status: number
  body: Record<string, unknown>
}

/** Sends JSON (or a text as it is) and reads the answer. */
export async function send(client: Client, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer> {
  const response = await client.post(path, body, headers)
  return { status: response.status, body: await json(response) }
}

/** A preference in the specification's order; throws when it is refused. */
export async function createPreference(client: Client, more: Record<string, unknown> = {}): Promise<string> {
  const { status, body } = await send(client, '/api/mercado-pago/create-preference', { type: 'individual', studentsCount: 1, ...more })
  if (status !== 200) throw new Error(`create-preference answered ${status} ${JSON.stringify(body)}`)
  return String(body.preferenceId)
}

/** Books a slot in the specification's order, with a preference of its own; answers what booking answered. */
export async function bookSlot(client: Client, when: { start: string; end: string }): Promise<Answer & { preferenceId: string }> {
  const preferenceId = await createPreference(client)
  return { ...(await send(client, '/api/booking', { ...when, preferenceId })), preferenceId }
}

/** Open slots inside the horizon, each handed out once: tests of one file never meet. */
export function slotDispenser(firstDay = '2026-11-24', days = 58): () => { start: string; end: string } {
  const dates = Array.from({ length: days }, (_, day) => addDays(firstDay, day)).filter((date) => weekdayOf(date) !== 7)
  const slots = dates.flatMap((date) => Array.from({ length: 12 }, (_, at) => slot(date, `${String(9 + at).padStart(2, '0')}:00`)))
  return () => {
    const next = slots.shift()
    if (!next) throw new Error('No slot is left for another test')
    return next
  }
}

/** An interval of any length at an ART date and time. */
export function interval(date: string, time: string, minutes: number): { start: string; end: string } {
  const start = instantAt(date, time)
  return { start: start.toISOString(), end: plus(start, minutes * MINUTE_MS).toISOString() }
}

/** Everything a refused request must leave as it was (invariant 18). */
async function store(world: World): Promise<string> {
  const [classes, orders, people, jobs] = await Promise.all([
    world.rows('SELECT id, status, version, starts_at FROM virtual_class ORDER BY id'),
    world.rows('SELECT id, status, class_id, preference_id FROM payment_order ORDER BY id'),
    world.rows('SELECT id FROM participation ORDER BY id'),
    world.rows(`SELECT id FROM pgboss.job WHERE name NOT IN ('mirror.poll', 'mirror.sync', 'mirror.tend-channels') ORDER BY id`),
  ])
  return JSON.stringify({ classes, orders, people, jobs })
}

/** Runs a refused request and proves that it left nothing behind, here and at Mercado Pago. */
export async function unchanged<T>(world: World, work: () => Promise<T>): Promise<T> {
  const before = [await store(world), await preferencesMade(world)]
  const result = await work()
  expect([await store(world), await preferencesMade(world)]).toEqual(before)
  return result
}

/** How many preferences Mercado Pago holds for us. */
export async function preferencesMade(world: World): Promise<number> {
  const { preferences } = await world.control('/mercado-pago/preferences')
  return (preferences as unknown[]).length
}

/** What we last sent to make a preference. */
export async function lastPreferenceSent(world: World): Promise<Record<string, unknown>> {
  const { requests } = (await world.control('/log?part=mercado-pago&method=POST&path=/checkout/preferences')) as {
    requests: { body: string }[]
  }
  return JSON.parse(requests.at(-1)?.body ?? '{}') as Record<string, unknown>
}

/** While `work` runs, the store refuses every new row of a table. */
export async function whileNothingCanBeStored<T>(
  world: World,
  table: 'virtual_class' | 'payment_order',
  work: () => Promise<T>,
): Promise<T> {
  await world.rows(`ALTER TABLE ${table} ADD CONSTRAINT out_of_order CHECK (false) NOT VALID`)
  try {
    return await work()
  } finally {
    await world.rows(`ALTER TABLE ${table} DROP CONSTRAINT out_of_order`)
  }
}

/** The teacher's own appointment, made by hand in Google Calendar. */
export async function appointment(world: World, when: { start: string; end: string }): Promise<void> {
  await world.control('/google/events', { summary: 'Dentista', start: { dateTime: when.start }, end: { dateTime: when.end } })
}
