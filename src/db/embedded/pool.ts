import type { PGlite } from '@electric-sql/pglite'
import pg from 'pg'
import { isPatient } from '../../kernel/patience.ts'
import { createTurns, type EventLoop } from './turns.ts'
import { type Answer, type Exchange, type Field, Outgoing, type Parameter, parameterOf, readExchange } from './wire.ts'

/** A statement as node-postgres takes it. */
export interface Statement {
  text: string
  values?: unknown[]
  rowMode?: 'array'
  types?: { getTypeParser(type: number, format: 'text'): (value: string) => unknown }
}

export interface Result {
  command: string
  rowCount: number | null
  rows: unknown[]
}

/** A statement that the database has planned. */
export interface Planned {
  name: string
  fields: readonly Field[]
}

type Query = (statement: string | Statement, values?: unknown[]) => Promise<Result | Result[]>

/** As much of a pool of node-postgres as is used. It has one connection. */
export interface EmbeddedConnection {
  query: Query
  connect(): Promise<{ query: Query; release(error?: Error): void }>
  end(): Promise<void>
  readonly options: { max: number }
  /** Hears everything that is told with NOTIFY on channels that this connection listens to. */
  onNotification(hear: (channel: string, payload: string) => void): void
  /** The statements that are planned, by text: the one that was not used for the longest time comes first. */
  planned: Map<string, Planned>
}

const BEGIN = 'BEGIN'
const PLANNED_MAX = 600
const PLANNABLE = /^\s*(select|insert|update|delete|with)\b/i
/** What makes the database forget how it meant to answer, and perhaps answer with other columns. Not the name of a queue, `meeting.create`. */
const CHANGES_TABLES = /\b(create|alter|drop)\s/i

/**
 * PGlite's own protocol without a driver in between. It answers while it is asked, so that everything about a statement goes in as one piece and
 * comes out as one; and there is one connection, so that every statement is planned once, and its columns are asked for once. Statements follow
 * each other: whoever uses the connection after `connect` waits for each of them. Whoever can wait (`kernel/patience.ts`) lets others go first.
 * `loop`: has its turns in between. Without it what happens depends on no time.
 */
