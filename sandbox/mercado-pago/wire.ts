export type Json = Record<string, unknown>

/** Writes an instant as the provider does: ISO 8601 with milliseconds and the offset -04:00 (not Argentina's -03:00). */
export function wireDate(instant: Date | string): string {
  const shifted = new Date(new Date(instant).getTime() - 4 * 3_600_000)
  return shifted.toISOString().replace('Z', '-04:00')
}

export const wireDateOrNull = (instant: string | null): string | null => (instant === null ? null : wireDate(instant))

const ISO_WITH_OFFSET = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2})$/

/** Reads ISO 8601 with an offset; anything else is null. */
export function parseWireDate(value: unknown): Date | null {
  if (typeof value !== 'string' || !ISO_WITH_OFFSET.test(value)) return null
  const instant = new Date(value)
  return Number.isNaN(instant.getTime()) ? null : instant
}

/** Rounds to 2 decimals, HALF_UP on the decimal digits (1.005 is 1.01, which binary arithmetic alone gets wrong). */
export function roundHalfUp(amount: number): number {
  const shifted = Number(`${Math.abs(amount)}e2`)
  const cents = Number.isNaN(shifted) ? Math.round(Math.abs(amount) * 100) : Math.round(shifted)
  return (Math.sign(amount) * cents) / 100
}

const NESTING_MAX = 10

/** Converts the keys of metadata to snake_case at every depth, as the payment shows them. */
export function snakeCaseKeys(value: unknown, depth = 0): unknown {
  if (depth >= NESTING_MAX || value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map((entry) => snakeCaseKeys(entry, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [snakeCase(key), snakeCaseKeys(entry, depth + 1)]))
}

const snakeCase = (key: string): string => key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()

export const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
export const objectOf = (value: unknown): Json => (isObject(value) ? value : {})
export const listOf = (value: unknown): unknown[] => (Array.isArray(value) ? value : [])
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '')
