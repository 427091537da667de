import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Client, openWorld, type World } from '../support/world.ts'
import { comingSlots, heldClass, paidClass } from './payment-scene.ts'

describe('the panel of the admin (behaviour 4.23)', () => {
  let world: World
  let admin: Client
  const nextSlot = comingSlots(() => world)

  beforeAll(async () => {
    world = await openWorld()
    admin = await world.admin()
  })
  beforeEach(() => world.settle())
  afterAll(() => world.close())

  const page = async (path: string) => (await admin.get(path)).text()

  it('shows every class under "Todas", the booked ones without a filter', async () => {
    await paidClass(world, nextSlot())
    await heldClass(world, nextSlot())
    await world.settle()
    const rows = (html: string) => html.split('data-label="Rol"').length - 1
    const href = /<a href="([^"]*)"[^>]*>Todas</.exec(await page('/admin'))?.[1] ?? ''
    const all = await page(href)
    expect(rows(all)).toBe(2)
    expect(all).toMatch(/<a href="[^"]*" aria-current="page">Todas</)
    const booked = await page('/admin')
    expect(rows(booked)).toBe(1)
    expect(booked).toMatch(/<a href="[^"]*" aria-current="page">Reservadas</)
  })
})