export function connectEmbedded(pglite: PGlite, loop: EventLoop | null): EmbeddedConnection {
  const outgoing = new Outgoing()
  const hearers: ((channel: string, payload: string) => void)[] = []
  const turns = createTurns(loop)
  let ended = false
  let names = 0

  /** Sends all that was written. */
  async function exchange(known: readonly Field[] | null = null): Promise<Exchange> {
    const parts: Uint8Array[] = []
    // Told in parts, because otherwise PGlite reads the answer, too. They lie in its memory and are soon overwritten.
    await pglite.execProtocolRawStream(outgoing.take(), { syncToFs: false, onRawData: (part) => parts.push(part.slice()) })
    const done = readExchange(parts.length === 1 ? (parts[0] as Uint8Array) : Buffer.concat(parts), known)
    for (const { channel, payload } of done.notifications) for (const hear of hearers) hear(channel, payload)
    return done
  }

  function writeText(text: string): () => Promise<Exchange> {
    outgoing.query(text)
    return async () => {
      const done = await exchange()
      // What ends a failed text comes out with the next Sync only. Measured with 0.5.16.
      if (done.error) {
        outgoing.sync()
        await exchange()
      }
      if (CHANGES_TABLES.test(text)) await forgetAll()
      return done
    }
  }

  async function forgetAll(): Promise<void> {
    for (const { name } of connection.planned.values()) outgoing.forget(name)
    connection.planned.clear()
    outgoing.sync()
    await exchange()
  }

  function writePlanned(text: string, values: readonly Parameter[]): () => Promise<Exchange> {
    const { planned } = connection
    const known = planned.get(text)
    if (known) {
      outgoing.run(known.name, values).sync()
      planned.delete(text)
      planned.set(text, known)
      return () => exchange(known.fields)
    }
    names += 1
    const name = `s${names}`
    const [oldest] = planned.size >= PLANNED_MAX ? planned : []
    if (oldest) outgoing.forget(oldest[1].name)
    outgoing.prepare(name, text).run(name, values).sync()
    if (oldest) planned.delete(oldest[0])
    return async () => {
      const done = await exchange()
      // Somebody else in the same transaction may have asked the same for the first time meanwhile.
      if (planned.has(text)) outgoing.forget(name)
      else if (done.prepared) planned.set(text, { name, fields: done.prepared })
      return done
    }
  }

  /**
   * Writes the messages of a statement, and returns what sends them. When they cannot be written nothing of them remains: half a message would be
   * the beginning of the next one. `begins`: a transaction, with this statement as its first.
   */
  function write(given: string | Statement, more?: unknown[], begins = false): () => Promise<Result | Result[]> {
    const statement: Statement = typeof given === 'string' ? { text: given } : given
    const { text } = statement
    const values = more ?? statement.values ?? []
    const isOne = values.length > 0 || (PLANNABLE.test(text) && !text.includes(';'))
    const before = outgoing.size
    let send: () => Promise<Exchange>
    try {
      if (begins) outgoing.query(BEGIN)
      send = isOne ? writePlanned(text, values.map(parameterOf)) : writeText(text)
    } catch (error) {
      outgoing.cut(before)
      throw error
    }
    return async () => {
      const { answers, error } = await send()
      if (error) throw error
      const results = answers.slice(begins ? 1 : 0).map((answer) => resultOf(answer, statement))
      return results.length === 1 ? (results[0] as Result) : results
    }
  }

  async function take(): Promise<void> {
    if (ended) throw new Error('The database is closed')
    await turns.take(isPatient())
  }

  const connection: EmbeddedConnection = {
    options: { max: 1 },
    planned: new Map(),
    onNotification: (hear) => void hearers.push(hear),
    async query(statement, values) {
      await take()
      try {
        return await write(statement, values)()
      } finally {
        turns.give()
      }
    },
    async connect() {
      await take()
      let released = false
      // It goes along with the first statement, which saves one of the ways to the database and back; without one there is nothing to begin.
      let begins = false
      return {
        async query(statement, values) {
          if (released) throw new Error('A statement was sent after the connection was given back')
          if (statement === BEGIN) {
            begins = true
            return nothing(BEGIN)
          }
          if (begins && (statement === 'COMMIT' || statement === 'ROLLBACK')) {
            begins = false
            return nothing(statement)
          }
          const send = write(statement, values, begins)
          begins = false
          return send()
        },
        release() {
          if (!released) turns.give()
          released = true
        },
      }
    },
    async end() {
      await take()
      ended = true
      turns.give()
    },
  }
  return connection
}

const nothing = (command: string): Result => ({ command, rowCount: null, rows: [] })

function resultOf({ fields, rows, tag }: Answer, { types = pg.types, rowMode }: Statement): Result {
  const words = tag.split(' ')
  const count = Number(words.at(-1))
  const parsers = rows.length === 0 ? [] : fields.map(({ type }) => types.getTypeParser(type, 'text') as (value: string) => unknown)
  const parse = (value: string | null, index: number) => (value === null ? null : parsers[index]?.(value))
  const read = (row: (string | null)[]) => (rowMode === 'array' ? row.map(parse) : namedRow(fields, row, parse))
  return { command: words[0] ?? '', rowCount: Number.isNaN(count) ? null : count, rows: rows.map(read) }
}

function namedRow(
  fields: readonly Field[],
  row: readonly (string | null)[],
  parse: (value: string | null, index: number) => unknown,
): Record<string, unknown> {
  const named: Record<string, unknown> = {}
  for (const [index, { name }] of fields.entries()) named[name] = parse(row[index] ?? null, index)
  return named
}
