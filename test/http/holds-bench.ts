import { afterAll, beforeAll, expect, it } from 'vitest'
import { MINUTE_MS } from '../../src/kernel/clock.ts'
import { json } from '../support/booking.ts'
import { expectCleanLog, type newcomer, type Slot } from '../support/scene.ts'
import { openWorld, type World } from '../support/world.ts'
import {
  comingSlots,
  expectNoSilentMoney,
  type Held,
  heldClass,
  leavesNothing,
  mercadoPagoSettings,
  pass,
  payOnce,
  stateOf,
} from './payment-scene.ts'

export const HOLD_MS = 20 * MINUTE_MS
export const FULL = '1500000'
const TAKEN = 'El horario ya no está disponible'

/** One for each test file that uses this bench. */
export let world: World
export const nextSlot = comingSlots(() => world)

/** Opens the world of a test file about holds, and leaves nothing of one test to the next. */
export function useHoldsBench(): void {
  beforeAll(async () => {
    world = await openWorld()
  })
  leavesNothing(() => world)
  afterAll(() => world.close())
}

/** Last of all tests of a file: whatever happened in it, this is so. */
export function itKeepsTheBooks(): void {
  it('no approved peso is silent (invariant 5)', () => expectNoSilentMoney(world))

  it('no two active classes overlap (invariant 1)', async () => {
    const [row] = await world.rows(`
      SELECT count(*)::int AS n FROM virtual_class a JOIN virtual_class b
        ON a.id < b.id AND a.teacher_id = b.teacher_id AND a.starts_at < b.ends_at AND b.starts_at < a.ends_at
      WHERE a.status IN ('pending', 'scheduled') AND b.status IN ('pending', 'scheduled')`)
    expect(row).toEqual({ n: 0 })
  })

  it('the log names no person, code, link, token or secret', () => expectCleanLog(world, ['local-sandbox-secret']))
}

/** A hold whose time is over. */
export async function released(when = nextSlot()): Promise<Held> {
  const held = await heldClass(world, when)
  await pass(world, HOLD_MS)
  expect(await stateOf(world, held.classId)).toBe('cancelled: hold_expired')
  return held
}

/** Money that no notification tells of. */
export async function payUnheard(preferenceId: string, how: Record<string, unknown> = {}): ReturnType<typeof payOnce> {
  await mercadoPagoSettings(world, { notificationsToDrop: 20 })
  const paid = await payOnce(world, preferenceId, how)
  await mercadoPagoSettings(world, { notificationsToDrop: 0 })
  return paid
}

export async function expectTaken(rival: Awaited<ReturnType<typeof newcomer>>, { start, end }: Slot): Promise<void> {
  const answer = await rival.post('/api/checkout', { start, end })
  expect(answer.status).toBe(409)
  expect(await json(answer)).toMatchObject({ error: TAKEN })
}
