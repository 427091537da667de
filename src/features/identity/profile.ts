import { type Outcome, refuse, succeed } from '../../kernel/outcome.ts'
import { isZone } from '../../kernel/zoned-time.ts'

/** What a person says about themselves, parsed. Everything here is pure. */
export const NIVELES = ['inicial', 'basico', 'intermedio', 'avanzado'] as const
export type Nivel = (typeof NIVELES)[number]

/** The four fields of `/api/user-data` (behaviour 4.12). */
export interface UserData {
  localidad: string
  nivel: Nivel
  /** E.164. */
  telefono: string | null
  newsletter: 'si' | 'no'
}

export type UserDataRefusal = 'bad-localidad' | 'bad-nivel' | 'bad-telefono' | 'bad-newsletter'

const LOCALIDAD_CHARACTERS_MAX = 40
const NAME_CHARACTERS_MAX = 80

/** Checks 2 to 5 of behaviour 4.12, in that order. */
export function parseUserData(body: unknown): Outcome<UserData, UserDataRefusal> {
  const { localidad, nivel, telefono, newsletter } = isObject(body) ? body : {}
  const place = localidadOf(localidad)
  if (place === null) return refuse('bad-localidad')
  if (!isOneOf(NIVELES, nivel)) return refuse('bad-nivel')
  const phone = telefonoOf(telefono)
  if (!phone) return refuse('bad-telefono')
  if (newsletter !== 'si' && newsletter !== 'no') return refuse('bad-newsletter')
  return succeed({ localidad: place, nivel, telefono: phone.number, newsletter })
}

/** 1–40 letters, digits, spaces and the signs that names of places have, with a letter among them, or "-"; null for anything else. */
export function localidadOf(value: unknown): string | null {
  if (typeof value !== 'string') return null
  const text = value.normalize('NFC').trim().replace(/ +/g, ' ')
  if (text === '-') return text
  return /^(?=.*\p{L})[\p{L}\p{M}\p{Nd} ,.'’()-]+$/u.test(text) && [...text].length <= LOCALIDAD_CHARACTERS_MAX ? text : null
}

/** E.164 with spaces and hyphens taken out; an empty one is no number, null is none that could be one. */
export function telefonoOf(value: unknown): { number: string | null } | null {
  if (value === undefined || value === null) return { number: null }
  if (typeof value !== 'string') return null
  const number = value.replace(/[\s-]/g, '')
  if (number === '') return { number: null }
  return /^\+[0-9]{8,15}$/.test(number) ? { number } : null
}

/** What others are to call somebody; empty: the name that Google knows. Null for what is no name. */
export function displayNameOf(value: string): string | null {
  const text = value.normalize('NFC').trim().replace(/\s+/g, ' ')
  if (text === '') return text
  const isName = /\p{L}/u.test(text) && !/[\p{C}<>]/u.test(text) && [...text].length <= NAME_CHARACTERS_MAX
  return isName ? text : null
}

/** A zone by its IANA name, as this runtime and every browser know it; empty: the one of each browser. */
export function zoneOf(value: string): { zone: string | null } | null {
  if (value === '') return { zone: null }
  return /^[A-Za-z][A-Za-z0-9_+/-]{0,63}$/.test(value) && isZone(value) ? { zone: value } : null
}

export function isOneOf<T extends string>(list: readonly T[], value: unknown): value is T {
  return list.some((each) => each === value)
}

function isObject(body: unknown): body is Record<string, unknown> {
  return typeof body === 'object' && body !== null && !Array.isArray(body)
}
