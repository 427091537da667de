import { type SQL, sql } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { PgDialect } from 'drizzle-orm/pg-core'
import type { Pool } from 'pg'
import { describe, expect, it } from 'vitest'
import { teacher } from './tables.ts'

/** What is said when one is gone: most of them would be missed without a word, by everything taking longer. */
const gone = (part: string, user: string) =>
  `drizzle-orm has changed a part of its own: ${part}. src/db/${user} uses it: look there how it is called now, or do without it, before the update`

/** A connection that answers with these rows and keeps what it was asked. */
function connection(rows: unknown[][]): { asked: unknown[]; client: Pool } {
  const asked: unknown[] = []
  const client = {
    async query(statement: unknown) {
      asked.push(statement)
      return { rows }
    },
  }
  return { asked, client: client as unknown as Pool }
}

describe('parts of the query layer that it promises to nobody are there', () => {
  it('for columns that are written at once', () => {
    const { buildSelection } = PgDialect.prototype as unknown as Record<string, unknown>
    expect(typeof buildSelection, gone('PgDialect.buildSelection', 'dialect.ts')).toBe('function')
    let isAsked = false
    class Listening extends PgDialect {}
    Object.assign(Listening.prototype, {
      buildSelection(this: PgDialect, ...given: unknown[]) {
        isAsked = true
        return (buildSelection as (...given: unknown[]) => SQL).apply(this, given)
      },
    })
    new Listening().buildSelectQuery({ table: teacher, fields: { id: teacher.id }, setOperators: [] })
    expect(isAsked, gone('PgDialect.buildSelection, which buildSelectQuery asks', 'dialect.ts')).toBe(true)
  })

  it('for statements with values in their text', () => {
    const inlined = (statement: SQL) => (statement as unknown as { shouldInlineParams?: unknown }).shouldInlineParams
    expect([inlined(sql`1`), inlined(sql`1`.inlineParams())], gone('SQL.shouldInlineParams', 'dialect.ts')).toEqual([false, true])
  })

  it('for a statement that is built once and sent over any connection', async () => {
    const [first, second] = [connection([['a']]), connection([['b']])]
    const handle = drizzle({ client: first.client })
    const { client } = (handle as unknown as { session: { client: unknown } }).session
    expect(client, gone('session.client', 'hot-read.ts')).toBe(first.client)
    const built = handle.select({ id: teacher.id }).from(teacher).prepare('one')
    const moved = Object.assign(Object.create(built) as typeof built, { client: second.client })
    expect([await moved.execute(), first.asked.length], gone('client of a prepared statement', 'hot-read.ts')).toEqual([[{ id: 'b' }], 0])
  })

  it('for rows that are read in a way found out once', async () => {
    const built = drizzle({ client: connection([['a', '3']]).client })
      .select({ id: teacher.id, many: sql<number>`count(*)`.mapWith(Number) })
      .from(teacher)
      .prepare('one')
    const { fields } = built as unknown as { fields?: { path: string[]; field: unknown }[] }
    expect(
      fields?.map(({ path }) => path),
      gone('fields of a prepared statement', 'hot-read.ts'),
    ).toEqual([['id'], ['many']])
    expect(fields?.[0]?.field, gone('fields of a prepared statement', 'hot-read.ts')).toBe(teacher.id)
    const expression = fields?.[1]?.field as { decoder?: { mapFromDriverValue?(value: unknown): unknown } } | undefined
    expect(expression?.decoder?.mapFromDriverValue?.('3'), gone('SQL.decoder', 'hot-read.ts')).toBe(3)
    const mapped = Object.assign(built, { customResultMapper: (rows: unknown[][]) => rows.map((row) => row.join('-')) })
    expect(await mapped.execute(), gone('customResultMapper of a prepared statement', 'hot-read.ts')).toEqual(['a-3'])
  })
})
