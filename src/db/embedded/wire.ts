import pg from 'pg'

/** A column of an answer. */
export interface Field {
  name: string
  type: number
}

/** What a statement said, still as text. A simple query may hold several statements: one answer each. */
export interface Answer {
  fields: readonly Field[]
  rows: (string | null)[][]
  /** "INSERT 0 3" */
  tag: string
}

export interface Exchange {
  answers: Answer[]
  /** Columns of a statement that was prepared; null when none was. */
  prepared: readonly Field[] | null
  error: Error | null
  notifications: { channel: string; payload: string }[]
}

const FIRST_BYTES = 16 * 1024
const TEXT = 0
const BINARY = 1
const NULL = -1

/** Messages to the database, one after the other in one piece of memory. */
export class Outgoing {
  private bytes = Buffer.allocUnsafe(FIRST_BYTES)
  private at = 0
  private begun = 0

  /** Text of one or more statements without parameters. */
  query(text: string): this {
    return this.begin('Q').text(text).end()
  }

  /** Plans a statement under this name, and asks for its columns. */
  prepare(name: string, text: string): this {
    this.begin('P').text(name).text(text).int16(0).end()
    return this.begin('D').letter('S').text(name).end()
  }

  run(name: string, parameters: readonly Parameter[]): this {
    this.begin('B').text('').text(name).int16(parameters.length)
    for (const parameter of parameters) this.int16(Buffer.isBuffer(parameter) ? BINARY : TEXT)
    this.int16(parameters.length)
    for (const parameter of parameters) {
      if (parameter === null) this.int32(NULL)
      else this.sized(parameter)
    }
    this.int16(0).end()
    return this.begin('E').text('').int32(0).end()
  }

  forget(name: string): this {
    return this.begin('C').letter('S').text(name).end()
  }

  sync(): this {
    return this.begin('S').end()
  }

  /** All messages since the last time. They are overwritten by the next ones. */
  take(): Uint8Array {
    const taken = this.bytes.subarray(0, this.at)
    this.at = 0
    return taken
  }

  /** So many bytes wait to be taken. */
  get size(): number {
    return this.at
  }

  /** Forgets what was written since there were so many. */
  cut(size: number): void {
    this.at = size
  }

  private begin(letter: string): this {
    this.letter(letter)
    this.begun = this.at
    return this.int32(0)
  }

  private end(): this {
    this.bytes.writeInt32BE(this.at - this.begun, this.begun)
    return this
  }

  private letter(letter: string): this {
    this.reserve(1)
    this.bytes[this.at++] = letter.charCodeAt(0)
    return this
  }

  private int16(value: number): this {
    this.reserve(2)
    // Counts go up to 65535.
    this.at = this.bytes.writeUInt16BE(value, this.at)
    return this
  }

  private int32(value: number): this {
    this.reserve(4)
    this.at = this.bytes.writeInt32BE(value, this.at)
    return this
  }

  private text(value: string): this {
    this.reserve(value.length * 3 + 1)
    this.at += this.bytes.write(value, this.at)
    this.bytes[this.at++] = 0
    return this
  }

  private sized(value: string | Buffer): this {
    const size = typeof value === 'string' ? Buffer.byteLength(value) : value.length
    this.reserve(size + 4)
    this.int32(size)
    this.at += typeof value === 'string' ? this.bytes.write(value, this.at) : value.copy(this.bytes, this.at)
    return this
  }

  private reserve(size: number): void {
    if (this.at + size <= this.bytes.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.at + size))
    this.bytes.copy(larger, 0, 0, this.at)
    this.bytes = larger
  }
}

/** A value as it is sent: text, bytes, or NULL. */
export type Parameter = string | Buffer | null

/** A value as the database reads it, like node-postgres writes it. */
export function parameterOf(value: unknown): Parameter {
  switch (typeof value) {
    case 'string':
      return value
    case 'undefined':
      return null
    case 'object':
      if (value === null) return null
      if (value instanceof Date) return value.toISOString()
      if (Buffer.isBuffer(value)) return value
      if (value instanceof Uint8Array) return Buffer.from(value.buffer, value.byteOffset, value.byteLength)
      return Array.isArray(value) ? listOf(value) : JSON.stringify(value)
    default:
      return String(value)
  }
}

