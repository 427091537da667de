import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { MINUTE_MS } from '../../src/kernel/clock.ts'
import { checkout, classStatus, json, slot } from '../support/booking.ts'
import { openWorld, type World } from '../support/world.ts'

describe('while the disk is full', () => {
  let world: World
  let isLow = false
  beforeAll(async () => {
    world = await openWorld()
    world.deps.db.isDiskLow = () => isLow
  })
  afterAll(() => world.close())

  it('reading goes on, changes are refused before they begin, and everything is made up for afterwards', async () => {
    const ana = await world.signIn('ana@example.com')
    const held = await checkout(ana, slot('2026-11-25', '10:00'))
    isLow = true
    expect((await ana.get('/inicio/mis-clases-virtuales')).status).toBe(200)
    const refused = await ana.post('/api/checkout', slot('2026-11-25', '11:00'))
    expect({ status: refused.status, retry: refused.headers.get('retry-after'), body: await json(refused) }).toEqual({
      status: 503,
      retry: '60',
      body: { error: 'El servicio está en mantenimiento. Probá de nuevo en unos minutos.' },
    })
    const page = await ana.submit('/inicio/pre-compra', { start: slot('2026-11-25', '11:00').start })
    expect(page.status).toBe(503)
    expect(await page.text()).toContain('Probá de nuevo en unos minutos.')
    const health = await world.anonymous.get('/healthz')
    expect({ status: health.status, body: await json(health) }).toMatchObject({ status: 503, body: { status: 'disk-full' } })

    // Paid meanwhile: the notification is refused, and neither job nor payment check runs.
    await world.control('/mercado-pago/pay', { preferenceId: held.preferenceId })
    world.clock.advance(MINUTE_MS)
    await world.settle()
    expect(await classStatus(world, held.classId)).toBe('pending')
    isLow = false
    world.clock.advance(2 * MINUTE_MS)
    await world.settle()
    expect(await classStatus(world, held.classId)).toBe('scheduled')
    expect((await world.anonymous.get('/healthz')).status).toBe(200)
  })
})
