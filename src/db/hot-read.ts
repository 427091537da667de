import { type Placeholder, sql } from 'drizzle-orm'
import type { Handle } from './client.ts'

interface Built<Rows> {
  execute(values: Record<string, unknown>): Promise<Rows>
}

/** Stands in a statement for a value that comes later. */
export type Later = Placeholder

let reads = 0

/**
 * A read, or a count, that nearly every request makes: its statement is built once for a handle, and after that only filled in, and the server plans it once for
 * each connection. Building one takes the query layer longer than everything else about it. Inside a transaction it is built anew, as usual.
 */
export function hotRead<Values extends Record<string, unknown>, Rows>(
  build: (handle: Handle, later: (name: keyof Values & string) => Later) => { prepare(name: string): Built<Rows> },
): (handle: Handle, values: Values) => Promise<Rows> {
  reads += 1
  const name = `read-${reads}`
  const known = new WeakMap<Handle, Built<Rows>>()
  return (handle, values) => {
    let statement = known.get(handle)
    if (!statement) {
      statement = build(handle, (value) => sql.placeholder(value)).prepare(name)
      known.set(handle, statement)
    }
    return statement.execute(values)
  }
}
