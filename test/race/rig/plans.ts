import type pg from 'pg'

/** A statement as it was sent. */
export interface Sent {
  text: string
  values: readonly unknown[]
}

interface PlanNode {
  'Node Type': string
  'Actual Rows'?: number
  'Actual Loops'?: number
  'Rows Removed by Filter'?: number
  'Rows Removed by Index Recheck'?: number
  'Relation Name'?: string
  'Index Name'?: string
  'Index Cond'?: string
  Filter?: string
  'Parent Relationship'?: string
  'Plan Rows': number
  Plans?: PlanNode[]
}

interface Explained {
  'QUERY PLAN': { Plan: PlanNode }[]
}

const EXPLAINABLE = /^\s*(select|insert|update|delete|with)\b/i

/** Tables with at least so many rows, and indexes with so many entries, by what the planner knows. */
export async function tablesFrom(connection: pg.Client, rowsMin: number): Promise<Set<string>> {
  const { rows } = await connection.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind IN ('r', 'i') AND relnamespace = 'public'::regnamespace AND reltuples >= $1`,
    [rowsMin],
  )
  return new Set(rows.map(({ name }) => name))
}

/**
 * Of those, what PostgreSQL would read from one end to the other for this statement: a table, or an index that it walks through. `unwillingly`: only
 * tables for which it has no other way, whatever their size; it then walks through indexes of small ones for want of that.
 */
export async function scannedTables(
  connection: pg.Client,
  { text, values }: Sent,
  tables: ReadonlySet<string>,
  unwillingly: boolean,
): Promise<string[]> {
  if (!EXPLAINABLE.test(text)) return []
  await connection.query(`SET enable_seqscan = ${unwillingly ? 'off' : 'on'}`)
  const { rows } = await connection.query<Explained>(`EXPLAIN (FORMAT JSON) ${text}`, [...values])
  return tablesIn(rows, tables, unwillingly)
}

/**
 * The same for the plan that serves all values: a connection that keeps a statement may come to use it, and it cannot know, for example, that a value
 * is the one for which there is an index.
 */
export async function scannedForAnyValue(
  connection: pg.Client,
  { text, values }: Sent,
  tables: ReadonlySet<string>,
  unwillingly: boolean,
): Promise<string[]> {
  if (!EXPLAINABLE.test(text)) return []
  await connection.query(`SET enable_seqscan = ${unwillingly ? 'off' : 'on'}; SET plan_cache_mode = force_generic_plan`)
  await connection.query(`PREPARE any_value AS ${text}`)
  const nothing = values.length === 0 ? '' : `(${values.map(() => 'NULL').join(', ')})`
  const { rows } = await connection.query<Explained>(`EXPLAIN (FORMAT JSON) EXECUTE any_value${nothing}`)
  await connection.query('DEALLOCATE any_value; RESET plan_cache_mode')
  return tablesIn(rows, tables, unwillingly)
}

function tablesIn(rows: readonly Explained[], tables: ReadonlySet<string>, unwillingly: boolean): string[] {
  const root = rows[0]?.['QUERY PLAN'][0]?.Plan
  const whole = root ? readWhole(root, false).filter((node) => !unwillingly || node['Index Name'] === undefined) : []
  return [...new Set(whole.flatMap((node) => named(node, tables)))]
}

/** Nodes that hand on each row as it comes, so that whoever needs a few stops what is below them. */
const HANDS_ON = /^(Limit|Nested Loop|Hash Join|Merge Join|LockRows|Subquery Scan|Result|Append|Merge Append|Incremental Sort)$/

/** `mayStop`: somebody above takes some rows and no more. */
function readWhole(node: PlanNode, mayStop: boolean): PlanNode[] {
  const stops = node['Node Type'] === 'Limit' || (mayStop && HANDS_ON.test(node['Node Type']))
  const below = (node.Plans ?? []).flatMap((child) => readWhole(child, stops && child['Parent Relationship'] !== 'Inner'))
  return isWhole(node, mayStop) ? [node, ...below] : below
}

/** Walking through an index is reading all of it, unless a few rows are enough and the first ones will do. */
function isWhole(node: PlanNode, mayStop: boolean): boolean {
  const type = node['Node Type']
  if (type.endsWith('Seq Scan')) return true
  return /Index (Only )?Scan$/.test(type) && node['Index Cond'] === undefined && !(mayStop && node.Filter === undefined)
}

function named(node: PlanNode, tables: ReadonlySet<string>): string[] {
  const { 'Index Name': index, 'Relation Name': table } = node
  // An index of a part of a table may be small.
  if (index !== undefined) return tables.has(index) ? [table === undefined ? index : `${table} by ${index}`] : []
  return table !== undefined && tables.has(table) ? [table] : []
}

/** How many rows of tables the statement looked at, those that it threw away included. It is carried out: for reads. */
export async function rowsLookedAt(connection: pg.Client, { text, values }: Sent): Promise<number> {
  const { rows } = await connection.query<Explained>(`EXPLAIN (ANALYZE, FORMAT JSON) ${text}`, [...values])
  const lookedAt = (node: PlanNode): number => {
    const inside = (node.Plans ?? []).reduce((sum, child) => sum + lookedAt(child), 0)
    if (!node['Relation Name']) return inside
    const each = (node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0) + (node['Rows Removed by Index Recheck'] ?? 0)
    return inside + each * (node['Actual Loops'] ?? 1)
  }
  return rows.reduce((sum, row) => sum + row['QUERY PLAN'].reduce((plans, { Plan }) => plans + lookedAt(Plan), 0), 0)
}
