import { datesIn } from '../../kernel/dates.ts'

export { capitalize, noonOf } from '../../kernel/dates.ts'

/** Dates in words on the teacher's pages, which are Spanish only. Other pages use `useDates()`. */
export const { weekday: weekdayName, weekdayShort } = datesIn('es')
