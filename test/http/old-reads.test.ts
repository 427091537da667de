import type { Hono } from 'hono'
import type { Pool } from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase } from '../../src/db/client.ts'
import type { Reader } from '../../src/db/replica.ts'
import { createApp } from '../../src/http/app.ts'
import type { AppEnv } from '../../src/http/context.ts'
import { createPages } from '../../src/web/index.ts'
import { classFor, freshSlots, type Scene } from '../support/scene.ts'
import { BASE_URL, type Client, openWorld, type World } from '../support/world.ts'

/** What may be some seconds old: nobody looks for a change of their own there. */
const OLD = ['/api/upcoming-classes']
/** What shows what one has just done: a class that was cancelled, a code that was changed, a payment, data of one's own. */
const FRESH = [
  '/inicio',
  '/inicio/mis-clases-virtuales',
  '/inicio/historial',
  '/inicio/facturacion',
  '/inicio/facturacion/pagos.csv',
  '/inicio/reservas',
  '/api/my-classes',
  '/api/my-classes?view=history',
  '/api/payments',
  '/api/user-data/export',
]

describe('reads that may be old', () => {
  let world: World
  let scene: Scene
  let app: Hono<AppEnv>
  let asked = 0
  beforeAll(async () => {
    world = await openWorld()
    scene = await classFor(world, 1, freshSlots()())
    // Counted where statements are sent: how they were built, and for whom before, is nobody's business.
    const { client: primary } = (world.deps.db.handle as unknown as { session: { client: Pool } }).session
    const replica: Reader = {
      query(...statement) {
        asked += 1
        return (primary.query as (...statement: unknown[]) => Promise<unknown>)(...statement)
      },
      end: async () => {},
    }
    const { staleHandle } = createDatabase(primary, undefined, replica)
    app = createApp(
      { ...world.deps, db: { ...world.deps.db, staleHandle } },
      createPages({ asset: (name) => `/assets/${name}`, sandbox: null }),
    )
  })
  afterAll(() => world.close())

  async function askedBy(client: Client, path: string): Promise<number> {
    asked = 0
    const answer = await app.request(`${BASE_URL}${path}`, { headers: { cookie: client.cookie } })
    expect([path, answer.status]).toEqual([path, 200])
    await answer.arrayBuffer()
    return asked
  }

  it('go where a replica answers; what shows what one has just done does not', async () => {
    // Twice: a statement that was built before goes the same way.
    for (const path of [...OLD, ...OLD]) expect(await askedBy(scene.host, path), path).toBeGreaterThan(0)
    for (const path of FRESH) expect(await askedBy(scene.host, path), path).toBe(0)
    expect(await askedBy(await world.admin(), '/api/admin/classes')).toBe(0)
  })
})
