import type { CancelReason, ClassStatus } from '../../db/tables.ts'

/** Longer searches are cut: nobody remembers more of a class. */
export const SEARCH_CHARACTERS_MAX = 80
const WORDS_MAX = 8

/** What one word of a search may stand for; a class fits when every word fits in at least one way. */
export interface SearchWord {
  /** Without accents and capitals, to be looked for in objectives and names. */
  text: string
  statuses: ClassStatus[]
  reasons: CancelReason[]
  types: ('individual' | 'grupal')[]
  /** A part of the Argentine date; null when the word is none. `weekday`: 1 is Monday. */
  date: { day?: number; month?: number; year?: number; weekday?: number } | null
}

const STATUS_WORDS: Partial<Record<ClassStatus, string>> = {
  scheduled: 'reservada confirmada scheduled booked confirmed',
  completed: 'completada finalizada completed',
  cancelled: 'cancelada cancelled canceled',
}

/** The reasons as pages write them, in both languages. */
const REASON_WORDS: Record<CancelReason, string> = {
  hold_expired: 'reserva vencida sin pago hold booking expired unpaid without payment',
  payment_rejected: 'pago rechazado payment rejected',
  host_cancelled: 'cancelada por el anfitrion liberada vos cancelled by the host released you',
  admin_cancelled: 'cancelada por el profesor cancelled by the teacher',
  payment_refunded: 'pago reembolsado devuelto payment refunded',
  booking_failed: 'no se pudo iniciar el pago the payment could not be started',
  event_failed: 'no se pudo preparar la clase the class could not be prepared',
}

const TYPE_WORDS = { individual: 'individual', grupal: 'grupal group' } as const

const MONTHS = [
  'enero january',
  'febrero february',
  'marzo march',
  'abril april',
  'mayo may',
  'junio june',
  'julio july',
  'agosto august',
  'septiembre setiembre september',
  'octubre october',
  'noviembre november',
  'diciembre december',
]
const WEEKDAYS = [
  'lunes monday',
  'martes tuesday',
  'miercoles wednesday',
  'jueves thursday',
  'viernes friday',
  'sabado saturday',
  'domingo sunday',
]

/** Words that say nothing by themselves: "26 de noviembre", "con Mateo". */
const FILLERS = new Set('a al con de del el en la las los y hs h of on the with'.split(' '))
/** A beginning this long stands for a known word: "cancel", "nov". */
const BEGINNING_CHARACTERS = 3

/** What somebody typed, word by word; nothing typed is no word. */
export function parseSearch(typed: string): SearchWord[] {
  const words = fold(typed.slice(0, SEARCH_CHARACTERS_MAX))
    .split(/\s+/)
    .filter((word) => word !== '' && !FILLERS.has(word))
  return [...new Set(words)].slice(0, WORDS_MAX).map((text) => ({
    text,
    statuses: keysOf(STATUS_WORDS, text),
    reasons: keysOf(REASON_WORDS, text),
    types: keysOf(TYPE_WORDS, text),
    date: dateOf(text),
  }))
}

function keysOf<Key extends string>(words: Partial<Record<Key, string>>, typed: string): Key[] {
  return (Object.keys(words) as Key[]).filter((key) => says(words[key] ?? '', typed))
}

function says(known: string, typed: string): boolean {
  return known.split(' ').some((word) => word === typed || (typed.length >= BEGINNING_CHARACTERS && word.startsWith(typed)))
}

/** "26/11", "26-11-2026", "2026-11-26", "11/2026", "26", "2026", "noviembre", "jue". */
function dateOf(word: string): SearchWord['date'] {
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(word)
  if (iso) return { year: Number(iso[1]), month: Number(iso[2]), day: Number(iso[3]) }
  const day = /^(\d{1,2})[/-](\d{1,2})(?:[/-](\d{2}|\d{4}))?$/.exec(word)
  if (day) return { day: Number(day[1]), month: Number(day[2]), ...(day[3] ? { year: fullYear(day[3]) } : {}) }
  const month = /^(\d{1,2})[/-](\d{4})$/.exec(word)
  if (month) return { month: Number(month[1]), year: Number(month[2]) }
  if (/^\d{1,2}$/.test(word)) return { day: Number(word) }
  if (/^2\d{3}$/.test(word)) return { year: Number(word) }
  const named = MONTHS.findIndex((names) => says(names, word))
  if (named >= 0) return { month: named + 1 }
  const weekday = WEEKDAYS.findIndex((names) => says(names, word))
  return weekday >= 0 ? { weekday: weekday + 1 } : null
}

function fullYear(digits: string): number {
  return digits.length === 2 ? 2000 + Number(digits) : Number(digits)
}

/**
 * Letters without their accents, for `translate(lower(…), from, to)` in SQL and for `fold` here, so that both sides agree by construction.
 * Capitals are part of it, because `lower` knows only a–z in some databases; the marks at the end of `from` have no partner and are dropped.
 * Only what people here write: the map is walked through for every letter.
 */
export const FOLDING: { from: string; to: string } = foldingOf()
const FOLDED = new Map(Array.from(FOLDING.from, (letter, index) => [letter, FOLDING.to[index] ?? '']))

/** Without accents and capitals: "Núñez" and "nunez" are the same word. */
export function fold(text: string): string {
  return Array.from(text.replaceAll('\0', ''), (letter) => FOLDED.get(letter) ?? letter.toLowerCase()).join('')
}

function foldingOf(): { from: string; to: string } {
  let from = ''
  let to = ''
  for (let code = 0xc0; code <= 0x17f; code++) {
    const letter = String.fromCodePoint(code)
    const plain = letter.normalize('NFD').charAt(0).toLowerCase()
    if (!/[a-z]/.test(plain)) continue
    from += letter
    to += plain
  }
  for (let mark = 0x300; mark <= 0x328; mark++) from += String.fromCodePoint(mark)
  return { from, to }
}
