import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDatabase, type Database } from '../../src/db/client.ts'
import { migrate } from '../../src/db/migrate.ts'
import { openEmbeddedPool } from '../../src/db/open.ts'
import { fillVolume, type Volume } from './volume.ts'

const NOW = new Date('2026-11-23T12:00:00.000Z')

/** As small as it goes, so that every constraint and trigger of the schema looks at every row; larger volumes are rows of the same making. */
describe('an academy with many classes', () => {
  let db: Database
  let volume: Volume
  const one = async (text: string, values: unknown[] = []) => Object.values((await db.execute(text, values)).rows[0] ?? {})[0]

  beforeAll(async () => {
    const { pool, storage } = await openEmbeddedPool(null)
    db = createDatabase(pool, storage)
    await migrate(db, fileURLToPath(new URL('../../src/db/migrations', import.meta.url)), NOW)
    volume = await fillVolume({ query: (text, values) => pool.query(text, values) }, { classes: 1_000, now: NOW, teachers: 4, active: 2 })
  })
  afterAll(() => db.close())

  it('has as many classes as were asked for, with history behind and some ahead', async () => {
    expect(await one('SELECT count(*)::int FROM virtual_class')).toBe(1_000)
    expect(await one('SELECT count(*)::int FROM virtual_class WHERE starts_at > $1', [NOW])).toBe(300)
    expect(await one(`SELECT count(*)::int FROM virtual_class WHERE status = 'completed'`)).toBe(630)
    expect(await one(`SELECT count(DISTINCT teacher_id)::int FROM virtual_class WHERE status = 'scheduled'`)).toBe(2)
  })

  it('has one student with twenty classes, five of which lie ahead', async () => {
    const mine = 'FROM participation p JOIN virtual_class c ON c.id = p.class_id WHERE p.user_id = $1'
    expect(await one(`SELECT count(*)::int ${mine}`, [volume.studentId])).toBe(20)
    expect(await one(`SELECT count(*)::int ${mine} AND c.starts_at > $2`, [volume.studentId, NOW])).toBe(5)
    expect(await one(`SELECT count(*)::int ${mine} AND p.rol = 'participante'`, [volume.studentId])).toBe(1)
    expect(await one('SELECT user_id FROM payment_order WHERE id = $1 AND class_id = $2', [volume.orderId, volume.classId])).toBe(
      volume.studentId,
    )
  })

  it('has money, code, event and host wherever the contract wants them', async () => {
    const { rows } = await db.execute(`
      SELECT c.id FROM virtual_class c LEFT JOIN payment_order o ON o.class_id = c.id
      WHERE c.status IN ('scheduled', 'completed') AND NOT coalesce(o.status = 'approved' AND o.amount_centavos = c.price_centavos
        AND (SELECT count(*) FROM access_code a WHERE a.class_id = c.id AND a.retired_at IS NULL) = 1
        AND (SELECT count(*) FROM participation p WHERE p.class_id = c.id AND p.rol = 'anfitrion' AND p.user_id = c.booked_by_id) = 1
        AND (SELECT sum(p.amount_centavos) FROM provider_payment p WHERE p.order_id = o.id AND p.status = 'approved') = o.amount_centavos, false)`)
    expect(rows).toEqual([])
    expect(await one(`SELECT count(*)::int FROM refund WHERE state <> 'approved'`)).toBe(0)
  })
})
