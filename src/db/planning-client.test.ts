import { describe, expect, it } from 'vitest'
import { planNameOf } from './planning-client.ts'

describe('the plan of a statement', () => {
  it('is kept from its third time on, under one name', () => {
    expect([planNameOf('SELECT often'), planNameOf('SELECT often')]).toEqual([undefined, undefined])
    const name = planNameOf('SELECT often')
    expect(name).toMatch(/^plan-\d+$/)
    expect(planNameOf('SELECT often')).toBe(name)
  })

  it('is not kept for texts that come once', () => {
    for (let n = 0; n < 3_000; n++) expect(planNameOf(`SELECT ${n}`)).toBeUndefined()
  })

  it('is not kept for long texts, such as of many rows written at once', () => {
    const rows = `INSERT INTO busy VALUES ${Array.from({ length: 500 }, (_, n) => `($${n})`).join(', ')} RETURNING id, starts_at`
    const long = rows.padEnd(4_001)
    for (let times = 0; times < 5; times++) expect(planNameOf(long)).toBeUndefined()
  })

  it('is kept for two hundred statements at most', () => {
    const named = new Set<string>()
    for (let n = 0; n < 300; n++)
      for (let times = 0; times < 3; times++) {
        const name = planNameOf(`SELECT frequent ${n}`)
        if (name) named.add(name)
      }
    expect(named.size).toBeLessThanOrEqual(200)
    expect(planNameOf('SELECT often')).toBeDefined()
  })
})
