import type pg from 'pg'

/** A statement as it was sent. */
export interface Sent {
  text: string
  values: readonly unknown[]
}

interface PlanNode {
  'Node Type': string
  'Relation Name'?: string
  'Plan Rows': number
  Plans?: PlanNode[]
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
  const { rows } = await connection.query<{ 'QUERY PLAN': { Plan: PlanNode }[] }>(`EXPLAIN (FORMAT JSON) ${text}`, [...values])
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
