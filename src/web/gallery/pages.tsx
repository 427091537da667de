import { bookingPages } from './booking-pages.tsx'
import { otherPages } from './other-pages.tsx'
import type { Sample } from './sample.ts'
import { studentPages } from './student-pages.tsx'

/** Every page in every state worth looking at. */
export const pages: readonly Sample[] = [...bookingPages, ...studentPages, ...otherPages]
