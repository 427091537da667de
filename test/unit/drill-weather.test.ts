import { afterAll, beforeAll, expect, it } from 'vitest'
import { refreshBusy } from '../../src/features/meeting/busy.ts'
import { HOUR_MS } from '../../src/kernel/clock.ts'
import { readConflicts } from '../drill/books.ts'
import type { Sandbox } from '../drill/sandbox.ts'
import { openWeather } from '../drill/weather.ts'
import { classFor, freshSlots, later } from '../support/scene.ts'
import { openWorld, type World } from '../support/world.ts'

let world: World
const slotOf = freshSlots('2026-11-24')
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.close())

it('an appointment that waits for a question does not outlast the weather: in some days it would appear over a class that is over', async () => {
  const { start, end } = await classFor(world, 1, slotOf())
  const sandbox = { control: world.control, settings: world.sandbox.settings } as unknown as Sandbox
  const event = { summary: 'Dentista', start: { dateTime: start }, end: { dateTime: end } }
  await world.control('/google/after-freebusy', { event })
  await openWeather(sandbox, 1, async () => true).clear()
  const settledFromMs = world.clock.now().getTime()
  world.clock.set(later(end, HOUR_MS))
  const [teacher] = await world.rows<{ id: string }>('SELECT id FROM teacher')
  await refreshBusy(world.deps, teacher?.id ?? '')
  await world.settle()
  expect(await readConflicts(world, settledFromMs)).toEqual([])
})
