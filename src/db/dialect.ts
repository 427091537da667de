import { Column, getTableName, Name, Param, Placeholder, type Query, SQL, StringChunk, sql, Table } from 'drizzle-orm'
import { PgDialect } from 'drizzle-orm/pg-core'

type Kind = 'text' | 'name' | 'statement' | 'table' | 'column' | 'parameter' | 'later' | 'list' | 'value' | 'unknown'

/** What the instances of a class are, by its prototype. There are as many classes as kinds of columns and values. */
const kinds = new Map<unknown, Kind>()

/**
 * Turns statements into text as the query layer does. Its own way asks each piece of a statement up to twelve times what it might be, and joins as many
 * lists as there are pieces, which takes longer than all else about a statement. Here each class is asked once in the life of a process, and everything is
 * written into one text. Pieces that are not known here (views, subqueries) are left to the query layer. Tables are in no schema of their own.
 *
 * `buildSelection` and `shouldInlineParams` are the query layer's own and promised to nobody: `query-layer.test.ts` says so when an update takes
 * them away, and `dialect.test.ts` holds what is written here against what the query layer writes.
 */
export class Dialect extends PgDialect {
  override sqlToQuery(statement: SQL, invokeSource?: 'indexes'): Query {
    const written: Query = { sql: '', params: [] }
    if (invokeSource === undefined && writeStatement(written, statement)) return written
    return super.sqlToQuery(statement, invokeSource)
  }
}

type Selected = readonly { field: unknown }[]
type BuildSelection = (this: PgDialect, fields: Selected, options?: { isSingleTable?: boolean }) => SQL

const { buildSelection } = PgDialect.prototype as unknown as { buildSelection: BuildSelection }

/** Columns one by one, which nearly every selection consists of, are one piece and not three each. */
const buildSelectionAtOnce: BuildSelection = function (fields, options = {}) {
  if (!fields.every(({ field }) => field instanceof Column)) return buildSelection.call(this, fields, options)
  const columns = fields.map(({ field }) => field as Column)
  return sql.raw(columns.map((column) => (options.isSingleTable ? quoted(column.name) : nameOf(column))).join(', '))
}

Object.assign(Dialect.prototype, { buildSelection: buildSelectionAtOnce })

/** False when something in it is not known. */
function writeStatement(to: Query, statement: SQL): boolean {
  // Values within the text: only the query layer does that.
  if ((statement as unknown as { shouldInlineParams: boolean }).shouldInlineParams) return false
  for (const piece of statement.queryChunks) if (piece !== undefined && !write(to, piece)) return false
  return true
}

function write(to: Query, piece: unknown): boolean {
  switch (kindOf(piece)) {
    case 'text':
      for (const part of (piece as StringChunk).value) to.sql += part
      return true
    case 'name':
      to.sql += quoted((piece as Name).value)
      return true
    case 'statement':
      return writeStatement(to, piece as SQL)
    case 'table':
      to.sql += quoted(getTableName(piece as Table))
      return true
    case 'column':
      to.sql += nameOf(piece as Column)
      return true
    case 'parameter':
      return writeParameter(to, piece as Param)
    case 'later':
    case 'value':
      return writeValue(to, piece)
    case 'list':
      return writeList(to, piece as unknown[])
    case 'unknown':
      return false
  }
}

function kindOf(piece: unknown): Kind {
  if (typeof piece !== 'object' || piece === null) return typeof piece === 'function' ? 'unknown' : 'value'
  // Not its constructor: what stands for a subquery answers that with something else.
  const prototype: unknown = Object.getPrototypeOf(piece)
  const known = kinds.get(prototype)
  if (known) return known
  const kind = lookAt(piece)
  // Of nobody's class: each for itself.
  if (prototype !== Object.prototype) kinds.set(prototype, kind)
  return kind
}

function lookAt(piece: object): Kind {
  if (piece instanceof StringChunk) return 'text'
  if (piece instanceof Name) return 'name'
  if (piece instanceof SQL) return 'statement'
  if (piece instanceof Table) return 'table'
  if (piece instanceof Column) return 'column'
  if (piece instanceof Param) return 'parameter'
  if (piece instanceof Placeholder) return 'later'
  if (Array.isArray(piece)) return 'list'
  return 'getSQL' in piece ? 'unknown' : 'value'
}

function writeParameter(to: Query, parameter: Param): boolean {
  const { value, encoder } = parameter
  // Filled in, and only then encoded, each time the statement runs.
  if (value instanceof Placeholder) return writeValue(to, parameter)
  const encoded: unknown = value === null ? null : encoder.mapToDriverValue(value)
  return encoded instanceof SQL ? writeStatement(to, encoded) : writeValue(to, encoded)
}

function writeList(to: Query, list: readonly unknown[]): boolean {
  to.sql += '('
  for (const [index, piece] of list.entries()) {
    if (index > 0) to.sql += ', '
    if (piece !== undefined && !write(to, piece)) return false
  }
  to.sql += ')'
  return true
}

function writeValue(to: Query, value: unknown): true {
  to.params.push(value)
  to.sql += `$${to.params.length}`
  return true
}

function nameOf(column: Column): string {
  return `${quoted(getTableName(column.table))}.${quoted(column.name)}`
}

function quoted(name: string): string {
  return name.includes('"') ? `"${name.replaceAll('"', '""')}"` : `"${name}"`
}
