import { randomBytes, randomInt, randomUUID } from 'node:crypto'

/** Source of identifiers and chance. Injected, so that a seeded run repeats itself. */
export interface Ids {
  /** A random UUID (version 4). */
  uuid(): string
  /** An unguessable URL-safe secret of `bytes` random bytes (256 bits by default). */
  secret(bytes?: number): string
  /** A whole number in [0, below). */
  number(below: number): number
}

export const systemIds: Ids = {
  uuid: () => randomUUID(),
  secret: (bytes = 32) => randomBytes(bytes).toString('base64url'),
  number: (below) => randomInt(below),
}

const CODE_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
export const CODE_LENGTH = 8

/** Eight characters of A–Z0–9, drawn from `ids` (behaviour D18). */
export function drawAccessCode(ids: Ids): string {
  return drawCode(ids, CODE_LENGTH)
}

/** `length` characters of A–Z0–9, drawn from `ids`. */
export function drawCode(ids: Ids, length: number): string {
  let code = ''
  for (let i = 0; i < length; i++) code += CODE_ALPHABET[ids.number(CODE_ALPHABET.length)]
  return code
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Whether a part of an address can be the id of anything: the database takes nothing else. */
export function isUuid(text: string): boolean {
  return UUID.test(text)
}
