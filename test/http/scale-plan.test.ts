import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openWorld, type World } from '../support/world.ts'

type Placed = 'teacher' | 'person' | 'reference' | 'local'
const KEYS: Partial<Record<Placed, string>> = { teacher: 'teacher_id', person: 'user_id' }

/** docs/scale.md against the schema as the migrations make it. */
describe('the plan for more than one PostgreSQL', () => {
  let world: World
  let placed: Map<string, Placed>
  let exceptions: Map<string, { table: string; how: string }>
  let endingKeys: Map<string, { from: string; to: string }>
  beforeAll(async () => {
    world = await openWorld({ calendar: false })
    const page = await readFile(new URL('../../docs/scale.md', import.meta.url), 'utf8')
    placed = new Map(rowsUnder(page, '## Tables').map(([table = '', where]) => [table, where as Placed]))
    exceptions = new Map(
      rowsUnder(page, '## Constraints that do not hold the key').map(([name = '', table = '', how = '']) => [name, { table, how }]),
    )
    endingKeys = new Map(rowsUnder(page, '## Foreign keys that end').map(([name = '', from = '', to = '']) => [name, { from, to }]))
  })
  afterAll(() => world.close())

  it('places every table, and no other', async () => {
    const tables = await world.rows<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace ORDER BY 1`,
    )
    expect([...placed.keys()].sort()).toEqual(tables.map(({ name }) => name))
    expect([...new Set(placed.values())].sort()).toEqual(['local', 'person', 'reference', 'teacher'])
  })

  it('accounts for every unique and exclusion constraint that does not hold the key, and for no other', async () => {
    const indexes = await world.rows<{ table: string; name: string; columns: string[] }>(
      `SELECT t.relname AS "table", i.relname AS name, array_agg(coalesce(a.attname, '')::text) AS columns
       FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class t ON t.oid = x.indrelid
       CROSS JOIN LATERAL unnest(x.indkey) AS k (number)
       LEFT JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.number AND k.number > 0
       WHERE t.relnamespace = 'public'::regnamespace AND (x.indisunique OR x.indisexclusion) GROUP BY 1, 2 ORDER BY 2`,
    )
    const without = indexes.filter(({ table, columns }) => {
      const key = KEYS[placed.get(table) ?? 'local']
      return key !== undefined && !columns.includes(key)
    })
    expect([...exceptions].map(([name, { table }]) => `${name} on ${table}`).sort()).toEqual(
      without.map(({ name, table }) => `${name} on ${table}`),
    )
    expect([...new Set([...exceptions.values()].map(({ how }) => how))].sort()).toEqual(['lookup', 'other', 'widened'])
    // The last referee.
    expect(exceptions.has('virtual_class_no_overlap')).toBe(false)
    expect(indexes.map(({ name }) => name)).toContain('virtual_class_no_overlap')
  })

  it('names every foreign key that leads from one group to another, and no other', async () => {
    const keys = await world.rows<{ name: string; from: string; to: string }>(
      `SELECT c.conname AS name, f.relname AS "from", t.relname AS "to"
       FROM pg_constraint c JOIN pg_class f ON f.oid = c.conrelid JOIN pg_class t ON t.oid = c.confrelid
       WHERE c.contype = 'f' AND f.relnamespace = 'public'::regnamespace ORDER BY 1`,
    )
    const ending = keys.filter(({ from, to }) => placed.get(to) !== 'reference' && placed.get(from) !== placed.get(to))
    expect(Object.fromEntries(endingKeys)).toEqual(Object.fromEntries(ending.map(({ name, ...rest }) => [name, rest])))
  })
})

/** The cells of the first table below that heading, without the back-ticks of code. */
function rowsUnder(page: string, heading: string): string[][] {
  const below = page.split(`${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  const lines = below.split('\n').filter((line) => line.startsWith('| `'))
  return lines.map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll('`', '')),
  )
}