function listOf(values: readonly unknown[]): string {
  return `{${values.map((value) => (Array.isArray(value) ? listOf(value) : elementOf(value))).join(',')}}`
}

function elementOf(value: unknown): string {
  const parameter = parameterOf(value)
  if (parameter === null) return 'NULL'
  const text = Buffer.isBuffer(parameter) ? `\\x${parameter.toString('hex')}` : parameter
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** Reads everything that came back. `known`: the columns of a statement that was prepared before. */
export function readExchange(given: Uint8Array, known: readonly Field[] | null): Exchange {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength)
  const exchange: Exchange = { answers: [], prepared: null, error: null, notifications: [] }
  let fields: readonly Field[] = known ?? []
  let rows: Answer['rows'] = []
  for (let at = 0; at < bytes.length; ) {
    const size = bytes.readInt32BE(at + 1)
    const from = at + 5
    const to = at + 1 + size
    switch (bytes[at]) {
      case LETTER.row:
        rows.push(rowOf(bytes, from))
        break
      case LETTER.columns:
        fields = columnsOf(bytes, from)
        exchange.prepared = fields
        break
      case LETTER.noColumns:
        fields = []
        exchange.prepared = fields
        break
      case LETTER.complete:
        exchange.answers.push({ fields, rows, tag: bytes.toString('latin1', from, to - 1) })
        fields = known ?? []
        rows = []
        break
      case LETTER.nothing:
        exchange.answers.push({ fields: [], rows: [], tag: '' })
        break
      case LETTER.error:
        exchange.error ??= errorOf(bytes, from, to)
        break
      case LETTER.notification: {
        const [channel = '', payload = ''] = bytes.toString('utf8', from + 4, to).split('\0')
        exchange.notifications.push({ channel, payload })
      }
    }
    at = to
  }
  return exchange
}

const LETTER = {
  row: 0x44, // D
  columns: 0x54, // T
  noColumns: 0x6e, // n
  complete: 0x43, // C
  nothing: 0x49, // I
  error: 0x45, // E
  notification: 0x41, // A
}

function rowOf(bytes: Buffer, from: number): (string | null)[] {
  const count = bytes.readInt16BE(from)
  const row = new Array<string | null>(count)
  let at = from + 2
  for (let index = 0; index < count; index++) {
    const size = bytes.readInt32BE(at)
    at += 4
    if (size === NULL) row[index] = null
    else {
      row[index] = bytes.toString('utf8', at, at + size)
      at += size
    }
  }
  return row
}

/** Bytes of a column after its name: table, number, type, size, modifier, format. */
const TYPE_AT = 6
const COLUMN_BYTES = 18

function columnsOf(bytes: Buffer, from: number): Field[] {
  let at = from + 2
  return Array.from({ length: bytes.readInt16BE(from) }, () => {
    const end = bytes.indexOf(0, at)
    const name = bytes.toString('utf8', at, end)
    const type = bytes.readInt32BE(end + 1 + TYPE_AT)
    at = end + 1 + COLUMN_BYTES
    return { name, type }
  })
}

const ERROR_PARTS: Record<string, keyof pg.DatabaseError> = {
  S: 'severity',
  C: 'code',
  D: 'detail',
  H: 'hint',
  P: 'position',
  W: 'where',
  s: 'schema',
  t: 'table',
  c: 'column',
  d: 'dataType',
  n: 'constraint',
  R: 'routine',
}

/** The error that node-postgres would throw. */
function errorOf(bytes: Buffer, from: number, to: number): Error {
  const parts = new Map<string, string>()
  for (const part of bytes.toString('utf8', from, to).split('\0')) if (part) parts.set(part.charAt(0), part.slice(1))
  const error = new pg.DatabaseError(parts.get('M') ?? 'The database failed', to - from, 'error')
  for (const [letter, name] of Object.entries(ERROR_PARTS)) {
    const value = parts.get(letter)
    if (value !== undefined) Object.assign(error, { [name]: value })
  }
  return error
}
