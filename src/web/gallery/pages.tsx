import { activityPages } from './activity-pages.tsx'
import { adminActivityPages } from './admin-activity-pages.tsx'
import { billingPages } from './billing-pages.tsx'
import { bookingPages } from './booking-pages.tsx'
import { calendarPages } from './calendar-pages.tsx'
import { otherPages } from './other-pages.tsx'
import { passPages } from './pass-pages.tsx'
import { progressPages } from './progress-pages.tsx'
import { publicPages } from './public-pages.tsx'
import { recordPages } from './record-pages.tsx'
import type { Sample } from './sample.ts'
import { settingsPages } from './settings-pages.tsx'
import { studentPages } from './student-pages.tsx'
import { supportPages } from './support-pages.tsx'
import { teacherPages } from './teacher-pages.tsx'

export { htmlOf } from './html.tsx'

/** Every page in every state worth looking at. */
export const pages: readonly Sample[] = [
  ...bookingPages,
  ...calendarPages,
  ...studentPages,
  ...passPages,
  ...activityPages,
  ...adminActivityPages,
  ...progressPages,
  ...recordPages,
  ...billingPages,
  ...settingsPages,
  ...otherPages,
  ...supportPages,
  ...teacherPages,
  ...publicPages,
]

/** The teacher's pages and the API's have no other language. */
export function isSpanishOnly(sample: Sample): boolean {
  return /^(admin|api|profe(-|$))/.test(sample.name)
}
