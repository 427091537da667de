import { z } from 'zod'
import type { ClassType } from '../../config.ts'
import { isUuid } from '../../kernel/ids.ts'
import type { Outcome } from '../../kernel/outcome.ts'
import { refuse, succeed } from '../../kernel/outcome.ts'
import { parseInstant } from '../../kernel/zoned-time.ts'
import type { Interval } from '../academy/rules.ts'
import { FOCUS_CHARACTERS_MAX, headCount } from '../virtual-class/rules.ts'
import type { BookingOutcome } from './rules.ts'

/** What a client asks for, parsed. `price` stays as it came: an assertion checked against the server's price. */
export interface SlotRequest {
  startsAt: Date
  endsAt: Date
  classType: ClassType
  count: number
  focus: string | null
  /** Absent: whoever is free. */
  teacherId?: string
  price: unknown
}

/** What every request for a class may name. */
const TEACHER_ID = z
  .uuid()
  .nullable()
  .optional()
  .meta({ description: 'Con quién, si la academia tiene varios profesores; si falta, con cualquiera que esté libre' })

/** The documented body of `POST /api/booking`; also what the OpenAPI document says. */
export const BookingBody = z.object({
  start: z.iso.datetime({ offset: true }).meta({ description: 'Inicio, ISO 8601 con Z u offset', example: '2026-11-26T18:00:00-03:00' }),
  end: z.iso.datetime({ offset: true }).meta({ description: 'Fin, ISO 8601 con Z u offset', example: '2026-11-26T19:00:00-03:00' }),
  isGroupClass: z.boolean().optional(),
  studentsCount: z.union([z.number(), z.string()]).optional().meta({ description: '1 para individual; 2 a 5 para grupal' }),
  text: z.string().max(FOCUS_CHARACTERS_MAX).optional().meta({ description: 'Objetivo de la clase' }),
  price: z
    .union([z.number(), z.string()])
    .nullable()
    .optional()
    .meta({ description: 'Si está, tiene que ser la tarifa vigente, en pesos' }),
  teacherId: TEACHER_ID,
  preferenceId: z.string().meta({ description: 'La preferencia creada antes' }),
})
export const RescheduleBody = BookingBody.pick({ start: true, end: true })
export const CheckoutBody = BookingBody.omit({ preferenceId: true })
export const PreferenceBody = z.object({
  type: z.enum(['individual', 'grupal']),
  studentsCount: z.union([z.number(), z.string()]).optional(),
  price: z.union([z.number(), z.string()]).nullable().optional(),
  teacherId: TEACHER_ID,
})

/** Checks 3, 4 and 6 to 10 of behaviour 4.2, in that order; each answers with its own reason. */
export function parseSlotRequest(body: unknown): BookingOutcome<SlotRequest> {
  return parse(body, false)
}

/** Checks 3 to 10 of behaviour 4.2, in that order. */
export function parseBooking(body: unknown): BookingOutcome<SlotRequest & { preferenceId: string }> {
  const parsed = parse(body, true)
  if (!parsed.ok) return parsed
  return succeed({ ...parsed.value, preferenceId: String((body as Record<string, unknown>).preferenceId) })
}

function parse(body: unknown, withPreference: boolean): BookingOutcome<SlotRequest> {
  if (!isFilledObject(body)) return refuse('missing-data')
  const slot = parseSlot(body)
  if (!slot.ok && slot.reason === 'missing-dates') return refuse('missing-dates')
  if (withPreference && (typeof body.preferenceId !== 'string' || body.preferenceId.trim() === '')) return refuse('missing-preference')
  if (!slot.ok) return refuse('bad-date')
  if (body.isGroupClass !== undefined && typeof body.isGroupClass !== 'boolean') return refuse('bad-type')
  const classType = body.isGroupClass === true ? 'grupal' : 'individual'
  const count = headCount(classType, body.studentsCount)
  if (count === null) return refuse('bad-count')
  const { text } = body
  if (text !== undefined && typeof text !== 'string') return refuse('bad-text')
  // Half a surrogate pair cannot be stored: what is kept must equal what is compared later.
  const focus = text?.toWellFormed().trim() || null
  if (focus && [...focus].length > FOCUS_CHARACTERS_MAX) return refuse('long-text')
  const teacher = parseTeacher(body.teacherId)
  return teacher.ok ? succeed({ ...slot.value, classType, count, focus, ...teacher.value, price: body.price }) : teacher
}

/** Checks 4 and 6 of behaviour 4.2: where a class is to be moved. */
export function parseSlot(body: unknown): Outcome<Interval, 'missing-dates' | 'bad-date'> {
  const { start, end } = isFilledObject(body) ? body : {}
  if (isAbsent(start) || isAbsent(end)) return refuse('missing-dates')
  const startsAt = typeof start === 'string' ? parseInstant(start) : null
  const endsAt = typeof end === 'string' ? parseInstant(end) : null
  return startsAt && endsAt ? succeed({ startsAt, endsAt }) : refuse('bad-date')
}

/** Whom somebody asks for; nothing and null: anybody. */
export function parseTeacher(value: unknown): BookingOutcome<{ teacherId?: string }> {
  if (isAbsent(value)) return succeed({})
  return typeof value === 'string' && isUuid(value) ? succeed({ teacherId: value.toLowerCase() }) : refuse('unknown-teacher')
}

/** Checks 3 and 4 of behaviour 4.1. */
export function parsePreference(
  body: unknown,
): BookingOutcome<{ classType: ClassType; count: number; teacherId?: string; price: unknown }> {
  const { type, studentsCount, price, teacherId } = isFilledObject(body) ? body : {}
  if (type !== 'individual' && type !== 'grupal') return refuse('bad-type')
  const count = headCount(type, studentsCount)
  if (count === null) return refuse('bad-count')
  const teacher = parseTeacher(teacherId)
  return teacher.ok ? succeed({ classType: type, count, ...teacher.value, price }) : teacher
}

function isFilledObject(body: unknown): body is Record<string, unknown> {
  return typeof body === 'object' && body !== null && !Array.isArray(body) && Object.keys(body).length > 0
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null || value === ''
}
