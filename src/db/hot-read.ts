import { type Column, is, type Placeholder, SQL, sql } from 'drizzle-orm'
import { PgTimestamp } from 'drizzle-orm/pg-core'
import type { Handle } from './client.ts'

interface Built<Rows> {
  execute(values: Record<string, unknown>): Promise<Rows>
}

/** Stands in a statement for a value that comes later. */
export type Later = Placeholder

let reads = 0

/**
 * A read, or a count, that nearly every request or job makes: its statement is built once, and after that only filled in, and the server plans it once
 * for each connection. Building one takes the query layer longer than everything else about it.
 *
 * The `client` of a session and of a prepared statement, its `fields` and `customResultMapper`, and the `decoder` of an expression are the query layer's
 * own and promised to nobody: `query-layer.test.ts` says so when an update takes them away.
 */
export function hotRead<Values extends Record<string, unknown>, Rows>(
  build: (handle: Handle, later: (name: keyof Values & string) => Later) => { prepare(name: string): Built<Rows> },
): (handle: Handle, values: Values) => Promise<Rows> {
  reads += 1
  const name = `read-${reads}`
  let built: Built<Rows> | null = null
  return (handle, values) => {
    if (!built) {
      built = build(handle, (value) => sql.placeholder(value)).prepare(name)
      readFlatRows(built as Fields)
    }
    return onConnectionOf(handle, built).execute(values)
  }
}

/** The same statement where this handle sends its own: to a pool, or in a transaction. */
function onConnectionOf<Statement extends object>(handle: Handle, statement: Statement): Statement {
  const { client } = (handle as unknown as { session: { client: unknown } }).session
  return Object.assign(Object.create(statement) as Statement, { client })
}

/** What the query layer knows of the columns of a statement that it has built. */
interface Fields {
  fields?: { path: string[]; field: Column | SQL | SQL.Aliased }[]
  customResultMapper?: (rows: unknown[][]) => Record<string, unknown>[]
}

type Read = (value: unknown) => unknown

/**
 * Finds out once how each column becomes a value. The query layer does it for every value of every row, which takes as long as everything that the
 * driver does; rows of several tables, each with an object of its own, are left to it.
 */
function readFlatRows(statement: Fields): void {
  const { fields } = statement
  if (!fields || fields.some(({ path }) => path.length !== 1)) return
  const columns = fields.map(({ path, field }) => ({ key: path[0] ?? '', read: readOf(field) }))
  const empty: Record<string, unknown> = Object.fromEntries(columns.map(({ key }) => [key, null]))
  statement.customResultMapper = (rows) =>
    rows.map((row) => {
      const read = { ...empty }
      for (const [at, { key, read: readValue }] of columns.entries()) if (row[at] !== null) read[key] = readValue(row[at])
      return read
    })
}

function readOf(field: Column | SQL | SQL.Aliased): Read {
  if (is(field, PgTimestamp) && field.withTimezone) return (value) => instantOf(String(value))
  const decoder = is(field, SQL) ? decoderOf(field) : 'mapFromDriverValue' in field ? field : decoderOf(field.sql)
  return (value) => decoder.mapFromDriverValue(value)
}

function decoderOf(expression: SQL): { mapFromDriverValue: Read } {
  return (expression as unknown as { decoder: { mapFromDriverValue: Read } }).decoder
}

/** "2026-11-26 21:00:00.5+00", as a server in UTC writes it, is read ten times as fast with a T and a Z. */
function instantOf(text: string): Date {
  return new Date(text[10] === ' ' && text.endsWith('+00') ? `${text.slice(0, 10)}T${text.slice(11, -3)}Z` : text)
}
