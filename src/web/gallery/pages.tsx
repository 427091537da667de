import type { Sample } from './main.ts'
import { studentPages } from './student-pages.tsx'

/** Every page in every state worth looking at. */
export const pages: readonly Sample[] = [...studentPages]
