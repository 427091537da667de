/** Head-counts in words. Pure: the server renders with it and the browser keeps it fresh. */
export function peopleWords(people: number): string {
  return people === 1 ? '1 persona' : `${people} personas`
}

/** "2 de 3 personas. Falta una." */
export function seatsWords(taken: number, seats: number): string {
  const missing = seats - taken
  const tail = missing <= 0 ? 'Están todos.' : missing === 1 ? 'Falta una.' : `Faltan ${missing}.`
  return `${taken} de ${seats} personas. ${tail}`
}

/** "Ana", "Ana y Beto", "Ana, Beto y Caro". */
export function namesInWords(names: readonly string[]): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} y ${names.at(-1)}`
}
