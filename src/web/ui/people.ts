import type { Locale } from '../../kernel/locale.ts'

/** Head-counts in words. Pure: the server renders with it and the browser keeps it fresh. */
export function peopleWords(people: number, locale: Locale = 'es'): string {
  if (locale === 'en') return people === 1 ? '1 person' : `${people} people`
  return people === 1 ? '1 persona' : `${people} personas`
}

/** "2 de 3 personas. Falta una." */
export function seatsWords(taken: number, seats: number, locale: Locale = 'es'): string {
  const missing = seats - taken
  if (locale === 'en') return `${taken} of ${seats} people. ${missing <= 0 ? 'Everybody is in.' : `${missing} to come.`}`
  const tail = missing <= 0 ? 'Están todos.' : missing === 1 ? 'Falta una.' : `Faltan ${missing}.`
  return `${taken} de ${seats} personas. ${tail}`
}

/** "Ana", "Ana y Beto", "Ana, Beto y Caro". */
export function namesInWords(names: readonly string[], locale: Locale = 'es'): string {
  const and = locale === 'en' ? 'and' : 'y'
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${and} ${names.at(-1)}`
}
