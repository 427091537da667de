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
  'Plan Rows': number
  Plans?: PlanNode[]
}

interface Explained {
  'QUERY PLAN': { Plan: PlanNode }[]
}

const EXPLAINABLE = /^\s*(select|insert|update|delete|with)\b/i

/** Tables with at least so many rows, by what the planner knows. */
export async function tablesFrom(connection: pg.Client, rowsMin: number): Promise<Set<string>> {
  const { rows } = await connection.query<{ name: string }>(
    `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND reltuples >= $1`,
    [rowsMin],
  )
  return new Set(rows.map(({ name }) => name))
}

/**
 * Tables of those that PostgreSQL would read from one end to the other for this statement. `unwillingly`: only where it has no other way, whatever
 * the size of the table.
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
  return tablesIn(rows, tables)
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
  return tablesIn(rows, tables)
}

function tablesIn(rows: readonly Explained[], tables: ReadonlySet<string>): string[] {
  const root = rows[0]?.['QUERY PLAN'][0]?.Plan
  return root ? [...new Set(nodesOf(root).flatMap((node) => scanned(node, tables)))] : []
}

function nodesOf(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(nodesOf)]
}

function scanned(node: PlanNode, tables: ReadonlySet<string>): string[] {
  const table = node['Relation Name']
  return table !== undefined && node['Node Type'].endsWith('Seq Scan') && tables.has(table) ? [table] : []
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
