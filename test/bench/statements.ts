import type { Sent } from './inside.ts'

/** A value that differs from one transaction to the next, and how pgbench makes it. */
export interface Varying {
  value: string
  /** SQL that is a text. */
  text: string
  /** SQL of the type that the statement wants. */
  typed: string
}

/** The statements as a script of pgbench: what varies is computed, everything else stands there as it was sent. */
export function pgbenchScript(sent: readonly Sent[], varying: readonly Varying[], preamble: readonly string[]): string {
  const lines = sent.map(({ text, values }) => {
    const filled = text.replace(/\$(\d+)/g, (_, number: string) => literal(values[Number(number) - 1], varying))
    return `${filled.replace(/\s+/g, ' ').trim().replace(/;$/, '')};`
  })
  return [...preamble, ...lines, ''].join('\n')
}

function literal(value: unknown, varying: readonly Varying[]): string {
  if (value === null || value === undefined) return 'NULL'
  const text = textOf(value)
  const same = varying.find((candidate) => candidate.value === text)
  if (same) return same.typed
  const part = varying.find((candidate) => candidate.value.length > 8 && text.includes(candidate.value))
  if (part) {
    const [before = '', after = ''] = text.split(part.value)
    return `(${quoted(before)} || ${part.text} || ${quoted(after)})`
  }
  return quoted(text)
}

function textOf(value: unknown): string {
  if (value instanceof Date) return value.toISOString()
  if (Array.isArray(value)) return `{${value.map(String).join(',')}}`
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** pgbench takes a colon with letters after it for one of its variables. */
function quoted(text: string): string {
  const escaped = text.replaceAll("'", "''")
  return text.includes(':')
    ? `(${`'${escaped.replaceAll(':', "' || chr(58) || '")}'`})${isInstant(text) ? '::timestamptz' : ''}`
    : `'${escaped}'`
}

function isInstant(text: string): boolean {
  return /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(text)
}
